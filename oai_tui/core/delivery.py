"""Where the value of a new key is to go, and how a person writes that down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from oai_tui.core.errors import Problem, WrongInput
from oai_tui.core.text import KEYLIKE, clean

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""The name of a variable that every reader of .env files understands."""

COMMAND_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""What a command may be called in the settings."""

DEFAULT_TIMEOUT = 30
"""Seconds a command may take unless the settings say otherwise."""

_LONGEST_PATH = 4096
_SPELLINGS = "Write show, clipboard, file:PATH, env:PATH:NAME or command:NAME."


class DeliveryFailed(Problem):
    """The value did not get where it was to go; the key itself is not lost by that.

    `status` is a command's exit status (below zero: the signal that ended it), None where there is
    none; `output` is what it said, cleaned and without any part of the value.
    """

    def __init__(
        self, what: str, way_out: str = "", status: int | None = None, output: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what, way_out)
        self.status = status
        self.output = output


class DestinationKind(StrEnum):
    """The ways out; the values are what a person types."""

    SHOW = "show"
    CLIPBOARD = "clipboard"
    FILE = "file"
    ENV = "env"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Destination:
    """One place a value goes to. It never holds the value, and may be remembered.

    `path` is that of a file or a .env file, as typed; `name` that of the variable or the command.
    """

    kind: DestinationKind
    path: str = ""
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Read `show`, `clipboard`, `file:PATH`, `env:PATH:NAME` or `command:NAME`.

        The last colon of `env` is the one before the name. Raises WrongInput.
        """
        if KEYLIKE.search(text):
            raise WrongInput("This looks like a key where a destination should be.", _SPELLINGS)
        word, colon, rest = text.strip().partition(":")
        if word in ("show", "clipboard") and not colon:
            return cls(DestinationKind(word))
        if word == "file" and rest.strip():
            return cls(DestinationKind.FILE, _path(rest))
        if word == "command" and rest:
            return cls(DestinationKind.COMMAND, name=_command(rest))
        path, colon, name = rest.rpartition(":")
        if word == "env" and path.strip():
            return cls(DestinationKind.ENV, _path(path), _variable(name))
        raise WrongInput(f"“{clean(text, 80)}” is no place to deliver a key to.", _SPELLINGS)

    @property
    def text(self) -> str:
        """The spelling that `parse` reads."""
        match self.kind:
            case DestinationKind.FILE:
                return f"file:{self.path}"
            case DestinationKind.ENV:
                return f"env:{self.path}:{self.name}"
            case DestinationKind.COMMAND:
                return f"command:{self.name}"
        return self.kind.value

    @property
    def words(self) -> str:
        """The same as part of a sentence: `variable OPENAI_API_KEY in ~/app/.env`."""
        match self.kind:
            case DestinationKind.FILE:
                return f"file {self.path}"
            case DestinationKind.ENV:
                return f"variable {self.name} in {self.path}"
            case DestinationKind.COMMAND:
                return f"command {self.name}"
            case DestinationKind.CLIPBOARD:
                return "the terminal's clipboard"
        return "the screen"

    @property
    def is_by_hand(self) -> bool:
        """Whether only a screen can do it, with a person in front of it."""
        return self.kind in (DestinationKind.SHOW, DestinationKind.CLIPBOARD)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the settings that takes a value on its standard input.

    Either `run`, its words as they are, or `shell`, a text for /bin/sh. `timeout` is in seconds.
    """

    run: tuple[str, ...] = ()
    shell: str = ""
    timeout: int = DEFAULT_TIMEOUT


def _path(text: str) -> str:
    path = text.strip()
    if clean(path, _LONGEST_PATH) != path:
        raise WrongInput("A path is short and has only visible characters.", _SPELLINGS)
    return path


def _variable(name: str) -> str:
    if not VARIABLE.fullmatch(name):
        raise WrongInput(
            f"“{clean(name, 40)}” is no name of a variable.",
            "Write env:PATH:NAME, such as env:~/app/.env:OPENAI_API_KEY.",
        )
    return name


def _command(name: str) -> str:
    if not COMMAND_NAME.fullmatch(name):
        raise WrongInput(
            f"“{clean(name, 40)}” is no name of a command.",
            "Use up to 40 letters, digits, - and _, as in [commands.vault-put] of the settings.",
        )
    return name
