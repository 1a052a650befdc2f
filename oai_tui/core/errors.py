"""Everything that can go wrong, as one tree. Callers choose how much of it to catch.

Problem                       one sentence, the way out, and the request id where there was one
├── WrongInput                what the person typed cannot be used
├── ApiProblem                the platform did not do what was asked
│   ├── Unreachable           no connection, or it broke before an answer came
│   ├── TooSlow               no whole answer within the deadline
│   ├── KeyRefused            401: the key is unknown, revoked or not usable from here
│   ├── MissingScope          the key is real but may not do this
│   ├── NotFound              404
│   ├── Rejected              400, 409, 422: the platform refuses this request
│   ├── RateLimited           429, and the wait asked for is longer than we wait by ourselves
│   ├── PlatformDown          5xx
│   ├── BadAnswer             an answer that cannot be trusted
│   └── OutcomeUnknown        a change was sent and its fate is not known
├── VaultProblem              a secret could not be read or kept
│   ├── VaultMissing          this machine has no store of this kind
│   ├── VaultLocked           the store is there and locked
│   └── VaultSilent           the store is there and does not answer
└── StoreProblem              a file of ours could not be read or written
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from oai_tui.core.text import without_long_keys

_TRACE = re.compile(r" Request \S+\.")


def once(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return sentences without those that differ from an earlier one in the request alone."""
    found: dict[str, str] = {}
    for sentence in sentences:
        found.setdefault(_TRACE.sub("", sentence), sentence)
    return tuple(found.values())


class Problem(Exception):
    """Something a person has to be told.

    `what` is one sentence that says what happened, `way_out` one that says what to do now (may be
    empty), `request_id` the platform's own name of the request, if it gave one. None of them ever
    holds a secret, also not one that was typed where something else belongs, and outside text in
    them has been cleaned.
    """

    def __init__(self, what: str, way_out: str = "", request_id: str | None = None) -> None:
        self.what = without_long_keys(what)
        self.way_out = without_long_keys(way_out)
        super().__init__(self.what)
        self.request_id = request_id

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.way_out) if part)

    @property
    def trace(self) -> str:
        """The request in words that end a line: ` Request req_1.`; empty without one."""
        return f" Request {self.request_id}." if self.request_id else ""


class WrongInput(Problem):
    """What the person typed cannot be used."""


class ApiProblem(Problem):
    """The platform did not do what was asked."""


class Unreachable(ApiProblem):
    """No connection, or it broke before an answer came."""


class TooSlow(ApiProblem):
    """No whole answer came within the deadline."""


class KeyRefused(ApiProblem):
    """The platform does not accept the key (401)."""


class MissingScope(ApiProblem):
    """The key is real but lacks a permission. `scopes` name what it lacks."""

    def __init__(
        self,
        what: str,
        way_out: str = "",
        request_id: str | None = None,
        scopes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(what, way_out, request_id)
        self.scopes = scopes


class NotFound(ApiProblem):
    """What was asked for is not there (404)."""


class Rejected(ApiProblem):
    """The platform refuses this request (400, 409, 422). `detail` is its own sentence, cleaned."""

    def __init__(
        self, what: str, way_out: str = "", request_id: str | None = None, detail: str = ""
    ) -> None:
        super().__init__(what, way_out, request_id)
        self.detail = detail


class RateLimited(ApiProblem):
    """Too many requests (429). `wait` is the seconds asked for, if any."""

    def __init__(
        self, what: str, way_out: str = "", request_id: str | None = None, wait: float | None = None
    ) -> None:
        super().__init__(what, way_out, request_id)
        self.wait = wait


class PlatformDown(ApiProblem):
    """The platform failed (5xx)."""


class BadAnswer(ApiProblem):
    """An answer that cannot be read or cannot be trusted."""


class OutcomeUnknown(ApiProblem):
    """A change was sent and it is not known whether it was made."""


class VaultProblem(Problem):
    """A secret could not be read or kept."""


class VaultMissing(VaultProblem):
    """This machine has no store of this kind."""


class VaultLocked(VaultProblem):
    """The store is there and locked; this never means that no key is stored."""


class VaultSilent(VaultProblem):
    """The store is there and does not answer."""


class StoreProblem(Problem):
    """A file of ours could not be read or written."""
