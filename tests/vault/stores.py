"""Key stores that misbehave, each in one way. The place is told to use them by name."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend


class Good(KeyringBackend):
    """Keeps what it is given, longer than one instance lives."""

    priority = 0.1
    kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Forgetful(Good):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Clingy(Good):
    """Says it deleted, and did not."""

    def delete_password(self, service: str, username: str) -> None:
        pass


class LateYes(Good):
    """Keeps what it is given, and never says so."""

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password)
        threading.Event().wait()


class LateNo(Good):
    """Neither keeps what it is given nor says so."""

    def set_password(self, service: str, username: str, password: str) -> None:
        threading.Event().wait()


class Talkative(Good):
    """Fails with the key in its complaint."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot keep {password}")


class Indiscreet(Good):
    """Fails to read, with what it holds in its complaint."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError(f"cannot show {self.kept}")


class PlaintextKeyring(Good):
    """Named like the one that writes plain text."""


class Alternative(Good):
    """Looks as if it came from keyrings.alt."""

    __module__ = "keyrings.alt.file"


class Stranger(Good):
    """Somebody's own."""

    __module__ = "acme.vault"
