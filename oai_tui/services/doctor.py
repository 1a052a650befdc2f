"""Looking at everything the program depends on: what works, what does not, and the way out."""

from __future__ import annotations

import platform
from collections.abc import AsyncIterator, Mapping, Sized
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from oai_tui import __version__
from oai_tui.core.cuts import Grain
from oai_tui.core.errors import Problem, StoreProblem, VaultMissing
from oai_tui.core.kinds import Kind
from oai_tui.core.secret_kind import SecretKind, kind_of
from oai_tui.core.text import clean
from oai_tui.services.kept import Kept, kept
from oai_tui.services.setup import Setup
from oai_tui.services.start import setup_of
from oai_tui.store import cache, journal, ledger_file
from oai_tui.store.cache import Cache
from oai_tui.store.compacting import taken
from oai_tui.store.journal import Journal
from oai_tui.store.ledger import MOST_BYTES, Ledger
from oai_tui.store.paths import Folders
from oai_tui.store.settings import Settings, SettingsFile
from oai_tui.vault.environment import VARIABLE, EnvironmentPlace
from oai_tui.vault.keyring_place import KeyringPlace
from oai_tui.vault.place import Condition, PlaceState

FIXED_CLOCK = "OAI_TUI_NOW"


class Mark(StrEnum):
    """How it stands with something."""

    OK = "ok"
    LOOK = "!"
    WRONG = "✖"


