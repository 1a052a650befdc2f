"""Whose brakes are meant: the organization's, or those of a project by its id or name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import click

from oai_tui.cli.billing_reading import bill
from oai_tui.core.errors import WrongInput
from oai_tui.core.text import clean

if TYPE_CHECKING:
    from oai_tui.core.keys import Project
    from oai_tui.core.pace import Pace
    from oai_tui.services.billing import ProjectSpend, Statement
    from oai_tui.services.session import Session

    P = TypeVar("P", Project, ProjectSpend)

project_option = click.option(
    "--project", metavar="P", help="A project, by id or name; the organization without it."
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The organization (`id` and `name` "") or a project, and what it spent this month.

    `spent` are dollars up to `today`, the UTC day the costs were read on; None is not known.
    """

    id: str
    name: str
    spent: Decimal | None
    pace: Pace | None
    today: date


async def scope_meant(session: Session, word: str | None) -> Scope:
    """Return the scope a word names, also of a project made a moment ago. Raises WrongInput."""
    statement = await bill(session)
    if word is not None and not _meant(statement.projects, word):
        statement = await bill(session, fresh=True)
    return scope_of(statement, word)


def scope_of(statement: Statement, word: str | None) -> Scope:
    """Return the scope a word names, without one the organization. Raises WrongInput."""
    cycle = statement.cycle
    today = cycle.today if cycle else statement.now.date()
    # Costs of another hour may lie below what is spent by now: that is not knowing.
    is_told = cycle is not None and cycle.is_reported and not statement.from_cache
    if word is None:
        spent = cycle.spent if cycle and is_told else None
        return Scope("", "", spent, statement.pace, today)
    found = named(statement.projects, word)
    if found.is_archived:
        raise WrongInput(f"The project {found.name} is archived.", "Nothing of it can be changed.")
    return Scope(found.id, found.name, found.spent if is_told else None, found.pace, today)


def named(projects: Iterable[P], word: str) -> P:
    """Return the project with an id or a name. Raises WrongInput for none, and for several."""
    found = _meant(projects, word)
    shown = clean(word, 60)
    if not found:
        way_out = "oai-tui costs --group project lists those that cost anything."
        raise WrongInput(f"There is no project “{shown}”.", way_out)
    if len(found) > 1:
        ids = ", ".join(each.id for each in found)
        raise WrongInput(f"{len(found)} projects are called {shown}: {ids}.", "Give the id.")
    return found[0]


def _meant(projects: Iterable[P], word: str) -> list[P]:
    known = [each for each in projects if each.id]
    found = [each for each in known if each.id == word]
    found = found or [each for each in known if each.name == word and word]
    # Those of the same name are told apart by their ids behind it.
    return found or [each for each in known if each.name.startswith(f"{word} (") and word]
