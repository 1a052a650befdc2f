"""From the words of a command to the order for a key."""

from __future__ import annotations

from collections.abc import Sequence

from oai_tui.api import keys as api
from oai_tui.api.client import Client
from oai_tui.api.projects import projects
from oai_tui.core.creation import CreationKind
from oai_tui.core.errors import WrongInput
from oai_tui.core.keys import Project, ServiceAccount
from oai_tui.core.text import clean
from oai_tui.services.creation import Order

MOST_NAMED = 12
"""Names that are offered for one that is not there."""


async def order_of(
    client: Client,
    kind: CreationKind,
    name: str,
    *,
    project: str = "",
    account: str = "",
    expires_in: int | None = None,
    scopes: tuple[str, ...] = (),
) -> Order:
    """Return an order with the ids of the project and account that are given by id or name.

    Raises WrongInput for one that is not there or is not the only one and for a name that cannot be
    seen whole, and ApiProblem.
    """
    name = name.strip()
    if clean(name) != name:
        raise WrongInput("A name has only visible characters.", "Choose another.")
    if kind is CreationKind.ADMIN_KEY:
        return Order(kind, name, expires_in=expires_in, scopes=scopes)
    project_id = _the_one("project", project, await projects(client))
    account_id = None
    if kind is CreationKind.SERVICE_ACCOUNT_KEY:
        there = await api.service_accounts(client, project_id)
        account_id = _the_one("service account", account, there)
    return Order(kind, name, project_id, account_id, expires_in, scopes)


def _the_one(what: str, word: str, known: Sequence[Project | ServiceAccount]) -> str:
    shown = clean(word, 60)
    if any(each.id == word for each in known):
        return word
    named = [each.id for each in known if each.name == word]
    if len(named) == 1:
        return named[0]
    if named:
        raise WrongInput(
            f"{len(named)} {what}s are called {shown}.", f"Give the id of one: {', '.join(named)}."
        )
    names = ", ".join(each.name or each.id for each in known[:MOST_NAMED]) or "none"
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    raise WrongInput(f"There is no {what} “{shown}”.", f"There are: {names}{more}.")
