"""Deciding, before anything is asked of the network, how this run works.

What a flag says wins over the environment, that over the profile, that over the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from oai_tui.core.base_url import OFFICIAL, BaseUrl
from oai_tui.core.errors import WrongInput
from oai_tui.core.text import KEYLIKE, clean
from oai_tui.services.setup import Demo, Setup
from oai_tui.store.paths import Folders
from oai_tui.store.settings import Profile, SettingsFile
from oai_tui.vault.environment import EnvironmentPlace
from oai_tui.vault.keyring_place import KeyringPlace
from oai_tui.vault.memory import MemoryPlace

if TYPE_CHECKING:
    from oai_tui.core.zone import Zone

FIRST_PROFILE = "default"
_LONGEST_NAME = 40
_NAME_ANOTHER = f"Use up to {_LONGEST_NAME} visible characters, such as work."


def setup_of(
    environ: Mapping[str, str],
    folders: Folders,
    *,
    profile: str | None = None,
    base_url: str | None = None,
    read_only: bool = False,
) -> Setup:
    """Return how a run is set up. Raises WrongInput and StoreProblem."""
    file = SettingsFile(folders.config)
    settings = file.load()
    name = profile or environ.get("OAI_TUI_PROFILE") or settings.default_profile or FIRST_PROFILE
    _refuse_name(name)
    known = settings.profiles.get(name, Profile())
    address, source = _address(base_url, environ, known)
    return Setup(
        profile=name,
        base_url=BaseUrl.parse(address),
        base_url_from=source,
        read_only=read_only or known.read_only,
        folders=folders,
        settings=file,
        places=(
            EnvironmentPlace(_environment_of_key(environ, base_url)),
            KeyringPlace(settings.keyring_backend or None),
            MemoryPlace(),
        ),
        clock=clock_of(environ),
        theme=settings.theme,
        keymap=settings.keymap,
        commands=settings.commands,
        thresholds=settings.thresholds,
        local_zone=partial(_local_zone, environ),
    )


def demo_setup(folders: Folders, demo: Demo, clock: Callable[[], datetime]) -> Setup:
    """Return the setup of a run on a platform inside this process, which keeps nothing."""
    return Setup(
        profile="demo",
        base_url=BaseUrl.parse("http://localhost/v1"),
        base_url_from="the demo",
        read_only=False,
        folders=folders,
        settings=SettingsFile(folders.config),
        places=(MemoryPlace(),),
        clock=clock,
        demo=demo,
        local_zone=partial(_local_zone, os.environ),
    )


def clock_of(environ: Mapping[str, str]) -> Callable[[], datetime]:
    """Return the clock: the system's, or one that stands where OAI_TUI_NOW says (ISO, UTC)."""
    text = environ.get("OAI_TUI_NOW")
    if not text:
        return lambda: datetime.now(UTC)
    fixed = moment_of(text)
    return lambda: fixed


def moment_of(text: str) -> datetime:
    """Read a moment as 2026-11-22T12:00; without a time zone it is UTC. Raises WrongInput."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInput(
            f"“{clean(text, 40)}” is not a time.", "Write it as 2026-11-22T12:00."
        ) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _local_zone(environ: Mapping[str, str]) -> Zone:
    from oai_tui.services.local_zone import local_zone

    return local_zone(environ)


def _refuse_name(profile: str) -> None:
    """Refuse a name that would not be the same everywhere it is used, and a key in its place."""
    if KEYLIKE.search(profile):
        raise WrongInput("This is a key where the name of a profile should be.", _NAME_ANOTHER)
    if profile != clean(profile, _LONGEST_NAME).strip():
        raise WrongInput(f"“{clean(profile, 40)}” cannot be the name of a profile.", _NAME_ANOTHER)


def _environment_of_key(environ: Mapping[str, str], flag: str | None) -> Mapping[str, str]:
    """A flag moves the key of the environment to its address; what a profile says does not."""
    return {**environ, "OPENAI_BASE_URL": flag} if flag else environ


def _address(flag: str | None, environ: Mapping[str, str], profile: Profile) -> tuple[str, str]:
    if flag:
        return flag, "--base-url"
    if in_environment := environ.get("OPENAI_BASE_URL"):
        return in_environment, "OPENAI_BASE_URL"
    if profile.base_url != OFFICIAL:
        return profile.base_url, "the profile"
    return OFFICIAL, ""
