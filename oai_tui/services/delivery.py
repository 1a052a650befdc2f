"""Handing a new key over without leaving it lying about."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean
from oai_tui.store.files import sync_folder


def save_to_file(secret: Secret, typed: str) -> Path:
    """Write the key, with a line end, to a new file that only its owner can read.

    Raises WrongInput when the file is there already or not named, and StoreProblem when it
    cannot be written; a file that was begun is then removed again.
    """
    if not typed.strip():
        raise WrongInput("No file was named.", "Type a path such as ~/ci-deploy.key.")
    path = Path(typed.strip())
    try:
        path = path.expanduser()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WrongInput(f"{clean(path)} is there already.", "Name a new file.") from None
    except (OSError, ValueError, RuntimeError) as error:
        raise _cannot(path, error) from None
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secret.reveal() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise _cannot(path, error) from None
    with contextlib.suppress(OSError):  # not every file system can; the file itself is on disk
        sync_folder(path.parent)
    return path


def _cannot(path: Path, error: Exception) -> StoreProblem:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
    return StoreProblem(
        f"{clean(path)} could not be written: {why}.", "Name another file; the key is still here."
    )
