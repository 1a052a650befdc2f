"""A key store in a file, for tests whose processes are killed: it can be told to be locked."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path

from oai_tui.core.errors import VaultLocked
from oai_tui.core.secret import Secret
from oai_tui.vault.credential import Credential
from oai_tui.vault.place import Condition, PlaceState


class Safe:
    """Keeps credentials in a file that lasts; `is_locked` lasts as well."""

    name = "keyring"
    can_keep = True

    def __init__(self, folder: Path) -> None:
        self._file = folder / "safe.json"
        self._lock = folder / "safe.locked"

    @property
    def is_locked(self) -> bool:
        return self._lock.exists()

    def lock(self) -> None:
        self._lock.touch()

    def unlock(self) -> None:
        self._lock.unlink(missing_ok=True)

    def content(self) -> dict[str, tuple[str, str]]:
        """Return the origin and the key of every entry, whether it is locked or not."""
        if not self._file.exists():
            return {}
        return {
            name: (each[0], each[1]) for name, each in json.loads(self._file.read_text()).items()
        }

    def values(self) -> set[str]:
        """Return every key in it."""
        return {key for _, key in self.content().values()}

    async def state(self) -> PlaceState:
        condition = Condition.LOCKED if self.is_locked else Condition.WORKING
        return PlaceState(condition, "Safe", "The safe is locked." if self.is_locked else "Fine.")

    async def load(self, profile: str, origin: str) -> Credential | None:
        found = self._opened().get(profile)
        return Credential(Secret(found[1]), found[0]).only_for(origin) if found else None

    async def save(self, profile: str, credential: Credential) -> None:
        entry = (credential.origin, credential.secret.reveal())
        with self._alone():
            self._write(self._opened() | {profile: entry})

    async def delete(self, profile: str) -> None:
        with self._alone():
            kept = self._opened().items()
            self._write({name: each for name, each in kept if name != profile})

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes out while it is changed, as a real key store does."""
        with open(self._file.with_suffix(".turn"), "w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield

    def _opened(self) -> dict[str, tuple[str, str]]:
        if self.is_locked:
            raise VaultLocked("The safe is locked.", "Unlock it.")
        return self.content()

    def _write(self, entries: dict[str, tuple[str, str]]) -> None:
        whole = self._file.with_suffix(".new")
        whole.write_text(json.dumps(entries))
        os.replace(whole, self._file)
