"""The bill where there is little room: what gives way, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.app_under_test import awaited, settle
from tests.ui.bill import billing, line_of, press, text, world_at

NARROW = (60, 20)


@awaited
async def test_the_head_and_the_legend_say_what_matters(tmp_path: Path) -> None:
    async with billing(world_at(), tmp_path, size=NARROW) as pilot:
        head = line_of(pilot, "Billing")
        assert "as of 12:20 UTC" in head
        assert "day 22" not in head
        await press(pilot, "c")
        assert "━ Nov  ━ provisional  ┈ Oct  ╍ forecast " in line_of(pilot, "UTC days")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "day 22 of 30  as of 12:20 UTC" in line_of(pilot, "Billing")
        assert "╍ forecast $" in line_of(pilot, "UTC days")


@awaited
async def test_without_colour_the_legend_names_every_line_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with billing(world_at(), tmp_path, size=NARROW, pages="c") as pilot:
        assert "┈ Oct  ╍ forecast " in line_of(pilot, "━ Nov, after 20 Nov provisional")


@awaited
async def test_the_address_where_the_log_is_switched_on_is_whole(tmp_path: Path) -> None:
    async with billing(world_at(), tmp_path, ["audit-off"], size=(80, 24), pages="4") as pilot:
        address = "https://platform.openai.com/settings/organization/data-controls/data-retention"
        assert address in text(pilot)
