"""Asking the platform what a key may do, how fast it answers, and what time it is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from oai_tui.api.exchange import Answer, Params
from oai_tui.api.failures import Retryable, problem_of_answer, request_id_of
from oai_tui.api.transport import Transport
from oai_tui.core.errors import ApiProblem, KeyRefused, MissingScope, Problem
from oai_tui.core.secret import Secret
from oai_tui.services.doctor import FIXED_CLOCK, Finding, Mark
from oai_tui.services.login import refuse_session_key
from oai_tui.services.setup import Setup

DEADLINE = 10.0
"""Seconds for an answer: who asks a doctor is waiting."""

MOST_SKEW = timedelta(seconds=30)
"""How far our clock may be off before it matters for ends of days and of keys."""

ANOTHER_KEY = "Run oai-tui login with an admin key, or set OPENAI_ADMIN_KEY to one."


@dataclass(frozen=True, slots=True)
class _Asked:
    """What became of a question: an answer, a problem, or both; the seconds it took."""

    answer: Answer | None
    problem: Problem | None
    seconds: float


async def examine_platform(
    setup: Setup, secret: Secret, is_clock_fixed: bool
) -> AsyncIterator[Finding]:
    """Yield what the key may do, with the platform's names of the requests, and the clock."""
    try:
        refuse_session_key(secret)
        app = setup.demo.app if setup.demo else None
        transport = await asyncio.to_thread(Transport, setup.base_url, secret, app, DEADLINE)
    except Problem as problem:
        yield Finding(Mark.WRONG, "platform", problem.what, problem.way_out)
        return
    midnight = setup.clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    costs: Params = {"start_time": int(midnight.timestamp()), "limit": 1}
    try:
        management, usage = await asyncio.gather(
            _ask(transport, setup, "/organization/projects", {"limit": 1}),
            _ask(transport, setup, "/organization/costs", costs),
        )
    finally:
        await transport.close()
    yield _ability("management", "manage keys, projects and limits", management, usage)
    yield _ability("usage", "read usage and costs", usage, management)
    yield _clock(setup, management.answer or usage.answer, is_clock_fixed)


async def _ask(transport: Transport, setup: Setup, path: str, params: Params) -> _Asked:
    answer, problem, began = None, None, time.monotonic()
    try:
        answer = await transport.exchange("GET", path, params, None)
        if not 200 <= answer.status < 300:
            raise problem_of_answer(answer, setup.clock())
    except Retryable as failure:
        problem = failure.problem
    except ApiProblem as failed:
        problem = failed
    return _Asked(answer, problem, time.monotonic() - began)


def _ability(subject: str, what: str, asked: _Asked, other: _Asked) -> Finding:
    answer, problem = asked.answer, asked.problem
    request = f"request {(answer and request_id_of(answer)) or 'without an id'}"
    if problem is None:
        words = f"the key may {what} ({request}, {asked.seconds * 1000:.0f} ms)"
        return Finding(Mark.OK, subject, words)
    # A key for one of the two is a choice; one for neither is of no use here.
    is_choice = isinstance(problem, KeyRefused | MissingScope) and other.problem is None
    words = f"{problem.what} ({request})" if answer else problem.what
    way_out = ANOTHER_KEY if isinstance(problem, KeyRefused) else problem.way_out
    return Finding(Mark.LOOK if is_choice else Mark.WRONG, subject, words, way_out)


def _clock(setup: Setup, answer: Answer | None, is_fixed: bool) -> Finding:
    now = setup.clock().astimezone(UTC)
    if is_fixed:
        words = f"it stands at {now:%Y-%m-%d %H:%M} UTC, as {FIXED_CLOCK} says"
        return Finding(Mark.LOOK, "clock", words, f"Unset {FIXED_CLOCK} for the time of today.")
    there = _date(answer)
    if there is None:
        return Finding(Mark.LOOK, "clock", "the platform did not say what time it is")
    # The header tells whole seconds.
    skew = now - there
    if abs(skew) <= MOST_SKEW:
        return Finding(Mark.OK, "clock", f"within {MOST_SKEW.seconds} s of the platform's")
    way = "ahead of" if skew > timedelta(0) else "behind"
    words = f"{_length(abs(skew))} {way} the platform's: days and expiries are off"
    return Finding(Mark.LOOK, "clock", words, "Set the clock of this machine.")


def _length(skew: timedelta) -> str:
    minutes, seconds = divmod(int(skew.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _date(answer: Answer | None) -> datetime | None:
    try:
        found = parsedate_to_datetime(answer.headers.get("date", "") if answer else "")
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
