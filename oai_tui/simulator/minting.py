"""Ids and secrets that look like the platform's and follow from a seed and a label alone."""

from __future__ import annotations

import hashlib
import string

_PLAIN = string.ascii_letters + string.digits
_WIDE = _PLAIN + "-_"
_TO_PLAIN = bytes(ord(_PLAIN[value % len(_PLAIN)]) for value in range(256))
_TO_WIDE = bytes(ord(_WIDE[value % len(_WIDE)]) for value in range(256))
_MARKER = "T3BlbkFJ"
_SECRET_FORMS = {
    "admin": ("sk-admin-", 58),
    "user": ("sk-proj-", 70),
    "service_account": ("sk-svcacct-", 68),
}


def _bytes(seed: int, label: str, length: int) -> bytes:
    return hashlib.shake_256(f"{seed}:{label}".encode()).digest(length)


def identifier(seed: int, label: str, prefix: str, length: int = 16) -> str:
    """Give `prefix` and `length` letters or digits, the same ones for the same seed and label."""
    return prefix + _bytes(seed, label, length).translate(_TO_PLAIN).decode("ascii")


def hexadecimal(seed: int, label: str, length: int) -> str:
    """Give `length` hexadecimal digits (an even number)."""
    return _bytes(seed, label, length // 2).hex()


def secret(seed: int, label: str, kind: str) -> str:
    """Give the value of a key of `kind` `admin`, `user` or `service_account`."""
    prefix, half = _SECRET_FORMS[kind]
    letters = _bytes(seed, label, 2 * half).translate(_TO_WIDE).decode("ascii")
    return f"{prefix}{letters[:half]}{_MARKER}{letters[half:-1]}A"


def redacted(value: str, style: str = "dots") -> str:
    """Shorten a secret as lists show it; `stars` keeps its length, as the live service does."""
    hidden = "..." if style == "dots" else "*" * (len(value) - 12)
    return f"{value[:8]}{hidden}{value[-4:]}"
