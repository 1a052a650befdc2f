"""One change from looking to looking again, written down before it is sent and when it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from oai_tui.core.changes import Change, Outcome
from oai_tui.core.errors import (
    ApiProblem,
    OutcomeUnknown,
    Problem,
    RateLimited,
    StoreProblem,
    WrongInput,
)
from oai_tui.store.changes import ChangeLog

LOOKS = (0.0, 0.5, 2.0)
"""Seconds before each look at what was changed: an answer may be older than the change."""

TRIES = 3
LONGEST_WAIT = 20.0
"""Seconds that a change waits for the platform by itself; longer is told to the person."""


class ChangedMeanwhile(ApiProblem):
    """What was to be changed is not what the person saw; nothing was sent. `now` says what is."""

    def __init__(self, what: str, way_out: str, now: str) -> None:
        super().__init__(what, way_out)
        self.now = now


@dataclass(frozen=True, slots=True)
class Found:
    """How a thing was found: `words` tell it from any other state, `note` is said beside them."""

    words: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.words} ({self.note})" if self.note else self.words


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was made and seen to be made.

    `words` is a sentence with how it was and how it is; `trouble` says what else went wrong, or "".
    """

    subject: str
    was: str
    is_now: str
    words: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A change, how its thing is read, and what is sent; `is_repeated` if more than once."""

    change: Change
    read: Callable[[], Awaitable[Found]]
    write: Callable[[], Awaitable[object]]
    is_repeated: bool = False


class Writer:
    """Makes changes so that none is made twice, forgotten or told before it was seen."""

    def __init__(
        self,
        changes: ChangeLog,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._changes = changes
        self._clock = clock
        self._sleep = sleep

    async def run(self, step: Step) -> Done:
        """Make a change. Raises what `Brakes` says."""
        compare(step.change, await step.read())
        change, unclear = await self.send(step)
        return await self.conclude(change, unclear, step.read)

    async def send(self, step: Step) -> tuple[Change, ApiProblem | None]:
        """Write down what is asked for and ask for it, once.

        Returns the change with its id, and why it is not clear whether it was made, if it is not.
        Raises StoreProblem with nothing sent, and any other ApiProblem when it was not made.
        """
        change = await asyncio.to_thread(self._changes.ask, step.change)
        try:
            await self._write(step)
        except OutcomeUnknown as problem:
            return change, problem
        except Problem as problem:
            if step.is_repeated and isinstance(problem, ApiProblem):
                # An earlier try may have been carried out although the last one was refused.
                return change, problem
            await self._tell(change, Outcome.REFUSED, "", problem.request_id)
            raise
        except BaseException:
            self._changes.let_go(change)
            raise
        return change, None

    async def _write(self, step: Step) -> None:
        """Ask; again only where the platform said that it did nothing but wants us to wait."""
        for _ in range(TRIES - 1):
            try:
                await step.write()
            except RateLimited as problem:
                if (problem.wait or 0) > LONGEST_WAIT:
                    raise
                await self._sleep(2.0 if problem.wait is None else problem.wait)
            else:
                return
        await step.write()

    async def conclude(
        self,
        change: Change,
        unclear: ApiProblem | None,
        read: Callable[[], Awaitable[Found]],
    ) -> Done:
        """Look what is there now, write it down and tell it. Raises as `run` does."""
        try:
            found = await self._look(change, read)
        except ApiProblem as problem:
            self._changes.let_go(change)  # open, so that it is looked up at the next start
            raise _unseen(change, unclear, problem) from None
        except BaseException:
            self._changes.let_go(change)
            raise
        request_id = unclear.request_id if unclear else None
        if found.words != change.wanted:
            refused = unclear and not isinstance(unclear, OutcomeUnknown)
            refused = refused and found.words == change.was
            outcome = Outcome.REFUSED if refused else Outcome.UNKNOWN
            trouble = await self._tell(change, outcome, str(found), request_id)
            if unclear and refused:
                raise unclear
            raise _otherwise(change, unclear, found, trouble)
        trouble = await self._tell(change, Outcome.DONE, str(found), request_id)
        return _done(change, unclear, found, trouble)

    async def _look(self, change: Change, read: Callable[[], Awaitable[Found]]) -> Found:
        for wait in LOOKS:
            if wait:
                await self._sleep(wait)
            found = await read()
            if found.words == change.wanted:
                break
        return found

    async def _tell(
        self, change: Change, outcome: Outcome, is_now: str, request_id: str | None
    ) -> str:
        """Write down how a change ended; return why that did not work, or ""."""
        try:
            await asyncio.to_thread(
                self._changes.tell, change, outcome, self._clock(), is_now, request_id or ""
            )
        except StoreProblem as problem:
            return f"How it ended could not be written down: {problem}"
        return ""


def compare(change: Change, found: Found) -> None:
    """Raise where a thing is not what the person saw, and where nothing would change."""
    if found.words == change.wanted:
        raise WrongInput(
            f"{_upper(change.subject)}: {found} already.", "Nothing had to be changed."
        )
    if found.words != change.was:
        raise ChangedMeanwhile(
            f"{_upper(change.subject)} was changed meanwhile: {found} now, {change.was} when you "
            "looked. Nothing was sent.",
            "Refresh with r, look, and decide again.",
            found.words,
        )


def _done(change: Change, unclear: ApiProblem | None, found: Found, trouble: str) -> Done:
    words = f"{_upper(change.subject)}: {change.was} → {found}."
    if unclear:
        words += " The answer to it was lost; it was read back."
    return Done(change.subject, change.was, str(found), words, trouble)


def _unseen(change: Change, unclear: ApiProblem | None, problem: ApiProblem) -> OutcomeUnknown:
    """Return what is to be told of a change that could not be looked at."""
    begun = unclear.what if unclear else "The platform took the change."
    return OutcomeUnknown(
        f"{begun} What {change.subject} is now could not be read: {problem.what}",
        f"It was {change.was} and was to be {change.wanted}; refresh and look before you try "
        "again. It is looked up at the next start too.",
        (unclear or problem).request_id,
    )


def _otherwise(
    change: Change, unclear: ApiProblem | None, found: Found, trouble: str
) -> OutcomeUnknown:
    """Return what is to be told of a change after which something else is there."""
    stays = "still " if found.words == change.was else ""
    begun = unclear.what if unclear else "The platform took the change, but it is not seen."
    way_out = "Refresh and look: somebody else may have changed it."
    if stays:
        way_out = "It may yet take effect: refresh and look before you try again."
    return OutcomeUnknown(
        f"{begun} {_upper(change.subject)}: {stays}{found}; it was to be {change.wanted}.",
        " ".join(part for part in (way_out, trouble) if part),
        unclear.request_id if unclear else None,
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
