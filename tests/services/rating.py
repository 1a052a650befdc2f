"""Reading rate limits as a run of the program does, with its requests counted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from oai_tui.services.billing.rates import RateDesk, RateTable
from tests.services.estate import Estate, Memory, run


@asynccontextmanager
async def desk_of(
    estate: Estate, memory: Memory, key: str | None = None
) -> AsyncIterator[RateDesk]:
    """Open the desk as a run of the program does."""
    async with estate.client(key) as client:
        yield RateDesk(client, memory, estate.clock)


def tables(
    estate: Estate, memory: Memory | None = None, *, key: str | None = None, **how: Any
) -> list[RateTable]:
    """Return every table of one reading in a run of its own, the whole one last."""

    async def read() -> list[RateTable]:
        async with desk_of(estate, memory or Memory(), key) as desk:
            return [found async for found in desk.load(**how)]

    return run(read())


class Listening:
    """A platform that takes down what it is asked; `before` is called first with each path."""

    def __init__(self, estate: Estate, before: Callable[[str], None] = lambda path: None) -> None:
        self.asked: list[str] = []
        self._before = before
        self._app, estate.app = estate.app, self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        self._before(scope["path"])
        await self._app(scope, receive, send)

    @property
    def projects(self) -> list[str]:
        """The projects whose rate limits were asked for, in that order."""
        return [p.split("/")[-2] for p in self.asked if p.endswith("/rate_limits")]
