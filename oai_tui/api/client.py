"""One request to the platform: signed, bounded in time and size, retried where that is safe."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar

import msgspec
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from oai_tui.api.exchange import SIDE_BY_SIDE, Answer, AsgiApp, Params
from oai_tui.api.failures import (
    Retryable,
    outcome_of_change,
    problem_of_answer,
    request_id_of,
)
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import ApiProblem, BadAnswer, PlatformDown, Unreachable, WrongInput
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean

if TYPE_CHECKING:
    from oai_tui.api.transport import Transport

T = TypeVar("T")
Waiting = Callable[[float, str], None]

TRIES = 3
LONGEST_WAIT = 60.0
"""Seconds we wait by ourselves when the platform asks for it; longer is told to the person."""

DEADLINE = 30.0
"""Seconds for one whole answer, however slowly its bytes come."""


class Client:
    """A connection to one origin with one key.

    Reads and deletes are retried; nothing that creates is ever sent twice. Every failure is an
    `ApiProblem`. `organization` is the platform's name of the organization, once an answer told it.
    """

    def __init__(
        self,
        base_url: BaseUrl,
        secret: Secret,
        *,
        app: AsgiApp | None = None,
        deadline: float = DEADLINE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
        on_wait: Waiting | None = None,
    ) -> None:
        """Open nothing yet. `app` answers instead of the network (the demo's own platform).

        Raises WrongInput for a key that no header takes.
        """
        _refuse_unsendable(secret)
        self.base_url = base_url
        self.organization: str | None = None
        self.on_wait = on_wait
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)
        self._open_with = partial(_transport, base_url, app=app, deadline=deadline)
        self._open = partial(self._open_with, secret)
        self._opening: asyncio.Task[Transport] | None = None
        self._former: list[asyncio.Task[Transport]] = []
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections; what is asked from now on is unreachable."""
        self._is_closed = True
        for opening in (*self._former, self._opening):
            if opening:
                with suppress(ApiProblem):
                    await (await opening).close()

    def use(self, secret: Secret) -> None:
        """Sign with another key from now on; what is under way ends with the one it began with.

        Raises WrongInput for a key that no header takes.
        """
        _refuse_unsendable(secret)
        if self._opening:
            self._former.append(self._opening)
        self._opening = None
        self._open = partial(self._open_with, secret)

    async def get(self, into: type[T], path: str, params: Params | None = None) -> T:
        """Read one answer. Raises ApiProblem."""
        return await self._retried("GET", path, into, params)

    async def delete(self, into: type[T], path: str) -> T:
        """Delete something; what is no longer there raises NotFound. Raises ApiProblem."""
        return await self._retried("DELETE", path, into, None)

    async def post(self, into: type[T], path: str, body: Mapping[str, object]) -> T:
        """Send a change, once. Raises OutcomeUnknown if its fate is not known, or ApiProblem."""
        try:
            return await self._once("POST", path, into, None, body)
        except Retryable as failure:
            raise outcome_of_change(failure) from None
        except (BadAnswer, PlatformDown) as problem:
            raise outcome_of_change(Retryable(problem, sent=True)) from None

    async def _retried(self, method: str, path: str, into: type[T], params: Params | None) -> T:
        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, Retryable)),
            stop=self._give_up,
            wait=self._wait_for,
            before_sleep=self._announce,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return await retrying(self._once, method, path, into, params, None)
        except Retryable as failure:
            raise failure.problem from None

    async def _once(
        self,
        method: str,
        path: str,
        into: type[T],
        params: Params | None,
        body: Mapping[str, object] | None,
    ) -> T:
        async with self._slots:
            transport = await self._connected()
            answer = await transport.exchange(method, path, params, body)
        if not 200 <= answer.status < 300:
            raise problem_of_answer(answer, self._clock())
        named = clean(answer.headers.get("openai-organization", ""))
        self.organization = named or self.organization
        return _decoded(into, answer)

    async def _connected(self) -> Transport:
        """Return what carries requests, made at the first one and beside the event loop.

        Its libraries and certificates take longer to load than a screen may stand still.
        """
        if self._is_closed:
            raise Unreachable("This session was closed.", "Sign in again.")
        if self._opening is None or (self._opening.done() and self._opening.exception()):
            self._opening = asyncio.create_task(asyncio.to_thread(self._open))
        return await asyncio.shield(self._opening)

    def _give_up(self, state: RetryCallState) -> bool:
        wait = _failure(state).wait
        return stop_after_attempt(TRIES)(state) or (wait is not None and wait > LONGEST_WAIT)

    def _wait_for(self, state: RetryCallState) -> float:
        asked = _failure(state).wait
        if asked is not None:
            return asked
        backoff: float = 0.5 * 2 ** (state.attempt_number - 1)
        return backoff * (1 - 0.25 * self._jitter())

    def _announce(self, state: RetryCallState) -> None:
        wait = state.next_action.sleep if state.next_action else 0.0
        if self.on_wait:
            self.on_wait(wait, _failure(state).problem.what)


def _transport(
    base_url: BaseUrl, secret: Secret, *, app: AsgiApp | None, deadline: float
) -> Transport:
    from oai_tui.api.transport import Transport

    return Transport(base_url, secret, app, deadline)


def _refuse_unsendable(secret: Secret) -> None:
    """Refuse what no header takes here, as the libraries' own complaints quote it."""
    key = secret.reveal()
    if not (key.isascii() and key.isprintable()):
        raise WrongInput("A key has only plain letters, digits and signs.", "Sign in again.")


def _failure(state: RetryCallState) -> Retryable:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, Retryable)
    return error


def _decoded(into: type[T], answer: Answer) -> T:
    request_id = request_id_of(answer)
    kind = answer.headers.get("content-type", "application/json")
    if "json" not in kind.lower():
        _not_understood("it is not JSON", request_id)
    try:
        return msgspec.json.decode(answer.content, type=into, strict=False)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        _not_understood(clean(error, 160), request_id)


def _not_understood(why: str, request_id: str | None) -> NoReturn:
    raise BadAnswer(
        f"The platform's answer could not be read ({why}).",
        "If this lasts, look at the base URL; a proxy may be answering.",
        request_id,
    )
