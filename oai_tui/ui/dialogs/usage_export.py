"""Writing the figures or the picture of usage to a new file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from oai_tui.core.errors import Problem
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.widgets.field import Field

ENDINGS = {"csv": "CSV", "json": "JSON", "svg": "SVG", "txt": "Text"}
TEXT = (
    "The figures as CSV or JSON, or the picture as SVG or text, to a new file that only you can "
    "read. The ending decides."
)

Write = Callable[[str], Path]
"""Writes what the ending of a name asks for, and returns where it is. Raises Problem."""


class UsageExport(Dialog[Path | None]):
    """Asks where to; gives the file that was written, None without one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="export.cancel"),
    ]

    def __init__(self, suggest: Callable[[str], str], write: Write) -> None:
        """`suggest` proposes a name with an ending."""
        super().__init__()
        self._suggest = suggest
        self._write = write

    def compose(self) -> ComposeResult:
        """Lay out the name of the file and a button for each ending."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Export"
            box.border_subtitle = "enter writes · esc cancels"
            yield Static(Content(TEXT), markup=False)
            yield Field(self._suggest("csv"), compact=True, id="path")
            yield Static(id="told", markup=False)
            with Horizontal(classes="buttons"):
                for ending, label in ENDINGS.items():
                    yield Button(label, id=ending, compact=True)

    def on_mount(self) -> None:
        """Begin with the name of the file."""
        self.say("")
        self.query_one(Field).focus()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._save()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        field, ending = self.query_one(Field), event.button.id or "csv"
        field.value = _with_ending(field.value.strip(), ending) or self._suggest(ending)
        self._save()

    @work(group="change", exclusive=True)
    async def _save(self) -> None:
        field = self.query_one(Field)
        try:
            written = await asyncio.to_thread(self._write, field.value.strip())
        except Problem as problem:
            self.say(str(problem), "$text-error")
            field.focus()
            return
        self.dismiss(written)


def _with_ending(name: str, ending: str) -> str:
    """Return a name with an ending in place of another one of ours."""
    for other in ENDINGS:
        if name.casefold().endswith(f".{other}"):
            return f"{name[: -len(other)]}{ending}"
    return f"{name}.{ending}" if name else ""
