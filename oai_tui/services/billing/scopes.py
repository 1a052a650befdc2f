"""What is known of limits and alerts, scope by scope, and how it is remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec

from oai_tui.core.keys import Project
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.services.snapshots import Snapshots

NAME = "limits"

ORGANIZATION = ""


class Subject(StrEnum):
    """What is asked for; the values are the words for one of the organization."""

    LIMIT = "the spend limit"
    ALERTS = "the spend alerts"
    PROJECTS = "the names of the projects"

    @property
    def of_all(self) -> str:
        """The words for it in every project."""
        return _OF_PROJECTS[self][2]

    def of(self, number: int) -> str:
        """Return the words for it in so many projects."""
        one, many, _ = _OF_PROJECTS[self]
        return one if number == 1 else many.format(number)


_NAMES = ("the names of the projects",) * 3
_OF_PROJECTS = {
    Subject.LIMIT: ("the limit of a project", "{} limits of projects", "the limits of projects"),
    Subject.ALERTS: (
        "the alerts of a project",
        "the alerts of {} projects",
        "the alerts of projects",
    ),
    Subject.PROJECTS: _NAMES,
}

Place = tuple[Subject, str]
"""What of whom; "" is the organization."""


@dataclass(slots=True)
class Scope:
    """What is known of the organization or a project, and when it was asked for."""

    limit: SpendLimit | None = None
    limit_at: datetime | None = None
    alerts: tuple[SpendAlert, ...] = ()
    alerts_at: datetime | None = None


@dataclass(slots=True)
class Book:
    """Everything that is remembered."""

    projects: tuple[Project, ...] = ()
    projects_at: datetime | None = None
    scopes: dict[str, Scope] = field(default_factory=dict)


def recalled(snapshots: Snapshots) -> Book:
    """Return what the last run remembered, nothing where that cannot be read."""
    found = snapshots.get(NAME)
    try:
        book = msgspec.json.decode(found[0], type=Book) if found else Book()
    except (msgspec.MsgspecError, ValueError):
        return Book()
    amounts = [scope.limit.amount for scope in book.scopes.values() if scope.limit]
    amounts += [alert.amount for scope in book.scopes.values() for alert in scope.alerts]
    return book if all(amount.dollars.is_finite() for amount in amounts) else Book()
