"""The field for a key: what goes in does not come out of the screen."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from oai_tui.ui.widgets.secret_input import SecretInput
from tests.ui.app_under_test import awaited, seen
from tests.vault.canary import CANARY, in_text


class Lone(App[None]):
    """One field for a key."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def compose(self) -> ComposeResult:
        yield SecretInput(id="key")

    def copy_to_clipboard(self, text: str) -> None:
        self.sent.append(text)


@awaited
async def test_the_key_is_not_shown() -> None:
    app = Lone()
    async with app.run_test() as pilot:
        app.query_one(SecretInput).value = CANARY
        await pilot.pause()
        assert not in_text(seen(app))
        assert "•" in seen(app)


@pytest.mark.parametrize("key", ["ctrl+c", "super+c", "ctrl+x", "ctrl+insert", "shift+delete"])
@awaited
async def test_the_key_cannot_be_copied_or_cut(key: str) -> None:
    app = Lone()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.value = CANARY
        field.focus()
        field.select_all()
        await pilot.press(key)
        await pilot.pause()
        assert app.sent == []
        assert app.clipboard == ""
        assert field.value == CANARY


@awaited
async def test_the_screen_selects_nothing_of_it() -> None:
    app = Lone()
    async with app.run_test() as pilot:
        app.query_one(SecretInput).value = CANARY
        await pilot.pause()
        app.screen.text_select_all()
        assert not in_text(app.screen.get_selected_text() or "")


@awaited
async def test_a_paste_replaces_what_was_there_and_loses_line_ends() -> None:
    app = Lone()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.focus()
        for text in ("sk-admin-wrong", f"\r\n  {CANARY}\n"):
            field.post_message(events.Paste(text))
            await pilot.pause()
        assert field.value == CANARY


@awaited
async def test_taking_the_key_empties_the_field_without_a_message() -> None:
    app = Lone()
    async with app.run_test() as pilot:
        field = app.query_one(SecretInput)
        field.value = CANARY
        await pilot.pause()
        assert field.take() == CANARY
        assert field.value == ""
