"""What the commands for keys share: the list with its progress, and finding the key meant."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

import click

from oai_tui.cli.root import setup_from
from oai_tui.cli.telling import problems_told, progress, say
from oai_tui.core.errors import WrongInput

if TYPE_CHECKING:
    from oai_tui.core.estate import EstateRow
    from oai_tui.core.keys import ApiKey
    from oai_tui.services.inventory import Inventory
    from oai_tui.services.session import Session

T = TypeVar("T")


def with_session(context: click.Context, work: Callable[[Session], Awaitable[T]]) -> T:
    """Do something in a session of the key that is kept; problems are told and end the command."""
    import asyncio

    from oai_tui.services.headless import signed_in

    async def run() -> T:
        async with signed_in(setup_from(context), _waiting) as session:
            if session.trouble and session.rotator:
                say(session.trouble)
            return await work(session)

    with problems_told():
        try:
            return asyncio.run(run())
        finally:
            progress("")


def changing(context: click.Context) -> None:
    """Refuse a command that changes something where that is switched off."""
    with problems_told():
        if setup_from(context).read_only:
            raise WrongInput(
                "Read-only: nothing is changed here.", "Run it without --read-only for that."
            )


async def whole(session: Session, *, archived: bool = False) -> Inventory:
    """Return the list read anew, with its progress on standard error where that is a terminal."""
    from oai_tui.services import inventory

    known = inventory.Inventory()
    wants = inventory.Wants(archived=archived)
    async for known in inventory.load(
        session.client, session.cache, session.setup.clock, wants=wants
    ):
        if not known.from_cache:
            progress(f"reading {known.read} of {known.to_read}")
    progress("")
    return known


async def meant(session: Session, words: Iterable[str]) -> list[EstateRow]:
    """Return the keys with these ids or names, each once. Raises WrongInput for any other word."""
    known = await whole(session, archived=True)
    setup = session.setup
    rows = {row.id: row for row in known.rows(setup.clock(), setup.thresholds)}
    living = [row.key for row in rows.values() if row.key.is_live]
    # Where a part of the list is missing, a name found once may be there twice.
    found = dict.fromkeys(_one(word, living, is_whole=not known.gaps) for word in words)
    return [rows[id] for id in found]


def named(rows: Sequence[EstateRow]) -> str:
    """Return which keys are meant, as part of a question."""
    texts = [title(row.key) for row in rows]
    return texts[0] if len(texts) == 1 else f"{len(texts)} keys: {', '.join(texts)}"


def title(key: ApiKey) -> str:
    """Return a key by its name and its id, as names are not unique."""
    return f"{key.name} ({key.id})" if key.name else key.id


def _one(word: str, keys: Sequence[ApiKey], *, is_whole: bool) -> str:
    from oai_tui.core.text import clean

    if any(key.id == word for key in keys):
        return word
    ids = [key.id for key in keys if key.name == word and word]
    shown = clean(word, 60)
    if len(ids) > 1:
        raise WrongInput(f"{len(ids)} keys are called {shown}: {', '.join(ids)}.", "Give the id.")
    if ids and is_whole:
        return ids[0]
    if ids:
        raise WrongInput(
            f"Not all keys could be read, so there may be another {shown} than {ids[0]}.",
            "Give the id.",
        )
    raise WrongInput(f"There is no key “{shown}”.", "oai-tui keys list shows all.")


def _waiting(seconds: float, why: str) -> None:
    if seconds >= 1:
        progress(f"{why} Again in {seconds:.0f} s.")
