"""Writing the rows that are shown to a new file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import Problem
from oai_tui.ui.widgets.field import Field

Format = Literal["csv", "json"]

Write = Callable[[Format, str], Path]
"""Writes the rows to a new file and returns where it is. Raises Problem."""


class Export(ModalScreen[Path | None]):
    """Asks where to and in which format; gives the file that was written, None without one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "cancel", id="export.cancel"),
    ]

    def __init__(self, rows: str, stem: str, write: Write) -> None:
        """Ask for `rows` (such as `49 keys`); `stem` is the name proposed, without its ending."""
        super().__init__()
        self._rows = rows
        self._stem = stem
        self._write = write

    def compose(self) -> ComposeResult:
        """Lay out the name of the file and the two formats."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Export"
            box.border_subtitle = "esc cancels"
            text = f"{self._rows} as shown, to a new file that only you can read."
            yield Static(Content(text), markup=False)
            yield Field(f"{self._stem}.csv", compact=True, id="path")
            yield Static(id="told", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("CSV (enter)", id="csv", variant="primary", compact=True)
                yield Button("JSON", id="json", compact=True)
                yield Button("Cancel", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Begin with the name of the file."""
        self.query_one("#told").display = False
        self.query_one(Field).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        is_json = _format_of(event.value) == "json"
        self.query_one("#csv", Button).label = "CSV" if is_json else "CSV (enter)"
        self.query_one("#json", Button).label = "JSON (enter)" if is_json else "JSON"

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self._save(_format_of(event.value))

    @on(Button.Pressed, "#csv")
    def _as_csv(self) -> None:
        self._save("csv")

    @on(Button.Pressed, "#json")
    def _as_json(self) -> None:
        self._save("json")

    @on(Button.Pressed, "#cancel")
    def _cancelled(self) -> None:
        self.dismiss(None)

    @work(group="change", exclusive=True)
    async def _save(self, format: Format) -> None:
        field = self.query_one(Field)
        name = _named(field.value.strip(), format)
        with self.prevent(Input.Changed):
            field.value = name
        try:
            written = await asyncio.to_thread(self._write, format, name)
        except Problem as problem:
            told = self.query_one("#told", Static)
            told.display = True
            told.update(Content.styled(str(problem), "$text-error"))
            field.focus()
            return
        self.dismiss(written)


def _format_of(name: str) -> Format:
    return "json" if name.strip().casefold().endswith(".json") else "csv"


def _named(name: str, format: Format) -> str:
    """Return a file name with the ending of its format, in place of that of the other one."""
    if not name or name.casefold().endswith(f".{format}"):
        return name
    other = ".csv" if format == "json" else ".json"
    stem = name[: -len(other)] if name.casefold().endswith(other) else name
    return f"{stem}.{format}"
