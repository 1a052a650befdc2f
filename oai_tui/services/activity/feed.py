"""Lines of several logs as one, the newest first, read on as far as somebody looks."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from oai_tui.api.activity import Trail
from oai_tui.core.activity import Event
from oai_tui.core.errors import ApiProblem

MOST_FRUITLESS = 5
"""Pages without a single wanted line that are read for one question."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Source:
    """One log: a trail of the platform, or lines that are here already (`trail` None).

    Without an `essential` one nothing is shown. What another one lacks is said with `what`, how its
    lines are called.
    """

    trail: Trail | None
    waiting: deque[Event] = field(default_factory=deque)
    essential: bool = True
    what: str = ""
    failed: str = ""

    @property
    def is_dry(self) -> bool:
        """Whether it has to be read before it is known which line comes next."""
        return not self.waiting and not self.failed and self.trail is not None and self._goes_on

    @property
    def _goes_on(self) -> bool:
        return self.trail is not None and not self.trail.is_done


class Feed:
    """One question to all logs. `events` are the lines read so far, `ours` those recorded here."""

    def __init__(
        self,
        sources: Iterable[Source],
        as_of: datetime,
        *,
        wants: Callable[[Event], bool] = lambda event: True,
        completed: Callable[[Event], Event] = lambda event: event,
        ours: tuple[Event, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> None:
        """Read nothing yet. `wants` drops lines, `completed` adds what only we know."""
        self.events: list[Event] = []
        self.as_of = as_of
        self.ours = ours
        self._sources = tuple(sources)
        self._wants = wants
        self._completed = completed
        self._notes = notes
        self._known: set[str] = set()

    @property
    def is_done(self) -> bool:
        """Whether there are no older lines."""
        return not any(source.is_dry or source.waiting for source in self._sources)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What may be missing, a sentence each."""
        return (*(source.failed for source in self._sources if source.failed), *self._notes)

    async def more(self) -> list[Event]:
        """Read older lines and return them. Raises ApiProblem; asking again goes on from there."""
        found: list[Event] = []
        for _ in range(MOST_FRUITLESS):
            await self._fill()
            found = [event for event in self._merged() if self._is_new(event)]
            if found or self.is_done:
                break
        found = [self._completed(event) for event in found]
        self.events += found
        return found

    async def _fill(self) -> None:
        dry = [source for source in self._sources if source.is_dry]
        answers = await asyncio.gather(
            *(source.trail.next() for source in dry if source.trail), return_exceptions=True
        )
        problem: BaseException | None = None
        for source, answer in zip(dry, answers, strict=True):
            if isinstance(answer, list):
                source.waiting.extend(answer)
            elif source.essential or not isinstance(answer, ApiProblem):
                problem = answer
            else:
                source.failed = f"{source.what} could not be read: {answer.what}{answer.trace}"
        if problem:
            raise problem

    def _merged(self) -> list[Event]:
        """Take the lines of which it is known that no newer one follows."""
        found = []
        while not any(source.is_dry for source in self._sources):
            heads = [source for source in self._sources if source.waiting]
            if not heads:
                break
            newest = max(heads, key=lambda source: source.waiting[0].at or _LONG_AGO)
            found.append(newest.waiting.popleft())
        return found

    def _is_new(self, event: Event) -> bool:
        is_new = event.id not in self._known and self._wants(event)
        self._known.add(event.id)
        return is_new
