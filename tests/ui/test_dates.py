"""The dialog for dates and its calendar: marked, typed, chosen, and never what cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from oai_tui.core.errors import WrongInput
from oai_tui.core.period import Period
from oai_tui.ui.dialogs.dates import DatesDialog, period_from, preset
from oai_tui.ui.widgets.calendar import Calendar
from tests.ui.app_under_test import said

TODAY = date(2026, 11, 22)
SHOWN = Period(date(2026, 11, 3), date(2026, 11, 9))
pytestmark = pytest.mark.anyio


class Asking(App[None]):
    """Asks for dates at once."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Period | None] = []

    def on_mount(self) -> None:
        self.push_screen(DatesDialog(SHOWN, TODAY), self.answers.append)


@asynccontextmanager
async def asking() -> AsyncIterator[tuple[Pilot[Any], Asking]]:
    app = Asking()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield pilot, app


async def test_it_begins_at_what_is_shown() -> None:
    async with asking() as (pilot, app):
        assert "3 Nov – 9 Nov 2026 · 7 days · UTC" in said(app, "#said")
        assert app.screen.query_one(Calendar).marked == SHOWN
        await pilot.press("escape")
        assert app.answers == [None]


async def test_first_and_last_day_may_be_marked_in_either_order() -> None:
    async with asking() as (pilot, app):
        await pilot.press("end", "left", "space")
        assert "From 21 Nov" in said(app, "#said")
        await pilot.press("k", "k", "space")
        assert "7 Nov – 21 Nov 2026 · 15 days" in said(app, "#said")
        assert app.screen.query_one("#first", Input).value == "2026-11-07"
        await pilot.press("pageup", "enter", "l", "enter")
        assert app.answers == [Period(date(2026, 10, 7), date(2026, 10, 8))]


async def test_the_calendar_ends_today_and_begins_with_the_api() -> None:
    async with asking() as (pilot, app):
        calendar = app.screen.query_one(Calendar)
        await pilot.press("pagedown", "down", "down", "down", "right")
        assert calendar.cursor == TODAY
        await pilot.press(*["pageup"] * 90)
        assert calendar.cursor == date(2020, 6, 1)


async def test_a_short_month_takes_its_last_day() -> None:
    async with asking() as (pilot, app):
        calendar = app.screen.query_one(Calendar)
        calendar.show(Period(date(2026, 3, 31), date(2026, 3, 31)))
        await pilot.press("pageup")
        assert calendar.cursor == date(2026, 2, 28)


async def test_a_click_marks_a_day() -> None:
    async with asking() as (pilot, app):
        # November 2026 begins on a Sunday: the second week stands in the fourth row.
        await pilot.click(Calendar, offset=(3, 3))
        assert "From 3 Nov 2026" in said(app, "#said")
        await pilot.click(Calendar, offset=(9, 3))
        assert "3 Nov – 5 Nov 2026 · 3 days" in said(app, "#said")


async def test_typing_at_the_calendar_goes_to_the_field() -> None:
    async with asking() as (pilot, app):
        await pilot.press("2", "0", "2", "6", "minus", "q", "3", "enter")
        assert app.answers == [Period(date(2026, 7, 1), date(2026, 9, 30))]


def test_words_for_what_goes_on_stand_for_all_of_it() -> None:
    assert preset("qtd", TODAY) == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert preset("mtd", TODAY) == Period(date(2026, 11, 1), date(2026, 11, 30))
    assert preset("all", TODAY) == Period(date(2020, 6, 1), TODAY)
    with pytest.raises(WrongInput):
        period_from("2027", "", TODAY)
