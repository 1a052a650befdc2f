"""Calls that may never come back, waited for only so long."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Args = TypeVarTuple("Args")


class DeadlinePassed(Exception):
    """The call had not come back in time. It may still be running, and may still succeed."""


async def within(seconds: float, fn: Callable[[Unpack[Args]], T], *args: *Args) -> T:
    """Run a blocking call in a thread of its own and wait at most this long for it.

    The thread is a daemon: one that hangs for ever does not hold the program's exit. Raises
    DeadlinePassed, and whatever the call raises.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[tuple[T, None] | tuple[None, BaseException]] = loop.create_future()

    def deliver(outcome: tuple[T, None] | tuple[None, BaseException]) -> None:
        if not arrived.done():
            arrived.set_result(outcome)

    def run() -> None:
        outcome: tuple[T, None] | tuple[None, BaseException]
        try:
            outcome = (fn(*args), None)
        except BaseException as error:
            outcome = (None, error)
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(deliver, outcome)

    threading.Thread(target=run, name="within-deadline", daemon=True).start()
    await asyncio.wait({arrived}, timeout=seconds)
    if not arrived.done():
        arrived.cancel()
        raise DeadlinePassed(f"no answer within {seconds:g} s")
    value, error = arrived.result()
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # without an error it is what the call returned
