"""Saying which rotations are being worked on, so that a second oai-tui leaves them alone.

The system lets go of a lock when the process that holds it dies, however it dies.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from oai_tui.core.errors import StoreProblem
from oai_tui.store.files import make_folder, problem_with

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without such locks
    fcntl = None  # type: ignore[assignment]

FOLDER = "rotations"


class Hold:
    """The right to work on one rotation. `trouble` says why it may not be exclusive, or ""."""

    def __init__(self, path: Path, descriptor: int | None, trouble: str = "") -> None:
        self._path = path
        self._descriptor = descriptor
        self.trouble = trouble

    @classmethod
    def take(cls, state_folder: Path, id: str) -> Hold | None:
        """Take hold of a rotation; None while another process has it.

        Where files cannot be locked the hold is given all the same, with the trouble told.
        """
        path = state_folder / FOLDER / f"{id}.lock"
        if fcntl is None:  # pragma: no cover
            return cls(path, None, _UNGUARDED)
        try:
            make_folder(path.parent)
            while (descriptor := os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)) >= 0:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BaseException:
                    os.close(descriptor)
                    raise
                if _is_still(path, descriptor):
                    break
                os.close(descriptor)
        except BlockingIOError:
            return None
        except (OSError, StoreProblem) as error:
            why = error if isinstance(error, StoreProblem) else problem_with(path, "locked", error)
            return cls(path, None, f"{why.what} {_UNGUARDED}")
        return cls(path, descriptor)

    def let_go(self) -> None:
        """Free the rotation for others."""
        if self._descriptor is None:
            return
        with contextlib.suppress(OSError):  # the lock is what counts, not the file
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None


_UNGUARDED = "Another oai-tui would not see that this rotation is being worked on."


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the locked file is the one others find: its last holder may have removed it."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
