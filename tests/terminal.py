"""A program in a terminal of its own, driven by keys and read from its screen."""

from __future__ import annotations

import array
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte
from wcwidth import wcwidth

ESCAPE = "\x1b"
ESCAPE_DELAY = 0.3
"""Seconds in which another key would make one with an escape; programs wait a third of it."""

KEYS = {
    "enter": "\r",
    "escape": ESCAPE,
    "esc": ESCAPE,
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "insert": "\x1b[2~",
    "delete": "\x1b[3~",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
}

# The screen model would take the last letter of these for text.
_UNMODELLED = re.compile(rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]")
ALTERNATE_ON, ALTERNATE_OFF = b"\x1b[?1049h", b"\x1b[?1049l"
_SWITCH = re.compile(rb"(\x1b\[\?1049[hl])")
_UNFINISHED = re.compile(rb"\x1b(?:\[[<>=?]?[0-9;:$]*)?$")
_MODE_QUERY = re.compile(rb"\x1b\[\?(\d+)\$p")
_DEVICE_QUERY = re.compile(rb"\x1b\[0?c")
_PLACE_QUERY = re.compile(rb"\x1b\[6n")

PATIENCE = 60.0
"""Seconds to wait for what a program ought to do; long, as other programs share the machine."""


class Terminal:
    """Run a program in a pseudo terminal; everything it writes is kept and drawn.

    It answers queries as a plain terminal does: no extra modes, no special keyboard. Time passes
    for the program only while a method waits or reads, so read often.
    """

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        cols: int = 120,
        rows: int = 40,
        cwd: str | Path | None = None,
    ) -> None:
        """Start the program; `env` is laid over the environment of this process."""
        self._screen = pyte.Screen(cols, rows)
        self._behind: pyte.Screen | None = None
        self._stream = pyte.ByteStream(self._screen)
        self._raw = bytearray()
        self._undrawn = b""
        self.last_output = time.monotonic()
        self._master, slave = pty.openpty()
        self._set_size(cols, rows)
        # The size is that of the terminal, whatever the one around the tests has.
        around = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        environment = {**around, "TERM": "xterm-256color", **(env or {})}
        self.process = subprocess.Popen(
            list(argv),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._slave = slave

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def screen(self) -> list[str]:
        """The lines as they stand now, without blanks at their ends."""
        self.read(0)
        self._draw()
        return [self._line(number).rstrip() for number in range(self._screen.lines)]

    def _line(self, number: int) -> str:
        """Return a line; the second half of a wide character whose first is gone is a blank.

        pyte's own `display` fails on such a half.
        """
        cells = self._screen.buffer[number]
        texts = [cells[column].data for column in range(self._screen.columns)]
        wide = [bool(text) and wcwidth(text[0]) == 2 for text in texts]
        return "".join(
            text or ("" if column and wide[column - 1] else " ")
            for column, text in enumerate(texts)
        )

    @property
    def text(self) -> str:
        """The whole screen as one text."""
        return "\n".join(self.screen)

    @property
    def cells(self) -> Mapping[int, Mapping[int, Any]]:
        """The characters with their colours, as `cells[line][column]`."""
        self._draw()
        return self._screen.buffer

    @property
    def raw(self) -> bytes:
        """Everything the program has written."""
        return bytes(self._raw)

    @property
    def bytes_out(self) -> int:
        """How many bytes the program has written."""
        return len(self._raw)

    @property
    def exit_code(self) -> int | None:
        """The exit status; minus the signal's number after a signal; None while it runs."""
        return self.process.poll()

    def read(self, timeout: float) -> bool:
        """Take in what the program writes within `timeout` seconds; tell whether it wrote."""
        wrote = False
        while select.select([self._master], [], [], 0 if wrote else timeout)[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return wrote
            if not data:
                return wrote
            self._raw += data
            self.last_output = time.monotonic()
            wrote = True
            self._undrawn += data
            self._answer(data)
        return wrote

    def wait_for(self, wanted: str | Callable[[Terminal], bool]) -> None:
        """Read until a text stands on the screen or a condition holds.

        Raises:
            AssertionError: It did not come; the screen is in the text.
        """
        end = time.monotonic() + PATIENCE
        while True:
            # Asked before the condition: the program may end between the two.
            ended = self.exit_code is not None
            if wanted in self.text if isinstance(wanted, str) else wanted(self):
                return
            left = end - time.monotonic()
            if left <= 0 or (ended and not self.read(0)):
                name = repr(wanted) if isinstance(wanted, str) else "the condition"
                raise AssertionError(
                    f"{name} did not come; exit code {self.exit_code}; the screen:\n{self.text}"
                )
            self.read(min(left, 0.05))

    def wait_quiet(self, quiet: float = 0.15) -> None:
        """Read until nothing was written for `quiet` seconds.

        Raises:
            AssertionError: It goes on writing.
        """
        end = time.monotonic() + PATIENCE
        while self.read(quiet):
            assert time.monotonic() < end, f"never quiet; the screen:\n{self.text}"

    def wait_exit(self) -> int:
        """Read until the program has ended, and return its exit status."""
        self.wait_for(lambda terminal: terminal.exit_code is not None)
        self.read(0)
        return self.process.wait()

    def press(self, *keys: str) -> None:
        """Press keys by their names: `enter`, `down`, `ctrl+c`, `a`."""
        for key in keys:
            if key.startswith("ctrl+") and len(key) == 6:
                self.type(chr(ord(key[5].upper()) & 31))
            else:
                self.type(KEYS.get(key, key))
            if KEYS.get(key) == ESCAPE:
                self._wait_alone()

    def type(self, text: str) -> None:
        """Send text as it is."""
        os.write(self._master, text.encode())

    def resize(self, cols: int, rows: int) -> None:
        """Give the window another size; the program gets the signal for it."""
        self.read(0)
        self._draw()
        self._screen.resize(rows, cols)
        self._set_size(cols, rows)

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    def close(self) -> None:
        """End the program if it runs, and give the terminal back."""
        if self.exit_code is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)
            os.close(self._slave)
            self._master = -1

    def _wait_alone(self) -> None:
        """Wait until an escape was read by itself: with the next key it would be another one."""
        waiting = array.array("i", [1])
        end = time.monotonic() + PATIENCE
        while waiting[0] and self.exit_code is None and time.monotonic() < end:
            self.read(0.01)
            fcntl.ioctl(self._slave, termios.FIONREAD, waiting)
        alone = time.monotonic() + ESCAPE_DELAY
        while (left := alone - time.monotonic()) > 0:
            self.read(left)

    def _set_size(self, cols: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def _draw(self) -> None:
        # Only now, because drawing while the program writes would make the program wait.
        data, self._undrawn = self._undrawn, b""
        if cut := _UNFINISHED.search(data):
            data, self._undrawn = data[: cut.start()], data[cut.start() :]
        for part in _SWITCH.split(_UNMODELLED.sub(b"", data)):
            if part in (ALTERNATE_ON, ALTERNATE_OFF):
                self._switch(part == ALTERNATE_ON)
            else:
                self._stream.feed(part)

    def _switch(self, alternate: bool) -> None:
        """Change between the main screen and the alternate one, which pyte does not model."""
        if alternate == (self._behind is not None):
            return
        if self._behind is None:
            self._behind = self._screen
            self._screen = pyte.Screen(self._screen.columns, self._screen.lines)
        else:
            columns, lines = self._screen.columns, self._screen.lines
            self._screen, self._behind = self._behind, None
            self._screen.resize(lines, columns)
        self._stream = pyte.ByteStream(self._screen)

    def _answer(self, data: bytes) -> None:
        for mode in _MODE_QUERY.findall(data):
            self.type(f"\x1b[?{mode.decode()};0$y")
        for _ in _DEVICE_QUERY.findall(data):
            self.type("\x1b[?6c")
        for _ in _PLACE_QUERY.findall(data):
            self._draw()
            self.type(f"\x1b[{self._screen.cursor.y + 1};{self._screen.cursor.x + 1}R")
