"""Filters of the activity: each by itself, added up, and taken back one by one."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input, OptionList

from oai_tui.core.activity_filter import Kind
from oai_tui.simulator.world import World
from oai_tui.ui.dialogs.activity_choice import Choice
from oai_tui.ui.dialogs.dates import DatesDialog
from oai_tui.ui.screens.activity import ActivityScreen
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, until
from tests.ui.trail import filters, lines, move_to, opened


@awaited
async def test_kinds_follow_one_another(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        for kind in list(Kind)[1:]:
            await pilot.press("f")
            await settle(pilot)
            types = {line.event.type for line in lines(app)}
            assert types
            assert types <= {*kind.types, *kind.tenant_types}
        await pilot.press("F", "F")
        await settle(pilot)
        types = {line.event.type for line in lines(app)}
        assert types
        assert types <= {*Kind.LIMITS.types, *Kind.LIMITS.tenant_types}


@awaited
async def test_filters_add_up_and_are_taken_back_one_by_one(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        everything = [line.id for line in lines(app)]
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press(*"bob@", "enter")
        await settle(pilot)
        bobs = [line.id for line in lines(app)]
        assert {line.who.partition("@")[0] for line in lines(app)} == {"bob"}
        await pilot.press("f")
        await settle(pilot)
        keys = {*Kind.KEYS.types, *Kind.KEYS.tenant_types}
        kept = {line.event.type for line in lines(app)}
        assert kept
        assert kept <= keys
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, DatesDialog))
        await pilot.press(*"2026", "enter")
        await settle(pilot)
        this_year = [line.id for line in lines(app)]
        assert this_year
        assert all(line.event.at and line.event.at.year == 2026 for line in lines(app))
        await pilot.press("slash", *"created", "enter")
        await settle(pilot)
        assert lines(app)
        assert all(line.event.type.endswith("api_key.created") for line in lines(app))
        shown = filters(app)
        assert app.screen.query_one("#filter", Input).value == "created"
        for words in ("by bob@", "days 2026 UTC", "esc takes one back"):
            assert words in shown.replace("1 Jan – 31 Dec 2026", "2026")
        await pilot.press("escape")
        await settle(pilot)
        assert [line.id for line in lines(app)] == this_year
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert [line.id for line in lines(app)] == bobs
        await pilot.press("escape")
        await settle(pilot)
        assert [line.id for line in lines(app)] == everything
        assert "esc takes" not in filters(app)
        await pilot.press("escape")
        assert isinstance(app.screen, ActivityScreen)


@awaited
async def test_a_project_is_found_by_a_part_of_its_name(world: World, tmp_path: Path) -> None:
    web = next(each for each in world.projects.values() if each.name == "Web app")
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press(*"web a", "enter")
        await settle(pilot)
        assert {line.project for line in lines(app)} == {"Web app"}
        assert "project Web app" in filters(app)
        assert "under the default project" in said(app, "#gaps")
        assert any(line.event.project_id == web.id for line in lines(app))


@awaited
async def test_somebody_who_is_not_listed_is_looked_for_as_typed(
    world: World, tmp_path: Path
) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press(*"zoe")
        assert "Nothing has that name" in said(app, "#told")
        await pilot.press("enter")
        assert isinstance(app.screen, Choice)
        await pilot.press(*"@acme.io", "enter")
        await settle(pilot)
        assert lines(app) == []
        assert "No line passes these filters.  esc takes the last one back." in seen(app)


@awaited
async def test_the_person_under_the_cursor_is_offered_first(world: World, tmp_path: Path) -> None:
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        line = move_to(app, lambda line: line.who != lines(app)[0].who)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, Choice))
        first = app.screen.query_one(OptionList).get_option_at_index(0)
        assert str(first.prompt) == line.who
        await pilot.press("escape")
        assert isinstance(app.screen, ActivityScreen)


@awaited
async def test_a_text_is_looked_for_further_back_than_what_is_read(
    world: World, tmp_path: Path
) -> None:
    oldest = min(world.audit, key=lambda event: event.at)
    app = app_on(world, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert oldest.id not in {line.id for line in lines(app)}
        await pilot.press("slash")
        app.screen.query_one("#filter", Input).value = oldest.id
        await settle(pilot)
        assert [line.id for line in lines(app)] == [oldest.id]
        assert f"1 of {len(world.audit)} lines" in said(app, "#head")
