"""The first line: what gives way where there is no room for all of it, and what does not."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from oai_tui.ui.widgets.topbar import Identity, TopBar
from tests.ui.app_under_test import awaited

FAR = Identity("work", "sk-admin…7TiA", "keyring", "http://127.0.0.1:9999", read_only=True)


class Bar(App[None]):
    def compose(self) -> ComposeResult:
        """Show nothing but the line."""
        bar = TopBar("billing")
        bar.identity = FAR
        yield bar


@pytest.mark.parametrize(
    ("width", "seen", "gone"),
    [
        (140, ["work", "sk-admin…7TiA", "keyring", "1 Keys", "4 Activity"], []),
        (100, ["http://127.0.0.1:9999", "1 Keys", "3 Billing", "4 Activity"], ["keyring"]),
        (80, ["READ-ONLY", "http://127.0.0.1:9999", "1 Keys", "4 Activity"], ["oai-tui"]),
        (60, ["READ-ONLY", "http://127.0.0.1:9999", " 1 ", "3 Billing", " 4 "], ["Keys"]),
        (50, ["READ-ONLY", "http://127.0.0.1", " 1 ", "3 Billing", " 4 "], ["Keys"]),
    ],
)
@awaited
async def test_whoever_is_signed_in_gives_way_to_the_screens(
    width: int, seen: list[str], gone: list[str]
) -> None:
    async with Bar().run_test(size=(width, 4)) as pilot:
        line = pilot.app.query_one(TopBar).render_line(0).text
        assert len(line) == width
        for each in seen:
            assert each in line
        for each in gone:
            assert each not in line
