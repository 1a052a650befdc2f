"""How far the log of activity is read, how old that is, and the words for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from oai_tui.core.text import day, when
from oai_tui.services.activity import Feed
from oai_tui.ui.screens.activity_view import ActivityView


@dataclass
class Reading:
    """One question to the log: `feed` is what goes on, None before the first answer to it.

    `as_of` is the age of what is shown, `gaps` and `problem` are what is missing from it.
    """

    feed: Feed | None = None
    as_of: datetime | None = None
    gaps: tuple[str, ...] = ()
    problem: str = ""
    is_under_way: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether there are no older lines than those read."""
        return self.feed is not None and self.feed.is_done

    @property
    def can_go_on(self) -> bool:
        """Whether older lines may be asked for now."""
        return self.feed is not None and not self.feed.is_done and not self.is_under_way

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing from the lines, a sentence each."""
        return (self.problem, *self.gaps) if self.problem else self.gaps

    def head(self, view: ActivityView, shown: int, now: datetime) -> Iterator[Content]:
        """Say how many lines are shown and how far back they go."""
        read = len(view.lines)
        number = f"{shown} of {read}" if view.asked.text.strip() else f"{read}"
        yield Content(f"{number} line{'s' * (read != 1)}")
        if view.oldest and not self.is_whole:
            yield Content.styled(f"back to {day(view.oldest, now)}", "$text-muted")

    def age(self, now: datetime) -> Iterator[Content]:
        """Say how old the lines are, and whether newer ones are on their way."""
        if self.problem and self.as_of:
            failed = f"as of {when(self.as_of, now)}, could not be read again"
            yield Content.styled(failed, "$text-warning")
        elif self.is_under_way:
            age = f"as of {when(self.as_of, now)}, " if self.as_of else ""
            yield Content.styled(f"{age}reading …", "$text-muted")
        elif self.as_of:
            yield Content.styled(f"as of {self.as_of:%H:%M} UTC", "$text-muted")

    def nothing(self, view: ActivityView) -> str:
        """Return what stands where no line is shown."""
        if view.asked.text.strip() and view.lines:
            older = "" if self.is_whole else "  end looks further back."
            return f"None of the {len(view.lines)} lines read has this.{older}  esc shows all."
        if self.is_under_way or self.problem:
            return ""
        return "No line passes these filters.  esc takes the last one back."
