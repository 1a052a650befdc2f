"""One request to the platform: signed, bounded in time and size, retried where that is safe."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import NoReturn, TypeVar

import httpx
import msgspec
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from oai_tui import __version__
from oai_tui.api.failures import (
    Retryable,
    outcome_of_change,
    problem_of_answer,
    request_id_of,
)
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    PlatformDown,
    TooSlow,
    Unreachable,
    WrongInput,
)
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean

T = TypeVar("T")
Params = Mapping[str, str | int | bool | Sequence[str] | None]
Waiting = Callable[[float, str], None]
AsgiApp = Callable[..., Awaitable[None]]

TRIES = 3
LONGEST_WAIT = 60.0
"""Seconds we wait by ourselves when the platform asks for it; longer is told to the person."""

DEADLINE = 30.0
"""Seconds for one whole answer, however slowly its bytes come."""

LARGEST_BODY = 64 * 1024 * 1024
SIDE_BY_SIDE = 8


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
        """Open nothing yet. `app` answers instead of the network (the demo's own platform)."""
        self.base_url = base_url
        self.organization: str | None = None
        self.on_wait = on_wait
        self._deadline = deadline
        self._sleep = sleep
        self._clock = clock
        self._jitter = jitter
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)
        self._http = _http_client(base_url, secret, app, deadline)

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

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
            response, content = await self._answer(method, path, params, body)
        if not response.is_success:
            raise problem_of_answer(response, content, self._clock())
        self.organization = clean(response.headers.get("openai-organization", "")) or (
            self.organization
        )
        return _decoded(into, response, content)

    async def _answer(
        self,
        method: str,
        path: str,
        params: Params | None,
        body: Mapping[str, object] | None,
    ) -> tuple[httpx.Response, bytes]:
        try:
            async with asyncio.timeout(self._deadline):
                request = self._http.build_request(
                    method, self.base_url.url + path, params=_query(params), json=body
                )
                response = await self._http.send(request, stream=True)
                try:
                    return response, await _bounded(response)
                finally:
                    await response.aclose()
        except TimeoutError:
            slow = TooSlow("The platform did not answer in time.", "Try again with r.")
            raise Retryable(slow, sent=True) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
            raise Retryable(_unreachable(self.base_url), sent=False) from None
        except httpx.DecodingError:
            raise BadAnswer("The platform's answer was damaged on its way.") from None
        except (httpx.HTTPError, OSError):
            raise Retryable(_broken(self.base_url), sent=True) from None

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


def _failure(state: RetryCallState) -> Retryable:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, Retryable)
    return error


def _http_client(
    base_url: BaseUrl, secret: Secret, app: AsgiApp | None, deadline: float
) -> httpx.AsyncClient:
    signature = _signature(secret)
    try:
        return httpx.AsyncClient(
            headers={
                "Authorization": signature,
                "User-Agent": f"oai-tui/{__version__}",
                "Accept": "application/json",
            },
            follow_redirects=False,
            # Shorter than the deadline, so that a change that was never sent is known as such.
            timeout=httpx.Timeout(deadline, connect=deadline / 3, pool=deadline / 3),
            limits=httpx.Limits(max_connections=SIDE_BY_SIDE),
            transport=httpx.ASGITransport(app) if app else None,
            # A proxy of the environment would carry a key meant for this machine elsewhere.
            trust_env=not base_url.is_loopback,
        )
    except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
        raise WrongInput(
            f"The network settings of this machine cannot be used: {clean(error)}.",
            "Look at HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE.",
        ) from None


def _signature(secret: Secret) -> str:
    """Refuse what no header takes here, as the libraries' own complaints quote it."""
    key = secret.reveal()
    if not (key.isascii() and key.isprintable()):
        raise WrongInput("A key has only plain letters, digits and signs.", "Sign in again.")
    return f"Bearer {key}"


def _query(params: Params | None) -> httpx.QueryParams:
    """Write arrays in brackets, as the official client does; leave out what is None."""
    pairs: list[tuple[str, str | int | float | bool | None]] = []
    for name, value in (params or {}).items():
        if value is None:
            continue
        if isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, str | int):
            pairs.append((name, str(value)))
        else:
            pairs.extend((f"{name}[]", part) for part in value)
    return httpx.QueryParams(pairs)


async def _bounded(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > LARGEST_BODY:
            raise BadAnswer("The platform's answer is too large to be true.")
        parts.append(part)
    return b"".join(parts)


def _decoded(into: type[T], response: httpx.Response, content: bytes) -> T:
    request_id = request_id_of(response)
    kind = response.headers.get("content-type", "application/json")
    if "json" not in kind.lower():
        _not_understood("it is not JSON", request_id)
    try:
        return msgspec.json.decode(content, type=into, strict=False)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        _not_understood(clean(error, 160), request_id)


def _not_understood(why: str, request_id: str | None) -> NoReturn:
    raise BadAnswer(
        f"The platform's answer could not be read ({why}).",
        "If this lasts, look at the base URL; a proxy may be answering.",
        request_id,
    )


def _unreachable(base_url: BaseUrl) -> ApiProblem:
    return Unreachable(
        f"{base_url.origin} cannot be reached.", "Check the network, then try again with r."
    )


def _broken(base_url: BaseUrl) -> ApiProblem:
    return Unreachable(
        f"The connection to {base_url.origin} broke before the answer was whole.",
        "Try again with r.",
    )
