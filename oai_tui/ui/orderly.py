"""One key after another: a key is handled to its end before the next one goes anywhere.

Textual sends every key at once to the widget that has the focus when the key arrives. Over a slow
line keys arrive in bursts, and the first of them may open a field or move the focus: the others
would go to where they are commands. What a key makes a widget say (`this was entered`) is heard
before the next key too, or that one would be typed into what was entered.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

PATIENCE = 5
"""Turns of waiting after which the next key goes on whatever became of the one before it."""

TURN = 0.3
"""Seconds of a turn at least: time in which nothing could be handled counts as one turn only."""


class OrderlyApp(App[None]):
    """An app whose keys wait for each other, and for the focus to follow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: deque[events.Key] = deque()
        self._under_way: events.Key | None = None
        self._is_ending = False

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait for its turn; everything else is handled as it comes."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._waiting.append(event)
        if self._under_way is None:
            await self._go_on()

    async def _go_on(self) -> None:
        """Handle the keys that wait, up to one that goes through the widgets."""
        self._under_way, self._is_ending = None, False
        while self._waiting and self._under_way is None:
            event = self._waiting.popleft()
            target = self.focused or self.screen
            await super().on_event(event)
            if event.is_forwarded:
                self._under_way = event
                self._wait(event, PATIENCE)
                self._follow(target, event)

    def _wait(self, event: events.Key, turns: int) -> None:
        """End a key that is not handled after so many turns: something holds up its widget."""
        if self._under_way is not event:
            return
        if turns:
            self.set_timer(TURN, partial(self._wait, event, turns - 1))
        else:
            self._end(event)

    def _follow(self, target: MessagePump, event: events.Key) -> None:
        """Go up behind a key until it is handled, then once more behind what was said for it."""
        end = partial(self._end, event)
        listen = partial(self._climb, target, lambda: False, end)
        self._climb(target, lambda: event._stop_propagation, listen)

    def _climb(
        self, pump: MessagePump, is_over: Callable[[], bool], then: Callable[[], None]
    ) -> None:
        """Stand in the queue of a widget, then of the one around it, and so on to the app's."""

        def passed() -> None:
            parent = pump._parent
            if pump is self or parent is None or is_over():
                then()
            else:
                self._climb(parent, is_over, then)

        if not pump.call_later(passed):
            then()

    def _end(self, event: events.Key) -> None:
        """Go on with the next key, behind whatever this one has led to."""
        if self._under_way is event and not self._is_ending:
            self._is_ending = True
            self.call_later(self._go_on)
