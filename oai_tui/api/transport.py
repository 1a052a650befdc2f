"""One exchange over httpx: the only module that imports it, and itself imported late."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx

from oai_tui import __version__
from oai_tui.api.exchange import SIDE_BY_SIDE, Answer, AsgiApp, Params
from oai_tui.api.failures import Retryable
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import ApiProblem, BadAnswer, TooSlow, Unreachable
from oai_tui.core.secret import Secret
from oai_tui.core.text import clean

LARGEST_BODY = 64 * 1024 * 1024


class Transport:
    """Connections to one origin, signed with one key."""

    def __init__(
        self, base_url: BaseUrl, secret: Secret, app: AsgiApp | None, deadline: float
    ) -> None:
        """Open nothing yet. `deadline` is the seconds one whole answer may take."""
        self._base_url = base_url
        self._deadline = deadline
        self._http = _http_client(base_url, secret, app, deadline)

    async def close(self) -> None:
        """Let go of the connections; what is under way ends as unreachable."""
        await self._http.aclose()

    async def exchange(
        self,
        method: str,
        path: str,
        params: Params | None,
        body: Mapping[str, object] | None,
    ) -> Answer:
        """Send a request and return its whole answer.

        Raises BadAnswer for an answer too large or damaged, and Retryable when none came.
        """
        try:
            async with asyncio.timeout(self._deadline):
                return await self._send(method, path, params, body)
        except TimeoutError:
            slow = TooSlow("The platform did not answer in time.", "Try again with r.")
            raise Retryable(slow, sent=True) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
            raise Retryable(_unreachable(self._base_url), sent=False) from None
        except httpx.DecodingError:
            raise BadAnswer("The platform's answer was damaged on its way.") from None
        except (httpx.HTTPError, OSError):
            raise Retryable(_broken(self._base_url), sent=True) from None
        except RuntimeError:
            if not self._http.is_closed:
                raise
            # httpx says only so that somebody signed in anew while this was under way.
            raise Retryable(_broken(self._base_url), sent=True) from None

    async def _send(
        self,
        method: str,
        path: str,
        params: Params | None,
        body: Mapping[str, object] | None,
    ) -> Answer:
        request = self._http.build_request(
            method, self._base_url.url + path, params=_query(params), json=body
        )
        response = await self._http.send(request, stream=True)
        try:
            return Answer(response.status_code, response.headers, await _bounded(response))
        finally:
            await response.aclose()


def _http_client(
    base_url: BaseUrl, secret: Secret, app: AsgiApp | None, deadline: float
) -> httpx.AsyncClient:
    try:
        return httpx.AsyncClient(
            headers={
                "Authorization": f"Bearer {secret.reveal()}",
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
        raise Unreachable(
            f"The network settings of this machine cannot be used: {clean(error)}.",
            "Look at HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE.",
        ) from None


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


def _unreachable(base_url: BaseUrl) -> ApiProblem:
    return Unreachable(
        f"{base_url.origin} cannot be reached.", "Check the network, then try again with r."
    )


def _broken(base_url: BaseUrl) -> ApiProblem:
    return Unreachable(
        f"The connection to {base_url.origin} broke before the answer was whole.",
        "Try again with r.",
    )
