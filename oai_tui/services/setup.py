"""How the program was started."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from oai_tui.api.exchange import AsgiApp
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.delivery import Command
from oai_tui.core.secret import Secret
from oai_tui.core.thresholds import Thresholds
from oai_tui.store.paths import Folders
from oai_tui.store.settings import SettingsFile
from oai_tui.vault.place import Place

if TYPE_CHECKING:
    from oai_tui.core.zone import Zone


def _utc() -> Zone:
    from oai_tui.core.zone import UTC

    return UTC


@dataclass(frozen=True, slots=True)
class Demo:
    """A platform inside this process, and the key that opens it."""

    app: AsgiApp
    admin_key: Secret


@dataclass(frozen=True, slots=True)
class Setup:
    """How the program was started. `base_url_from` names what decided the address.

    `places` are where a key is looked for, in that order; those that can keep one are offered at
    sign-in. `commands` take new keys on their standard input, by name; `thresholds` say from when
    on a key needs a person. `local_zone` tells where the days of the person begin.
    """

    profile: str
    base_url: BaseUrl
    base_url_from: str
    read_only: bool
    folders: Folders
    settings: SettingsFile
    places: tuple[Place, ...]
    clock: Callable[[], datetime]
    theme: str = ""
    keymap: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    commands: Mapping[str, Command] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    demo: Demo | None = None
    local_zone: Callable[[], Zone] = _utc
