"""The bill of the app under test, for the tests of its pages and dialogs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from textual.events import Paste
from textual.pilot import Pilot

from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.screens.billing import BillingScreen
from tests.ui.app_under_test import app_on, settle, signed_in

NOON = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)
SIZES = [(120, 40), (80, 24)]


def world_at(moment: datetime = NOON) -> World:
    """Return a world whose clock stands still."""
    return World.seeded(7, "small", int(moment.timestamp()))


@asynccontextmanager
async def billing(
    world: World,
    folder: Path,
    faults: Any = (),
    *,
    size: tuple[int, int] = (120, 40),
    key: str = "",
    pages: str = "",
) -> AsyncIterator[Pilot[Any]]:
    """Open the bill, and turn to the pages of these letters."""
    app = app_on(world, folder, faults, key=key or None)
    async with app.run_test(size=size) as pilot:
        await signed_in(pilot)
        for each in ("3", *pages):
            await pilot.press(each)
            await settle(pilot)
        yield pilot


def screen_of(pilot: Pilot[Any]) -> BillingScreen:
    """Return the screen of the bill, whatever is open over it."""
    assert isinstance(pilot.app, OaiApp)
    found = next(s for s in pilot.app.screen_stack if isinstance(s, BillingScreen))
    assert isinstance(found, BillingScreen)
    return found


def text(pilot: Pilot[Any]) -> str:
    """Return the characters on the terminal, a line each."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def line_of(pilot: Pilot[Any], label: str) -> str:
    """Return the first line of the terminal that begins with a label."""
    return next(line for line in text(pilot).splitlines() if line.strip().startswith(label))


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys one after another, each once the one before did what it does."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def type_in(pilot: Pilot[Any], words: str) -> None:
    """Paste words into the line that has the focus, in place of what is there."""
    await pilot.press("end", "ctrl+u")
    pilot.app.post_message(Paste(words))
    await settle(pilot)


def footer_of(pilot: Pilot[Any]) -> str:
    """Return the keys along the last line."""
    return text(pilot).splitlines()[-1]


def spent_over_http(world: World, first: datetime, days: int = 31, project: str = "") -> Decimal:
    """Return what the platform itself says was spent from a day on."""

    async def ask() -> Decimal:
        transport = httpx.ASGITransport(build(world))
        headers = {"authorization": f"Bearer {world.admin_key}"}
        async with httpx.AsyncClient(transport=transport, headers=headers) as http:
            asked: dict[str, Any] = {
                "start_time": int(first.timestamp()),
                "end_time": int(first.timestamp()) + days * 86_400,
                "limit": 31,
            }
            if project:
                asked["project_ids"] = [project]
            answer = await http.get("http://localhost/v1/organization/costs", params=asked)
        page = json.loads(answer.text, parse_float=Decimal)
        rows = [row for bucket in page["data"] for row in bucket["results"]]
        return sum((Decimal(row["amount"]["value"]) for row in rows), Decimal(0))

    return asyncio.run(ask())


def dollars(amount: Decimal) -> str:
    """Return an amount as it is written, rounded to cents."""
    return f"{'-' if amount < 0 else ''}${abs(amount).quantize(Decimal('0.01')):,}"
