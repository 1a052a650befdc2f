"""A key store in a file of the home folder, for programs that are started by tests."""

from __future__ import annotations

import json
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

SETTING = 'keyring_backend = "tests.cli.file_keyring.FileKeyring"\n'


class FileKeyring(KeyringBackend):
    """Keeps everything in `safe.json`; while there is a `safe.locked` it is locked."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._opened().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self._opened() | {f"{service}/{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        kept = self._opened()
        kept.pop(f"{service}/{username}", None)
        self._write(kept)

    def _opened(self) -> dict[str, str]:
        if (Path.home() / "safe.locked").exists():
            raise KeyringLocked("locked")
        file = Path.home() / "safe.json"
        return dict(json.loads(file.read_text())) if file.exists() else {}

    def _write(self, entries: dict[str, str]) -> None:
        (Path.home() / "safe.json").write_text(json.dumps(entries))
