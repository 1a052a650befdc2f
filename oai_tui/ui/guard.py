"""What stands between an accident and the terminal: crashes, harmful characters, signals.

Textual's crash report shows local variables, its process dies of a hang-up without giving the
terminal back, and every widget passes control characters on; each is mended here.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import traceback
from collections.abc import Sequence
from typing import Any

from rich.segment import Segment
from rich.text import Text
from textual.color import Color
from textual.filter import LineFilter

from oai_tui.core.text import HARMFUL, without_keys
from oai_tui.ui.quick import QuickApp

GRACE = 2.0
"""Seconds a signal leaves for a tidy end before the process is ended for good."""


class Scrub(LineFilter):
    """Takes out of every drawn line what no outside text may send to the terminal.

    Everything from outside was cleaned where it came in; this is for what slipped through.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without harmful characters; those have no width, so all fits."""
        return [
            segment
            if segment.control or not HARMFUL.search(segment.text)
            else Segment(HARMFUL.sub("", segment.text), segment.style)
            for segment in segments
        ]


class GuardedApp(QuickApp):
    """An app that leaves neither secrets nor a broken terminal behind, however it ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scrub = Scrub()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters and ours."""
        return [*super().get_line_filters(), self._scrub]

    def copy_to_clipboard(self, text: str) -> None:
        """Send text to the terminal's clipboard and keep no copy, as Textual would."""
        super().copy_to_clipboard(text)
        self._clipboard = ""

    def _fatal_error(self) -> None:
        """Report a crash without local variables and without anything like a key.

        Replaces Textual's own report, which prints the locals of every frame.
        """
        report = HARMFUL.sub("", without_keys(traceback.format_exc()))
        if not self._exit_renderables:
            self._exit_renderables.append(Text(report))
        self._close_messages_no_wait()

    def on_mount(self) -> None:
        """Take over the signals that would otherwise kill the process half-way."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._leave, number)
        self.app_resume_signal.subscribe(self, self._repaint)

    def _repaint(self, _: object) -> None:
        self.screen.refresh(layout=True)

    def _leave(self, number: int) -> None:
        watchdog = threading.Timer(GRACE, os._exit, (128 + number,))
        watchdog.daemon = True
        watchdog.start()
        self.exit(return_code=128 + number)
