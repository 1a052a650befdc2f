"""The names behind the ids of a table, asked for only where they are not remembered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from oai_tui.api import projects as projects_api
from oai_tui.core.errors import ApiProblem
from oai_tui.core.kinds import Dimension
from oai_tui.services import inventory
from oai_tui.services.directory import learn_members

if TYPE_CHECKING:
    from oai_tui.services.session import Session

NAMED = (Dimension.PROJECT, Dimension.KEY, Dimension.USER)
"""What has names besides its ids."""

YOUNG = timedelta(hours=1)
"""How old the list of keys may be: what it does not have then was deleted before."""

Progress = Callable[[int, int], None]


async def learn_names(
    session: Session, wanted: Mapping[Dimension, Collection[str]], on_progress: Progress
) -> tuple[str, ...]:
    """Let the directory know the names of some ids; return a sentence for what was not read.

    What the list of keys last said is enough where it has all of them: reading it anew takes a
    request for every project.
    """
    known = inventory.remembered(session.cache)
    if known:
        _learn(session, known)
    unknown = _unknown(wanted, known)
    if known and known.as_of and session.setup.clock() - known.as_of < YOUNG:
        unknown.discard(Dimension.KEY)
    try:
        if Dimension.KEY in unknown:
            async for known in inventory.load(session.client, session.cache, session.setup.clock):
                on_progress(known.read, known.to_read)
            if known:
                _learn(session, known)
            return ()
        if Dimension.PROJECT in unknown:
            projects = await projects_api.projects(session.client, archived=True)
            session.directory.learn_estate(projects, ())
        if Dimension.USER in unknown:
            await learn_members(session.client, session.directory)
    except ApiProblem as problem:
        return (f"Not all names could be read. {problem.what}",)
    return ()


def _learn(session: Session, known: inventory.Inventory) -> None:
    session.directory.learn_estate(known.projects, known.keys, known.former)
    session.directory.learn_users(known.members)


def _unknown(
    wanted: Mapping[Dimension, Collection[str]], known: inventory.Inventory | None
) -> set[Dimension]:
    found: dict[Dimension, set[str]] = {dimension: {""} for dimension in NAMED}
    if known:
        found[Dimension.PROJECT] |= {project.id for project in known.projects}
        found[Dimension.USER] |= {*known.members, *(each.id for each in known.accounts)}
        # Deleted keys have no name anywhere: asking again would not bring one.
        found[Dimension.KEY] |= {
            key.id for keys in (known.keys, known.former, known.deleted) for key in keys
        }
    return {each for each, ids in wanted.items() if each in found and not found[each] >= set(ids)}
