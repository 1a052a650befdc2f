"""A secret value that does not show itself."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """An API key that never shows itself in reprs, formats, logs, tracebacks or pickles."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key itself: for one request header, one store write, one delivery."""
        return self._value

    def masked(self) -> str:
        """Return the prefix that names its kind and its last four characters, `sk-admin…7f3a`.

        A value too short to keep most of itself hidden shows nothing but `…`.
        """
        if len(self._value) < 24:
            return "…"
        head = next((p for p in _PREFIXES if self._value.startswith(p)), "")
        return f"{head.rstrip('-')}…{self._value[-4:]}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac

        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not serialised")


_PREFIXES = ("sk-admin-", "sk-proj-", "sk-svcacct-", "sk-None-", "sess-", "sk-")
