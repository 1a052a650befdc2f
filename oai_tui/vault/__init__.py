"""Where secrets live; the only room that imports keyring."""

from __future__ import annotations

from oai_tui.vault.credential import Credential
from oai_tui.vault.environment import EnvironmentPlace
from oai_tui.vault.keyring_place import KeyringPlace
from oai_tui.vault.memory import MemoryPlace
from oai_tui.vault.place import Condition, Place, PlaceState

__all__ = [
    "Condition",
    "Credential",
    "EnvironmentPlace",
    "KeyringPlace",
    "MemoryPlace",
    "Place",
    "PlaceState",
]
