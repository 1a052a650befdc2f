"""Handing a new key over without leaving it lying about."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, TypeVarTuple, Unpack

from oai_tui.core.delivery import Command, DeliveryFailed, Destination, DestinationKind
from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean
from oai_tui.services.delivery.command import check_command, hand_over
from oai_tui.services.delivery.env_file import check_env, put_in_env
from oai_tui.store.files import sync_folder
from oai_tui.vault.deadline import DeadlinePassed, within

WRITING_TIME = 20.0
"""Seconds a file may take: a network folder may never answer."""

T = TypeVar("T")
Args = TypeVarTuple("Args")


async def deliver(destination: Destination, secret: Secret, commands: Mapping[str, Command]) -> str:
    """Bring a key to a file, a .env file or a command, and return the receipt.

    A receipt is a sentence or two, that of a command its exit status and the first lines it said.
    Raises WrongInput, StoreProblem and DeliveryFailed, none of which holds the key; it is never
    lost by that. What only a screen can do is refused.
    """
    match destination.kind:
        case DestinationKind.FILE:
            path = await _in_time(destination, save_to_file, secret, destination.path)
            return f"Saved to {clean(path)}, readable by you only."
        case DestinationKind.ENV:
            return await _in_time(
                destination, put_in_env, secret, destination.path, destination.name
            )
        case DestinationKind.COMMAND:
            command = _command(destination.name, commands)
            return await hand_over(destination.name, command, secret)
    raise WrongInput(f"Only a person can take a key from {destination.words}.")


def check(destination: Destination, commands: Mapping[str, Command]) -> None:
    """Find out before a key is made whether it could be delivered; nothing is written or run.

    Raises WrongInput and StoreProblem with the sentence that `deliver` would raise.
    """
    match destination.kind:
        case DestinationKind.FILE:
            _check_file(destination.path)
        case DestinationKind.ENV:
            check_env(destination.path, destination.name)
        case DestinationKind.COMMAND:
            check_command(destination.name, _command(destination.name, commands))


def anchored(destination: Destination) -> Destination:
    """Return the same destination for every working folder, so that it can be remembered."""
    path = destination.path
    if not path or path.startswith("~") or Path(path).is_absolute():
        return destination
    return replace(destination, path=str(Path.cwd() / path))


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
        raise _there_already(path) from None
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


def _check_file(typed: str) -> None:
    why = ""
    try:
        path = Path(typed).expanduser()
        if os.path.lexists(path):
            raise _there_already(path)
        if not path.parent.is_dir():
            why = "there is no such folder"
        elif not os.access(path.parent, os.W_OK | os.X_OK):
            why = "permission is denied"
    except (OSError, ValueError, RuntimeError):
        why = "this is not a path"
    if why:
        raise StoreProblem(f"{clean(typed)} cannot be written: {why}.", "Name another file.")


def _command(name: str, commands: Mapping[str, Command]) -> Command:
    if name not in commands:
        raise WrongInput(
            f"The settings have no command {clean(name, 40)}.",
            f'Add [commands.{clean(name, 40)}] with run = ["…"] to them.',
        )
    return commands[name]


async def _in_time(destination: Destination, write: Callable[[Unpack[Args]], T], *args: *Args) -> T:
    try:
        return await within(WRITING_TIME, write, *args)
    except DeadlinePassed:
        raise DeliveryFailed(
            f"Nothing was heard of the {destination.words} for {WRITING_TIME:.0f} s; "
            "whether the key is there is not known.",
            "Look there before you go on; the key is still here.",
        ) from None


def _there_already(path: Path) -> WrongInput:
    return WrongInput(f"{clean(path)} is there already.", "Name a new file.")


def _cannot(path: Path, error: Exception) -> StoreProblem:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "not a path"
    return StoreProblem(
        f"{clean(path)} could not be written: {why}.", "Name another file; the key is still here."
    )
