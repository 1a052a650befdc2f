"""The filter of the rate limits: `gpt-5 project:web throttled`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from oai_tui.core.rates import RateRow
from oai_tui.ui.widgets.field import Field

THROTTLED = "throttled"
HINT = "words, !not, project:web, model:gpt, throttled"

_FIELDS: dict[str, Callable[[RateRow], str]] = {
    "project": lambda row: f"{row.project}\n{row.limit.project_id}",
    "model": lambda row: "\n".join((row.limit.model, *row.models)),
    "id": lambda row: row.limit.id,
}


@dataclass(frozen=True)
class RateFilter:
    """What a row must have to be shown: every word somewhere, `!` in front takes the complement."""

    text: str = ""

    def matches(self, row: RateRow) -> bool:
        """Whether the row is shown."""
        return all(_matches(word, row) for word in self.text.casefold().split())


def _matches(word: str, row: RateRow) -> bool:
    bare = word.lstrip("!")
    wanted = (len(word) - len(bare)) % 2 == 0
    if not bare:
        return True
    if bare == THROTTLED:
        return row.throttled is wanted
    name, _, value = bare.partition(":")
    read = _FIELDS.get(name) if value or ":" in bare else None
    if read is None:
        name, value = "", bare
        read = _anywhere
    return (value in read(row).casefold()) is wanted if value else True


def _anywhere(row: RateRow) -> str:
    return "\n".join(read(row) for read in _FIELDS.values())


class RateFilterLine(Field):
    """The line the filter is typed in; it is there while it is typed in or filters something."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "to the list"),
        Binding("escape", "clear", "show all"),
    ]
    DEFAULT_CSS = """
    RateFilterLine { height: 1; border: none; padding: 0 1; display: none; background: $panel; }
    """

    class Cleared(Message):
        """The filter was taken back."""

    def action_clear(self) -> None:
        """Take the filter back."""
        self.value = ""
        self.post_message(self.Cleared())
