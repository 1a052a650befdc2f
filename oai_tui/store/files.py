"""Files and folders that only their owner can read, and writes that are whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from oai_tui.core.errors import StoreProblem
from oai_tui.core.text import clean

_REASONS = {
    errno.ENOSPC: ("the disk is full", "Free some space and try again."),
    errno.EDQUOT: ("your disk quota is used up", "Free some space and try again."),
    errno.EFBIG: ("the file would become too large", "Raise the limit on file sizes."),
    errno.EROFS: ("the disk is read-only", "Make it writable and try again."),
    errno.EACCES: ("permission is denied", "Look at the owner and the mode of the folder."),
    errno.EPERM: ("permission is denied", "Look at the owner and the mode of the folder."),
    errno.ENOTDIR: ("a file is where a folder should be", "Move that file away."),
    errno.EEXIST: ("a file is where a folder should be", "Move that file away."),
}


def problem_with(path: Path, doing: str, error: OSError) -> StoreProblem:
    """Return what went wrong as a sentence: `doing` is the verb, such as `written`."""
    reason, way_out = _REASONS.get(
        error.errno or 0, (clean(error.strerror or type(error).__name__), "")
    )
    return StoreProblem(f"{clean(path)} cannot be {doing}: {reason}.", way_out)


def make_folder(path: Path) -> None:
    """Make a folder with mode 0700, and tighten one that is there. Raises StoreProblem."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise problem_with(path, "made a folder of ours", error) from None


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file by another, mode 0600, on disk before this returns. Raises StoreProblem.

    Whoever reads, whenever the power fails, finds the old content or the new. A symbolic link stays
    one: the file it points to is replaced.
    """
    target = Path(os.path.realpath(path))
    temporary = None
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise problem_with(path, "written", error) from None


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, mode 0600, on disk before this returns.

    Raises StoreProblem, also for a file that is there; one that was only begun is removed again.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise StoreProblem(f"{clean(path)} is there already.", "Choose another name.") from None
    except OSError as error:
        raise problem_with(path, "written", error) from None
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise problem_with(path, "written", error) from None


def create_private(path: Path) -> None:
    """Create an empty file with mode 0600 unless there is a file already. Raises OSError."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        # By path and never opened: closing a database file drops this process's locks on it.
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        return
    os.close(descriptor)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Have a folder's own entries on disk, where the system can do that. Raises OSError."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
