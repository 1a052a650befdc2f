"""What goes to the platform and what comes back, whatever carries it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

Params = Mapping[str, str | int | bool | Sequence[str] | None]
"""The query of a request; sequences are arrays, None leaves a parameter out."""

AsgiApp = Callable[..., Awaitable[None]]
"""A platform inside this process."""

SIDE_BY_SIDE = 8
"""Requests under way at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer. The names of `headers` are found in any case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
