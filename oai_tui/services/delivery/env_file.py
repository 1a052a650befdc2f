"""Putting a new key into a variable of a .env file, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oai_tui.core.delivery import DeliveryFailed
from oai_tui.core.dotenv import Unclear, replaced, values
from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean
from oai_tui.store.files import problem_with, sync_folder

LARGEST = 1024 * 1024
"""Bytes; a file with settings is smaller."""

LOCK_WAIT = 5.0
"""Seconds another delivery into the same folder is waited for."""

_TRIES = 3
_BY_HAND = "Deliver the key another way, and change this file by hand."
_STAND_IN = "x"


@dataclass(frozen=True, slots=True)
class _Found:
    """A file as it was read; `status` None and an empty text when there is none yet."""

    text: str
    status: os.stat_result | None

    def is_same(self, status: os.stat_result | None) -> bool:
        if status is None or self.status is None:
            return status is self.status
        return _identity(status) == _identity(self.status)


def check_env(typed: str, name: str) -> None:
    """Find out, without writing anything, whether a variable of a file can be replaced.

    Raises WrongInput and StoreProblem as `put_in_env` does.
    """
    path = _target(typed)
    _changed(typed, _read(typed, path), name, _STAND_IN)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise StoreProblem(f"Nothing can be written in the folder of {clean(typed)}.", _BY_HAND)


def put_in_env(secret: Secret, typed: str, name: str) -> str:
    """Replace a variable of a .env file and return what was done, in a sentence or two.

    All else in the file stays byte for byte, as do its mode and owner; a missing variable is
    added, a missing file made for its owner only. Raises WrongInput where that cannot be done
    safely, StoreProblem where it cannot be written, leaving the file as it was, and DeliveryFailed
    when it holds something else afterwards.
    """
    path = _target(typed)
    with _alone_in(path.parent):
        for _ in range(_TRIES):
            before = _read(typed, path)
            text, places = _changed(typed, before, name, secret.reveal())
            if _replace(typed, path, before, text):
                break
        else:
            raise StoreProblem(f"Another program keeps changing {clean(typed)}.", "Try again.")
        after = _read_back(typed, path, name, [secret.reveal()] * max(places, 1))
    return _receipt(typed, name, places, before, after)


def _read_back(typed: str, path: Path, name: str, wanted: list[str]) -> _Found:
    try:
        after = _read(typed, path)
        is_there = values(after.text, name) == wanted
    except (WrongInput, StoreProblem, Unclear):
        is_there = False
    if not is_there:
        raise DeliveryFailed(
            f"{clean(typed)} was written, but does not hold the key when it is read again.",
            "Look at the file; the key is still here.",
        )
    return after


def _receipt(typed: str, name: str, places: int, before: _Found, after: _Found) -> str:
    path = clean(typed)
    if before.status is None:
        return f"{name} written to the new file {path}, readable by you only."
    said = f"{name} replaced in {path}." if places else f"{name} added to {path}."
    if places > 1:
        said += f" It stood there {places} times, and every one was replaced."
    mode = stat.S_IMODE(after.status.st_mode) if after.status else 0
    if mode & 0o044:
        said += f" Others on this machine may read this file (mode {mode:04o})."
    return said


def _target(typed: str) -> Path:
    """Return the file meant; of a symbolic link, the file it leads to."""
    try:
        return Path(os.path.realpath(Path(typed).expanduser()))
    except (OSError, ValueError, RuntimeError):
        raise WrongInput(f"{clean(typed)} is no path on this machine.", _BY_HAND) from None


def _read(typed: str, path: Path) -> _Found:
    try:
        status = _status(path)
        if status is None:
            if not path.parent.is_dir():
                raise _refused(typed, "is in a folder that does not exist")
            return _Found("", None)
        _refuse_unsafe(typed, status)
        # Not to wait for ever, should it have become a pipe in the meantime.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with open(descriptor, "rb") as file:
            status, data = os.fstat(descriptor), file.read(LARGEST + 1)
    except OSError as error:
        raise problem_with(Path(typed), "read", error) from None
    _refuse_unsafe(typed, status)
    if len(data) > LARGEST:
        raise _refused(typed, "is larger than a file with settings")
    if b"\0" in data:
        raise _refused(typed, "is no text file")
    try:
        return _Found(data.decode("utf-8"), status)
    except UnicodeDecodeError:
        raise _refused(typed, "is not UTF-8 text") from None


def _refuse_unsafe(typed: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _refused(typed, "is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise _refused(typed, "is no ordinary file")
    if not status.st_mode & 0o200:
        raise _refused(typed, "is read-only")
    if status.st_nlink > 1:
        raise _refused(typed, "has a second name (a hard link), which would keep the old key")
    if os.geteuid() == 0:
        return
    if status.st_uid != os.geteuid():
        raise _refused(typed, "belongs to somebody else, and replacing it would change that")
    if status.st_gid not in (os.getegid(), *os.getgroups()):
        raise _refused(typed, "belongs to a group you are not in, and replacing it would change it")


def _changed(typed: str, before: _Found, name: str, value: str) -> tuple[str, int]:
    try:
        return replaced(before.text, name, value)
    except Unclear as unclear:
        where = f", line {unclear.line}" if unclear.line else ""
        raise WrongInput(
            f"{clean(typed)}{where} cannot be changed safely: {unclear.why}.", _BY_HAND
        ) from None


def _replace(typed: str, path: Path, before: _Found, text: str) -> bool:
    """Put the new text in the place of the file; False when it is no longer as it was read."""
    temporary = path.with_name(f".{path.name}.oai-tui")
    try:
        temporary.unlink(missing_ok=True)  # from a run that was killed
        _write(temporary, text.encode(), before.status, path)
        if not before.is_same(_status(path)):
            temporary.unlink()
            return False
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise problem_with(Path(typed), "written", error) from None
    with contextlib.suppress(OSError):  # not every file system can; the file itself is on disk
        sync_folder(path.parent)
    return True


def _write(path: Path, data: bytes, like: os.stat_result | None, model: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        if like:
            mine = os.fstat(descriptor)
            if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
                os.fchown(descriptor, like.st_uid, like.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
            _copy_attributes(model, descriptor)
        os.fsync(descriptor)


def _copy_attributes(model: Path, descriptor: int) -> None:
    """Give a file the access list and other attributes of another, where there are such things."""
    if not hasattr(os, "listxattr"):
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(model):
            os.setxattr(descriptor, name, os.getxattr(model, name))


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other deliveries out of a folder, in this program and others, where it can be locked."""
    import fcntl

    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield  # what is wrong with it shows when the file is read or written
        return
    try:
        end = time.monotonic() + LOCK_WAIT
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise StoreProblem(
                        f"Another program holds the folder {clean(folder)}.", "Try again."
                    ) from None
                time.sleep(0.02)
            except OSError:
                break  # this file system has no locks
        yield
    finally:
        os.close(descriptor)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _refused(typed: str, why: str) -> WrongInput:
    return WrongInput(f"{clean(typed)} {why}.", _BY_HAND)
