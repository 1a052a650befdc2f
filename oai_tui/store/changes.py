"""The record of changes: what was asked for is on disk before it is sent, and then how it ended."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from oai_tui.core.changes import Action, Change, Outcome
from oai_tui.core.errors import StoreProblem
from oai_tui.core.text import clean
from oai_tui.store.change_rows import line_of_ending, line_of_request, merged
from oai_tui.store.files import create_private, make_folder, problem_with

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without such locks
    fcntl = None  # type: ignore[assignment]

__all__ = ["Action", "Change", "ChangeLog", "Outcome"]

FILE = "changes.jsonl"
FOLDER = "changes"

_LONGEST_TURN = 2.0
"""Seconds to wait for another oai-tui that is writing its line."""


class ChangeLog:
    """What was changed at one place (`profile` and `origin`), shared by every oai-tui of this user.

    Lines are only ever added. `trouble` says in a sentence that some of them could not be read, as
    of the last reading, or is "". A change that is under way is held, and the system lets go of it
    when this process dies. Methods raise StoreProblem.
    """

    def __init__(self, folder: Path, profile: str, origin: str) -> None:
        self.path = folder / FILE
        self.trouble = ""
        self._locks = folder / FOLDER
        self._profile = profile
        self._origin = origin
        self._held: dict[str, int] = {}
        make_folder(folder)
        make_folder(self._locks)
        with self._in_words("opened"):
            create_private(self.path)

    def ask(self, change: Change) -> Change:
        """Write down what is going to be asked for; return it with its id.

        It is on disk when this returns, so that nothing is sent that nobody remembers.
        """
        asked = replace(change, id=secrets.token_hex(8), outcome=Outcome.ASKED)
        self._hold(asked.id)
        try:
            self._add(line_of_request(asked, self._profile, self._origin))
        except BaseException:
            self.let_go(asked)
            raise
        return asked

    def tell(
        self, change: Change, outcome: Outcome, at: datetime, is_now: str = "", request_id: str = ""
    ) -> Change:
        """Write down how a change ended, and let go of it."""
        ended = replace(change, outcome=outcome, is_now=is_now, request_id=request_id, ended_at=at)
        try:
            self._add(line_of_ending(ended))
        finally:
            self.let_go(change)
        return ended

    def note(self, change: Change, at: datetime) -> Change:
        """Write down a change of a figure of ours, which is done as soon as it is written."""
        noted = replace(
            change,
            id=secrets.token_hex(8),
            outcome=Outcome.DONE,
            is_now=change.is_now or change.wanted,
            ended_at=at,
        )
        self._add(line_of_request(noted, self._profile, self._origin) + line_of_ending(noted))
        return noted

    def recent(self, most: int | None = None) -> tuple[Change, ...]:
        """Return the changes made here, the newest first, those under way included."""
        with self._in_words("read"):
            content = self.path.read_bytes() if self.path.exists() else b""
        changes, damaged = merged(content.splitlines(), self._profile, self._origin)
        self.trouble = ""
        if damaged:
            lines = "1 line" if damaged == 1 else f"{damaged} lines"
            self.trouble = f"{lines} of {clean(self.path)} cannot be read and are left out."
        return tuple(reversed(changes))[:most]

    def abandoned(self) -> tuple[Change, ...]:
        """Return the changes whose process ended before it knew how they did, oldest first.

        They are held from now on, so that nobody else sees to them at the same time.
        """
        taken = []
        for change in reversed(self.recent()):
            if change.is_open and change.id not in self._held:
                with contextlib.suppress(BlockingIOError):
                    self._hold(change.id)
                    taken.append(change)
        # Whoever had one may have written how it ended just before letting go.
        still = {change.id for change in self.recent() if change.is_open} if taken else set()
        for change in taken:
            if change.id not in still:
                self.let_go(change)
        return tuple(change for change in taken if change.id in still)

    def let_go(self, change: Change) -> None:
        """Say that this process does nothing more about a change."""
        descriptor = self._held.pop(change.id, None)
        if descriptor is not None:
            with contextlib.suppress(OSError):  # the lock is what counts, not the file
                (self._locks / f"{change.id}.lock").unlink()
            os.close(descriptor)

    def close(self) -> None:
        """Let go of everything; what is under way is somebody else's to see to."""
        while self._held:
            os.close(self._held.popitem()[1])

    def _hold(self, id: str) -> None:
        """Take hold of a change. Raises BlockingIOError while another process has it."""
        make_folder(self._locks)
        with self._in_words("written"):
            path = self._locks / f"{Path(id).name}.lock"
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            _lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._held[id] = descriptor

    def _add(self, lines: bytes) -> None:
        """Add whole lines, on disk before this returns, or none of them."""
        with self._in_words("written"):
            create_private(self.path)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
            try:
                self._take_turn(descriptor)
                size = os.fstat(descriptor).st_size
                try:
                    _write(descriptor, _mended(descriptor, size) + lines)
                    os.fsync(descriptor)
                except BaseException:
                    os.ftruncate(descriptor, size)
                    raise
            finally:
                os.close(descriptor)

    def _take_turn(self, descriptor: int) -> None:
        until = time.monotonic() + _LONGEST_TURN
        while True:
            try:
                return _lock(descriptor)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise StoreProblem(
                        f"Another oai-tui keeps {clean(self.path)} to itself.",
                        "Look whether one hangs, and end it.",
                    ) from None
            time.sleep(0.01)

    @contextlib.contextmanager
    def _in_words(self, doing: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise problem_with(self.path, doing, error) from None


def _lock(descriptor: int) -> None:
    """Lock a file for this process. Raises BlockingIOError while another has it.

    Where files cannot be locked nobody is kept out.
    """
    if fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            return


def _mended(descriptor: int, size: int) -> bytes:
    """Return what ends the last line, where a crash cut it off."""
    if not size:
        return b""
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return b"" if os.read(descriptor, 1) == b"\n" else b"\n"


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
