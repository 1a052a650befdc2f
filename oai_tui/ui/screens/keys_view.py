"""Which keys are listed, which of them are shown, and what the line above them says."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date, datetime

from rich.cells import cell_len
from textual.content import Content

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import NEEDS_PERSON
from oai_tui.core.key_filter import KeyFilter, parse
from oai_tui.core.text import when
from oai_tui.core.thresholds import Thresholds
from oai_tui.services.inventory import Inventory
from oai_tui.ui.widgets.key_filters import ACCOUNTS, ALL, ATTENTION, BY_NAME, DELETED, counted


class EstateView:
    """The rows of an inventory behind a quick filter and a filter that is typed."""

    def __init__(self) -> None:
        self.known = Inventory()
        self.rows: Sequence[EstateRow] = ()
        self._counts: dict[str, int] | None = {}
        self.quick = ALL
        self._filter = KeyFilter()
        self._text = ""

    def take(self, known: Inventory, now: datetime, thresholds: Thresholds) -> None:
        """Take what is known now."""
        self.known = known
        self.rows = known.rows(now, thresholds, deleted=True)
        self._counts = None

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each quick filter shows."""
        if self._counts is None:
            self._counts = counted(self.rows)
        return self._counts

    @property
    def text(self) -> str:
        """The filter that is typed."""
        return self._text

    @text.setter
    def text(self, text: str) -> None:
        self._text, self._filter = text, parse(text)

    @property
    def understood(self) -> tuple[str, ...]:
        """The parts of the filter that is typed, as they were understood."""
        return self._filter.said

    @property
    def is_filtered(self) -> bool:
        """Whether not all keys may be shown."""
        return bool(self._text.strip()) or self.quick != ALL

    def shown(self) -> list[EstateRow]:
        """Return the rows both filters let through."""
        shows, matches = BY_NAME[self.quick].shows, self._filter.matches
        return [row for row in self.rows if shows(row) and matches(row)]

    @property
    def has_costs(self) -> bool:
        """Whether the cost of any key is known."""
        return any(row.facts.cost is not None for row in self.rows)

    @property
    def last_day(self) -> date | None:
        """The UTC day that daily figures end with."""
        return self.known.facts_as_of.date() if self.known.facts_as_of else None

    def attention(self) -> str:
        """Return what needs a person: `3 need attention: 1 owner gone and spending, 2 expired`."""
        words: dict[tuple[int, str], int] = {}
        for row in self.rows:
            state = row.state
            if state.weight >= NEEDS_PERSON:
                group = (-state.weight, state.word)
                words[group] = words.get(group, 0) + 1
        if not words:
            return ""
        parts = (
            f"{number} {_SPOKEN.get(word, word)}" for (_, word), number in sorted(words.items())
        )
        number = self.counts[ATTENTION]
        return f"{number} need{'s' * (number == 1)} attention: {', '.join(parts)}"

    def head(self, shown: int, marked: Set[str], kept: Set[str]) -> list[Content]:
        """Return how many keys there are, how many are seen, and how many are marked.

        `kept` are all marks, those behind a filter included; a change is never for them.
        """
        total = self.counts.get(ALL, 0)
        if self.quick in (ACCOUNTS, DELETED):
            number = f"{shown} {BY_NAME[self.quick].label}"
        else:
            number = f"{shown} of {total}" if self.is_filtered else f"{total}"
        hidden = sum(row.id in kept for row in self.rows) - len(marked) if kept else 0
        words = [f"{len(marked)} marked"] * bool(marked)
        words += [f"{hidden} marked behind the filter"] * (hidden > 0)
        return [Content(number), *(Content.styled(word, "$text-accent") for word in words)]

    def unread(self, *, with_archived: bool) -> str:
        """Return how many projects are missing from the list once it is read, or nothing."""
        known = self.known
        if not (known.is_complete or known.from_cache):
            return ""
        number = sum(
            project.id in known.unread and (with_archived or not project.is_archived)
            for project in known.projects
        )
        return f"{number} project{'s' * (number != 1)} not read" if number else ""


def with_attention(parts: list[Content], told: str, room: int) -> list[Content]:
    """Return parts of a line and what needs a person: in full, as a number, or not at all.

    What it takes is what `room` leaves, in cells with two between the parts.
    """
    used = sum(part.cell_length + 2 for part in parts)
    for text in (told, told.partition(":")[0]):
        if text and used + cell_len(text) <= room:
            return [*parts, Content.styled(text, "$text-warning")]
    return parts


_SPOKEN = {"spending": "owner gone and spending"}


def freshness(known: Inventory, now: datetime) -> str:
    """Return how old the list is, and what of it is still being read."""
    if known.from_cache:
        return f"as of {when(known.as_of, now)}, reading …"
    if not known.is_complete:
        return f"reading, {known.read} of {known.to_read} answers …"
    return f"as of {known.as_of:%H:%M} UTC" if known.as_of else ""
