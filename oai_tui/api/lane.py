"""A share of the requests under way, so that slow questions leave room for others."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from oai_tui.api.client import Client
from oai_tui.api.exchange import Params

T = TypeVar("T")


class Lane(Client):
    """Reads through another client, at most `width` requests at a time."""

    def __init__(self, client: Client, width: int) -> None:
        self._client = client
        self._gate = asyncio.Semaphore(width)

    async def get(self, into: type[T], path: str, params: Params | None = None) -> T:
        """Read one answer when there is room. Raises ApiProblem."""
        async with self._gate:
            return await self._client.get(into, path, params)
