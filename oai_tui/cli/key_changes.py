"""Changing and revoking keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import click

from oai_tui.cli.asking import sure, unbroken
from oai_tui.cli.estate import changing, meant, named, title, with_session
from oai_tui.cli.keys import keys
from oai_tui.cli.options import scopes_of, scopes_option, yes_option
from oai_tui.cli.telling import say, tell
from oai_tui.core.errors import Problem, WrongInput

if TYPE_CHECKING:
    from oai_tui.core.estate import EstateRow
    from oai_tui.services.changing import KeyChange
    from oai_tui.services.session import Session

RECENT = 86_400
"""Seconds since a use after which a key still counts as in use."""


@keys.command(short_help="Give keys another expiry or other scopes.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--expires", metavar="WHEN", help="From now: 90d, 12w or 2027-01-31.")
@scopes_option
@yes_option
@click.pass_context
def extend(
    context: click.Context,
    ids: tuple[str, ...],
    expires: str | None,
    scopes: str | None,
    yes: bool,
) -> None:
    """Give project keys, by id or name, another expiry, counted from now, or other scopes.

    The platform can neither take an expiry away nor tell the scopes a key has. A key that cannot be
    changed stops no other; the exit status is 1 then.
    """
    changing(context)

    async def run(session: Session) -> int:
        from oai_tui.services.changing import change_key, why_unchangeable

        now = session.setup.clock()
        wanted = _change(expires, scopes, now)
        rows = await meant(session, ids)
        able = []
        for row in rows:
            if why := why_unchangeable(row.key, now):
                tell(title(row.key), WrongInput(f"{why}."))
            else:
                able.append(row)
        if not able:
            return len(rows)
        say(f"  · {_change_in_words(wanted, now)}")
        sure(f"Change {named(able)}?", yes)

        async def change(row: EstateRow) -> str:
            return await change_key(session.client, row.key, wanted, now)

        return len(rows) - len(able) + await one_by_one(able, change)

    if with_session(context, run):
        context.exit(1)


@keys.command(short_help="Revoke keys for good.")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--even-if-used", is_flag=True, help="Also keys that were used in the last day.")
@yes_option
@click.pass_context
def revoke(context: click.Context, ids: tuple[str, ...], even_if_used: bool, yes: bool) -> None:
    """Revoke keys, by id or name, for good. Keys used in the last day need --even-if-used.

    One that fails does not stop the others; the exit status is 1 then.
    """
    changing(context)

    async def run(session: Session) -> int:
        now = session.setup.clock()
        rows = await meant(session, ids)
        for row in rows:
            say(f"  · {_last_use(row, now)}")
        used = [row for row in rows if _is_recent(row, now)]
        if used and not even_if_used:
            raise WrongInput(
                f"In use within the last day: {named(used)}.",
                "Rotate it instead, or say --even-if-used.",
            )
        sure(f"Revoke {named(rows)} for good?", yes)
        return await one_by_one(rows, lambda row: _revoked(session, row))

    if with_session(context, run):
        context.exit(1)


async def one_by_one(
    rows: Sequence[EstateRow], change: Callable[[EstateRow], Awaitable[str]]
) -> int:
    """Change keys one after another, tell what came of each, and return how many failed."""

    async def once(row: EstateRow) -> str:
        return await change(row)

    failed = 0
    for row in rows:
        try:
            say(f"{title(row.key)}: {await unbroken(once(row))}")
        except Problem as problem:
            failed += 1
            tell(title(row.key), problem)
    return failed


async def _revoked(session: Session, row: EstateRow) -> str:
    from oai_tui.services.revocation import KeptWithAccount, revoke

    try:
        await revoke(session.client, row.key, session.secret)
    except KeptWithAccount as problem:
        way_out = f"{problem.way_out} The app does that: oai-tui, then X on the key."
        raise Problem(problem.what, way_out, problem.request_id) from None
    if session.maker:
        with suppress(Problem):  # the next start would find out as well
            for orphan in session.maker.orphans((row.key,), whole=False):
                if orphan.key:
                    session.maker.settle(orphan, revoked=True)
    return "revoked."


def _change(expires: str | None, scopes: str | None, now: datetime) -> KeyChange:
    from oai_tui.core import lifetime
    from oai_tui.services.changing import KeyChange

    seconds = lifetime.parse(expires, now) if expires else None
    if expires and seconds is None:
        raise WrongInput("An expiry cannot be taken away by API.", "Give a time, up to 1y.")
    wanted = KeyChange(scopes_of(scopes) if scopes else None, seconds)
    if not wanted:
        raise WrongInput("Nothing is to be changed.", "Give --expires or --scopes.")
    return wanted


def _change_in_words(change: KeyChange, now: datetime) -> str:
    from oai_tui.core import lifetime
    from oai_tui.core.scopes import in_words

    parts = []
    if change.expires_in is not None:
        parts.append(f"expires {lifetime.ends_in_words(change.expires_in, now)}")
    if change.scopes is not None:
        parts.append(f"scopes: {in_words(change.scopes)}, in the place of those it has")
    return "; ".join(parts)


def _last_use(row: EstateRow, now: datetime) -> str:
    from oai_tui.core.text import money, when

    key = row.key
    seen = f"last seen used {when(key.last_used_at, now)}" if key.last_used_at else "not seen used"
    return f"{title(key)}: {seen}, {money(row.facts.cost)} in 30 days"


def _is_recent(row: EstateRow, now: datetime) -> bool:
    used = row.key.last_used_at
    return used is not None and (now - used).total_seconds() < RECENT