@dataclass(frozen=True, slots=True)
class Finding:
    """How it stands with one thing, and what to do about it if anything."""

    mark: Mark
    subject: str
    words: str
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line says about this run."""

    profile: str | None = None
    base_url: str | None = None
    read_only: bool = False


async def examine(
    environ: Mapping[str, str], folders: Folders, flags: Flags
) -> AsyncIterator[Finding]:
    """Yield how it stands with everything, in a fixed order. Never raises a Problem.

    It asks the platform two questions, and makes no file.
    """
    words = f"oai-tui {__version__}, Python {platform.python_version()} on {platform.system()}"
    yield Finding(Mark.OK, "version", words)
    try:
        settings = SettingsFile(folders.config).load()
        setup = setup_of(
            environ,
            folders,
            profile=flags.profile,
            base_url=flags.base_url,
            read_only=flags.read_only,
        )
    except Problem as problem:
        yield _of(problem, "setup")
        return
    yield _profile(setup, profile_from(environ, flags, settings))
    yield _address(setup)
    yield _settings(setup.settings.path)
    async for finding in examine_setup(setup, is_clock_fixed=bool(environ.get(FIXED_CLOCK))):
        yield finding


async def examine_setup(setup: Setup, *, is_clock_fixed: bool) -> AsyncIterator[Finding]:
    """Yield how it stands with a run that is set up: its key, the platform and the files."""
    async for finding in _access(setup, is_clock_fixed=is_clock_fixed):
        yield finding
    for finding in (_journal(setup), _cache(setup), _ledger(setup)):
        yield finding


def profile_from(environ: Mapping[str, str], flags: Flags, settings: Settings) -> str:
    """Return what decided which profile this run is for."""
    if flags.profile:
        return "--profile"
    if environ.get("OAI_TUI_PROFILE"):
        return "OAI_TUI_PROFILE"
    return "default_profile of the settings" if settings.default_profile else "the default"


def size(number: int) -> str:
    """Return a number of bytes as people write it: `64 MB`, `1.5 KB`."""
    for unit, bytes in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if number >= bytes:
            return f"{number / bytes:.1f}".removesuffix(".0") + f" {unit}"
    return f"{number} bytes"


def _profile(setup: Setup, source: str) -> Finding:
    read_only = ", read-only" if setup.read_only else ""
    return Finding(Mark.OK, "profile", f"{clean(setup.profile)}{read_only} (by {source})")


def _address(setup: Setup) -> Finding:
    source = setup.base_url_from or "the default"
    return Finding(Mark.OK, "base URL", f"{clean(setup.base_url.url)} (by {source})")


def _settings(path: Path) -> Finding:
    words = clean(path) if path.exists() else f"none at {clean(path)}; all is as by default"
    return Finding(Mark.OK, "settings", words)


async def _access(setup: Setup, *, is_clock_fixed: bool) -> AsyncIterator[Finding]:
    """Yield how it stands with the key: where it may live, whether it is there, what it may do."""
    for place in setup.places:
        if isinstance(place, KeyringPlace):
            yield _store(await place.state())
    found, problems = await kept(setup.places, setup.profile, setup.base_url)
    if found is None:
        others = (each for each in problems if not isinstance(each, VaultMissing))
        nobody = VaultMissing(
            f"Nobody is signed in for this profile at {setup.base_url.origin}.",
            "Run oai-tui login, or set OPENAI_ADMIN_KEY.",
        )
        yield _of(next(others, nobody), "key")
        return
    yield _key(found)
    # Late: it takes the libraries for HTTP along.
    from oai_tui.services.doctor_platform import examine_platform

    async for finding in examine_platform(setup, found.credential.secret, is_clock_fixed):
        yield finding


def _store(state: PlaceState) -> Finding:
    mark = Mark.OK if state.condition is Condition.WORKING else Mark.LOOK
    return Finding(mark, "key store", f"{state.condition}: {state.why}", state.way_out)


def _key(found: Kept) -> Finding:
    secret, where = found.credential.secret, found.place.name
    if isinstance(found.place, EnvironmentPlace):
        where = f"{VARIABLE}, which goes before the key store"
    kind = kind_of(secret)
    words = f"{secret.masked()}, {kind.label}, from {where}"
    if kind in (SecretKind.ADMIN, SecretKind.UNKNOWN):
        return Finding(Mark.OK, "key", words)
    return Finding(Mark.LOOK, "key", words, kind.what_it_cannot)


def _journal(setup: Setup) -> Finding:
    """Look for what was begun here and is not finished."""
    path = setup.folders.state / journal.FILE
    if not path.exists():
        return Finding(Mark.OK, "journal", f"none yet at {clean(path)}")
    try:
        opened = Journal(setup.folders.state)
        try:
            here = (setup.profile, setup.base_url.origin)
            creations, rotations = opened.unfinished(*here), opened.rotations(*here)
        finally:
            opened.close()
    except StoreProblem as problem:
        return _of(problem, "journal")
    if opened.set_aside:
        words = f"it was damaged and is kept as {clean(opened.set_aside)}"
        return Finding(Mark.LOOK, "journal", words, "Look at the list of keys for any of yours.")
    if creations or rotations:
        words = f"unfinished: {_several(creations, 'creation')}, {_several(rotations, 'rotation')}"
        ways = ["oai-tui keys list"] * bool(creations) + ["oai-tui keys rotations"] * bool(
            rotations
        )
        return Finding(Mark.LOOK, "journal", words, f"See to them: {', '.join(ways)}.")
    return Finding(Mark.OK, "journal", f"nothing unfinished, {size(taken(path))}")


def _several(things: Sized, word: str) -> str:
    return f"{len(things)} {word}{'s' * (len(things) != 1)}"


def _cache(setup: Setup) -> Finding:
    path = setup.folders.cache / cache.FILE
    trouble = ""
    if path.exists():
        opened = Cache(setup.folders.cache, setup.profile, setup.base_url.origin)
        trouble = opened.trouble
        opened.close()
    return _remembered("cache", path, cache.MOST_BYTES, trouble)


def _ledger(setup: Setup) -> Finding:
    path = setup.folders.cache / ledger_file.FILE
    trouble = ""
    if path.exists():
        opened = Ledger(setup.folders.cache, setup.profile, setup.base_url.origin)
        now = setup.clock()
        opened.known(Kind.COMPLETIONS, Grain.DAY, now, now)
        trouble = opened.trouble
        opened.close()
    return _remembered("ledger", path, MOST_BYTES, trouble)


def _remembered(subject: str, path: Path, most: int, trouble: str) -> Finding:
    if trouble:
        return Finding(Mark.LOOK, subject, trouble)
    words = f"{size(taken(path))} of at most {size(most)}, {clean(path)}"
    return Finding(Mark.OK, subject, words)


def _of(problem: Problem, subject: str) -> Finding:
    return Finding(Mark.WRONG, subject, problem.what, problem.way_out)
