"""A small app with a table of keys, for tests and figures: `python -m tests.ui.table_app 1000`."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import App, ComposeResult
from textual.message import Message

from oai_tui.ui.theme import DARK
from oai_tui.ui.widgets.table import Cell, Column, Table

TONES = {"ok": "good", "stale": "warn", "spending": "bad"}


@dataclass(frozen=True)
class Key:
    """A row."""

    id: str
    name: str
    project: str = "web"
    owner: str = "svc ci"
    value: str = "sk-proj…9QxA"
    days: int = 1
    cost: float | None = None
    health: str = "ok"


def _cost(key: Key) -> Cell | str:
    return Cell("—", "muted") if key.cost is None else f"${key.cost:,.2f}"


COLUMNS: Sequence[Column[Key]] = (
    Column("name", "NAME", 16, lambda k: k.name, lambda k: k.name, grow=True, priority=9),
    Column("project", "PROJECT", 10, lambda k: k.project, lambda k: k.project, priority=5),
    Column("owner", "OWNER", 12, lambda k: k.owner, lambda k: k.owner, priority=4),
    Column("value", "KEY", 14, lambda k: Cell(k.value, "muted"), priority=3),
    Column("seen", "LAST SEEN", 9, lambda k: f"{k.days} d", lambda k: k.days, priority=6),
    Column("expires", "EXPIRES", 9, lambda k: Cell("—", "muted"), priority=2),
    Column("cost", "30 DAYS", 10, _cost, lambda k: k.cost, "right", priority=7),
    Column("health", "HEALTH", 11, lambda k: Cell(f"● {k.health}", TONES[k.health]), priority=8),  # type: ignore[arg-type]
)


def keys(count: int, seed: int = 1) -> list[Key]:
    """Keys as an organization has them."""
    rnd = random.Random(seed)
    return [
        Key(
            f"key_{i}",
            f"{rnd.choice(['ci', 'batch', 'alice'])}-{rnd.choice(['deploy', 'laptop'])}-{i}",
            rnd.choice(["web", "research", "data"]),
            rnd.choice(["svc ci", "Alice Chen", "(owner gone)"]),
            f"sk-proj…{i:04x}"[:12],
            rnd.randint(1, 300),
            rnd.choice([None, round(rnd.random() * 1000, 2)]),
            rnd.choice(["ok"] * 8 + ["stale", "spending"]),
        )
        for i in range(count)
    ]


class TableApp(App[None]):
    """One table on the whole screen; it keeps the messages it hears."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self, rows: Sequence[Key], columns: Sequence[Column[Key]] = COLUMNS, theme: str = DARK.name
    ) -> None:
        super().__init__()
        self.heard: list[Message] = []
        self._rows = rows
        self._columns = columns
        self.register_theme(DARK)
        self.theme = theme

    @property
    def table(self) -> Table[Key]:
        """The table."""
        return self.query_one(Table)

    def compose(self) -> ComposeResult:
        yield Table(self._columns, markable=True, placeholder="Nothing matches. esc clears it.")

    def on_mount(self) -> None:
        self.table.set_rows(self._rows, lambda key: key.id)

    def on_table_highlighted(self, event: Table.Highlighted[Key]) -> None:
        self.heard.append(event)

    def on_table_chosen(self, event: Table.Chosen[Key]) -> None:
        self.heard.append(event)

    def on_table_marked(self, event: Table.Marked[Key]) -> None:
        self.heard.append(event)

    def on_table_sorted(self, event: Table.Sorted[Key]) -> None:
        self.heard.append(event)

    def lines(self) -> list[str]:
        """What the table shows now, line by line."""
        table = self.table
        return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


if __name__ == "__main__":
    TableApp(keys(int(sys.argv[1]))).run()
