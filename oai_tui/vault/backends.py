"""Which of keyring's backends may hold a key. Blocking, and imports keyring: for a thread only."""

from __future__ import annotations

from typing import Protocol, cast

from oai_tui.core.errors import VaultLocked, VaultMissing, VaultProblem, VaultSilent
from oai_tui.core.text import clean

SHOWN = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service (libsecret)",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
"""The modules trusted without being asked for, and their names for people."""

_NULL, _FAIL, _CHAINER = (f"keyring.backends.{name}" for name in ("null", "fail", "chainer"))

_OTHER_PLACES = (
    "Start a key store such as GNOME Keyring or KWallet, set OPENAI_ADMIN_KEY, "
    "or keep the key for this run only."
)


class Backend(Protocol):
    """The part of a keyring backend that is used here."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        ...


def pick(named: str | None) -> Backend:
    """Return the backend to use: the one named in our settings, else a trusted one.

    Raises VaultMissing with the reason when there is none that may hold a key.
    """
    from keyring.core import get_keyring, load_keyring

    if named is not None:
        try:
            asked_for = load_keyring(named)
        except Exception as error:
            problem = VaultMissing(
                f"The key store {clean(named)} named in the settings cannot be used "
                f"({type(error).__name__}).",
                "Install it, or take keyring_backend out of the settings.",
            )
        else:
            return _not_refused(asked_for, named=True)
        raise problem
    try:
        chosen = get_keyring()
    except Exception as error:
        problem = VaultMissing(
            f"keyring's own configuration names a key store that cannot be used "
            f"({type(error).__name__}).",
            "Look at PYTHON_KEYRING_BACKEND and keyringrc.cfg (`keyring diagnose` shows both).",
        )
    else:
        return _not_refused(_trusted(chosen), named=False)
    raise problem


def shown(backend: object) -> str:
    """Return a backend's name for people; one outside the trusted list by its full name."""
    return SHOWN.get(_module(backend)) or _full_name(backend)


def _module(backend: object) -> str:
    return type(backend).__module__


def _full_name(backend: object) -> str:
    return clean(f"{_module(backend)}.{type(backend).__qualname__}")


def _trusted(chosen: object) -> object:
    """Return the first trusted member of a chain, and of those that came up since the start."""
    from keyring.backend import KeyringBackend
    from keyring.backends.chainer import ChainerBackend

    if isinstance(chosen, ChainerBackend):
        members = list(chosen.backends)
        return next((member for member in members if _module(member) in SHOWN), members[0])
    if _module(chosen) == _FAIL:
        # keyring remembers its first choice for ever; a key store may have been started since.
        viable = [c for c in KeyringBackend.get_viable_backends() if c.__module__ in SHOWN]
        return max(viable, key=lambda c: c.priority)() if viable else chosen
    return chosen


def _not_refused(backend: object, named: bool) -> Backend:
    module = _module(backend)
    if module == _FAIL:
        raise VaultMissing("No key store can be reached on this machine.", _OTHER_PLACES)
    if module == _NULL:
        raise VaultMissing(
            "keyring is switched off here (its null backend), so it would forget the key at once.",
            "Remove it from keyringrc.cfg or PYTHON_KEYRING_BACKEND, or choose another place.",
        )
    if "plaintext" in type(backend).__qualname__.lower():
        raise VaultMissing(
            f"{_full_name(backend)} writes keys to a file as plain text, which oai-tui never does.",
            _OTHER_PLACES,
        )
    if module in SHOWN or named:
        return cast(Backend, backend)
    if module.split(".")[0] == "keyrings":
        raise VaultMissing(
            f"{_full_name(backend)} keeps keys in a file or asks for a password on the terminal, "
            "so it is not used unasked.",
            _OTHER_PLACES,
        )
    raise VaultMissing(
        f"{_full_name(backend)} is a key store that oai-tui does not know.",
        f'To trust it, set keyring_backend = "{_full_name(backend)}" in the settings.',
    )


def problem_after(error: Exception, detail: str) -> VaultProblem:
    """Return what a failed call says about the key store, without the failed call's own text.

    Its text and its frames may hold the key, so only its type is kept.
    """
    names = {type(link).__name__ for link in _causes(error)}
    if names & _GONE or any(isinstance(link, OSError) for link in _causes(error)):
        return VaultMissing(f"{detail} cannot be reached any more.", _OTHER_PLACES)
    if names & {"KeyringLocked", "InitError"}:
        return VaultLocked(
            f"{detail} is locked, so it is not known whether a key is stored.",
            "Unlock it (log in to the desktop, or unlock the keyring) and try again.",
        )
    return VaultSilent(
        f"{detail} failed without saying why ({clean(type(error).__name__)}).",
        "Try again; if it stays like this, restart the key store or choose another place.",
    )


_GONE = {"NoKeyringError", "SecretServiceNotAvailableException"}


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__
    return found
