"""What the commands for keys share: the list with its progress, and finding the key meant."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import click

from oai_tui.cli.root import setup_from
from oai_tui.cli.telling import Misused, problems_told
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
            return await work(session)

    with problems_told():
        return asyncio.run(run())


def changing(context: click.Context) -> None:
    """Refuse a command that changes something where that is switched off."""
    with problems_told():
        if setup_from(context).read_only:
            raise WrongInput(
                "Read-only: nothing is changed here.", "Run it without --read-only for that."
            )


def sure(question: str, yes: bool) -> None:
    """Go on only with a yes: typed on a terminal, or given as --yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Misused(WrongInput("Nobody can be asked here.", "Say --yes to do it."))
    click.confirm(question, abort=True, err=True)


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


def progress(text: str) -> None:
    """Write over the line on standard error, where it is a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)


async def meant(session: Session, words: Iterable[str]) -> list[EstateRow]:
    """Return the keys with these ids or names, each once. Raises WrongInput for any other word."""
    known = await whole(session, archived=True)
    setup = session.setup
    rows = {row.id: row for row in known.rows(setup.clock(), setup.thresholds)}
    found: dict[str, EstateRow] = {}
    for word in words:
        key = _one(word, [row.key for row in rows.values() if row.key.is_live])
        found[key.id] = rows[key.id]
    return list(found.values())


def _one(word: str, keys: list[ApiKey]) -> ApiKey:
    from oai_tui.core.text import clean

    same_id = [key for key in keys if key.id == word]
    same_name = [key for key in keys if key.name == word]
    if len(same_id) == 1:
        return same_id[0]
    if len(same_name) == 1:
        return same_name[0]
    shown = clean(word, 60)
    if same_name:
        ids = ", ".join(key.id for key in same_name)
        raise WrongInput(f"{len(same_name)} keys are called {shown}: {ids}.", "Give the id.")
    raise WrongInput(f"There is no key {shown}.", "oai-tui keys list shows all.")


def _waiting(seconds: float, why: str) -> None:
    if seconds >= 1:
        progress(f"{why} Again in {seconds:.0f} s.")
