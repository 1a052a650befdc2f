"""Waiting for calls that may never come back."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from oai_tui.vault.deadline import DeadlinePassed, within


def test_a_call_gives_what_it_returns_or_raises() -> None:
    def halve(number: int) -> int:
        if number % 2:
            raise ValueError("odd")
        return number // 2

    assert asyncio.run(within(2, halve, 8)) == 4
    with pytest.raises(ValueError, match="odd"):
        asyncio.run(within(2, halve, 7))


def test_a_timeout_of_the_call_itself_is_not_the_deadline() -> None:
    def raises() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        asyncio.run(within(2, raises))


def test_an_answer_that_comes_too_late_harms_nobody() -> None:
    release = threading.Event()
    ended = threading.Event()

    def late() -> None:
        release.wait()
        ended.set()

    async def story() -> None:
        with pytest.raises(DeadlinePassed):
            await within(0.05, late)
        release.set()
        await within(30, ended.wait)
        await asyncio.sleep(0)

    begun = time.monotonic()
    asyncio.run(story(), debug=True)
    assert time.monotonic() - begun < 30


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_answer_after_the_loop_has_ended_harms_nobody() -> None:
    release = threading.Event()
    before = threading.active_count()
    with pytest.raises(DeadlinePassed):
        asyncio.run(within(0.05, release.wait))
    release.set()
    for thread in threading.enumerate():
        if thread.name == "within-deadline":
            thread.join(2)
    assert threading.active_count() <= before
