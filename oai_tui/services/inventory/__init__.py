"""The estate of keys: everything the organization has, as it becomes known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from oai_tui.core.errors import ApiProblem
from oai_tui.services.inventory.collector import leave_alone_what_stays
from oai_tui.services.inventory.known import Inventory as Inventory
from oai_tui.services.inventory.known import Wants as Wants
from oai_tui.services.inventory.memory import keep, recall
from oai_tui.services.inventory.picture import picture
from oai_tui.services.inventory.rows import RowMemo
from oai_tui.services.snapshots import Snapshots

if TYPE_CHECKING:
    from oai_tui.api.client import Client

PULSE = 0.25
"""Seconds between two partial pictures of a long list."""

USUAL = Wants()


async def load(
    client: Client,
    snapshots: Snapshots,
    clock: Callable[[], datetime],
    *,
    wants: Wants = USUAL,
) -> AsyncIterator[Inventory]:
    """Yield what is remembered, then what arrives, then the whole.

    Raises ApiProblem when not even the projects can be listed; what was remembered has been yielded
    by then. Whatever else fails becomes a gap, and what was known of it stays.
    """
    # As old as the question: a key made since may be missing from the answers.
    asked_at = clock()
    before, memo = recall(snapshots), RowMemo()
    leave_alone_what_stays()
    if before:
        yield _from_cache(picture(before, wants, memo, is_settled=True))
    # Late: what is remembered is seen before anything is asked.
    from oai_tui.services.inventory.reading import Reading

    reading = Reading(client, wants, asked_at, before, memo)
    task = asyncio.create_task(reading.run())
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=PULSE)
            if reading.is_listed and not task.done():
                yield reading.picture()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ApiProblem):
            await task
    task.result()
    whole = reading.picture()
    # Beside the event loop: a disk may take its time.
    await asyncio.to_thread(keep, snapshots, reading.memory)
    yield whole


def remembered(snapshots: Snapshots, wants: Wants = USUAL) -> Inventory | None:
    """Return the list as it was last seen, or None."""
    before = recall(snapshots)
    return _from_cache(picture(before, wants, RowMemo(), is_settled=True)) if before else None


def _from_cache(known: Inventory) -> Inventory:
    return replace(known, from_cache=True)
