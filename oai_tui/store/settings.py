"""What the person prefers: profiles, theme and keys, in a TOML file they may edit as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from oai_tui.core.base_url import OFFICIAL, BaseUrl
from oai_tui.core.budget import Budget
from oai_tui.core.delivery import COMMAND_NAME, DEFAULT_TIMEOUT, Command
from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.money import Money
from oai_tui.core.text import KEYLIKE, clean
from oai_tui.core.thresholds import Thresholds, Warnings
from oai_tui.store.files import make_folder, problem_with, write_whole
from oai_tui.store.toml import Reader, Where

FILE = "settings.toml"

DAILY, MONTHLY = "daily_budget", "monthly_budget"
"""The entries of a profile that hold its budgets."""

LONGEST_TIMEOUT = 3600
"""Seconds a command may be given at most."""

MOST_DAYS = 36_500
"""A hundred years: no key is older."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One organization: its address, whether changes are off, and what a person means to spend."""

    base_url: str = OFFICIAL
    read_only: bool = False
    budget: Budget = field(default_factory=Budget)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything in the file that this program understands.

    `keymap` maps the id of an action to the keys that do it; `keyring_backend` names a key store
    outside the trusted ones. An empty text means that nothing was chosen. `commands`,
    `thresholds` and `warnings` are only read: they are changed by hand.
    """

    profiles: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({}))
    default_profile: str = ""
    theme: str = ""
    keymap: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    keyring_backend: str = ""
    commands: Mapping[str, Command] = field(default_factory=lambda: MappingProxyType({}))
    thresholds: Thresholds = field(default_factory=Thresholds)
    warnings: Warnings = field(default_factory=Warnings)


class SettingsFile:
    """The file with the settings. Comments, order and entries of others stay as they are."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def load(self) -> Settings:
        """Return the settings, or the defaults while there is no file.

        Raises WrongInput, naming file and line, for what cannot be understood, and StoreProblem
        when the file cannot be read.
        """
        return _settings(self._reader())

    def update(self, change: Callable[[Settings], Settings]) -> Settings:
        """Read the file anew, change the settings, write them whole, and return them.

        Reading anew keeps what another oai-tui has written since. Raises as `load` does, leaving
        the file alone, and WrongInput rather than write what looks like a key.
        """
        reader = self._reader()
        before = _settings(reader)
        after = change(before)
        if after == before:
            return after
        text = self._rewritten(reader.source, before, after)
        make_folder(self.path.parent)
        write_whole(self.path, text.encode())
        return after

    def _rewritten(self, source: str, before: Settings, after: Settings) -> str:
        """Return the new text, once it is certain that it says what is wanted and no key."""
        from oai_tui.store.settings_text import edited  # only a change has to pay for it

        text: str | None
        try:
            text = edited(source, before, after)
        except Exception:  # of whatever kind, the editor does not get along with this file
            text = None
        if text is not None:
            _refuse_keys(self.path, text)
        if text is None or _settings(Reader(self.path, text.encode())) != after:
            raise StoreProblem(
                f"{clean(self.path)} is written in a way that cannot be changed without harm.",
                "Make this change in the file by hand.",
            )
        return text

    def _reader(self) -> Reader:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            data = b""
        except OSError as error:
            raise problem_with(self.path, "read", error) from None
        return Reader(self.path, data)


def _settings(reader: Reader) -> Settings:
    profiles = {name: _profile(reader, name) for name in reader.names(("profiles",))}
    default = reader.text(("default_profile",))
    if default and default not in profiles:
        raise reader.wrong(("default_profile",), f"names no profile: “{clean(default)}”")
    return Settings(
        profiles=MappingProxyType(profiles),
        default_profile=default,
        theme=reader.text(("theme",)),
        keymap=MappingProxyType(
            {action: reader.texts(("keymap", action)) for action in reader.names(("keymap",))}
        ),
        keyring_backend=reader.text(("keyring_backend",)),
        commands=MappingProxyType(
            {name: _command(reader, name) for name in reader.names(("commands",))}
        ),
        thresholds=_thresholds(reader),
        warnings=_warnings(reader),
    )


def _profile(reader: Reader, name: str) -> Profile:
    here = ("profiles", name)
    reader.names(here)
    address = (*here, "base_url")
    base_url = reader.text(address) or OFFICIAL
    try:
        BaseUrl.parse(base_url)
    except WrongInput as wrong:
        raise reader.wrong(address, f"cannot be used: {wrong.what.rstrip('.')}") from None
    return Profile(
        base_url=base_url,
        read_only=reader.flag((*here, "read_only")),
        budget=Budget(_budget(reader, (*here, DAILY)), _budget(reader, (*here, MONTHLY))),
    )


def _budget(reader: Reader, where: Where) -> Money | None:
    text = reader.text(where)
    try:
        amount = Money.parse(text) if text else None
    except WrongInput as wrong:
        raise reader.wrong(where, f"is no budget: {wrong.what.rstrip('.')}") from None
    if amount is not None and not amount.dollars:
        raise reader.wrong(where, "is no budget: leave it out where there is none")
    return amount


def _command(reader: Reader, name: str) -> Command:
    here = ("commands", name)
    entries = reader.names(here)
    if not COMMAND_NAME.fullmatch(name):
        raise reader.wrong(here, "has a name with more than 40 letters, digits, - and _")
    if ("run" in entries) == ("shell" in entries):
        raise reader.wrong(here, "needs either run, a list of words, or shell, a text")
    run = reader.texts((*here, "run")) if "run" in entries else ()
    shell = reader.text((*here, "shell"))
    source = "run" if "run" in entries else "shell"
    if not shell.strip() and not (run and run[0].strip()):
        raise reader.wrong((*here, source), "names no program")
    words = (*run, shell)
    if any("\0" in word for word in words):
        raise reader.wrong((*here, source), "holds a character that no command can have")
    if any(KEYLIKE.search(word) for word in words):
        raise reader.wrong((*here, source), "holds what looks like a key")
    timeout = reader.number((*here, "timeout"), DEFAULT_TIMEOUT, 1, LONGEST_TIMEOUT)
    return Command(run, shell, timeout)


def _thresholds(reader: Reader) -> Thresholds:
    reader.names(("health",))
    usual = Thresholds()
    return Thresholds(
        **{
            name: reader.number(("health", name), getattr(usual, name), 0, MOST_DAYS)
            for name in ("expiring_days", "stale_days", "oldest_days")
        }
    )


def _warnings(reader: Reader) -> Warnings:
    here, usual = ("billing",), Warnings()
    entries = reader.names(here)
    percent = usual.near_percent
    if "near_percent" in entries:
        percent = reader.number((*here, "near_percent"), 0, 1, 100)
    days = reader.number((*here, "runway_days"), usual.runway_days, 0, MOST_DAYS)
    pace = reader.flag((*here, "pace")) if "pace" in entries else usual.pace
    return Warnings(near_percent=percent, runway_days=days, pace=pace)


def _refuse_keys(path: Path, text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if KEYLIKE.search(line):
            raise WrongInput(
                f"{clean(path)} would hold what looks like a key, in line {number}.",
                "Keys belong in the key store: take it out of the settings.",
            )
