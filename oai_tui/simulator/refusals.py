"""Answers that come instead of the platform's own: nothing was done for them."""

from __future__ import annotations

import json
from dataclasses import dataclass

NAMES = {
    "401-envelope": "401, the key is wrong, in the error envelope",
    "401-plain": "401, missing scopes, the error being a bare string",
    "403-envelope": "403, missing scopes, in the error envelope",
    "403-plain": "403, missing scopes, the error being a bare string",
    "404-envelope": "404 in the error envelope",
    "404-bare": "404 without the envelope",
    "429": "429 with Retry-After; =SECONDS, 1 unless told",
    "429-bare": "429 without Retry-After",
    "429-long": "429 with a Retry-After of 600 seconds",
    "500": "500 in the error envelope",
    "502-html": "502 from a gateway, a page of HTML",
    "503": "503, overloaded, in the error envelope",
    "wrong-type": "200 with a page of HTML, as a captive portal answers",
    "refuse-cost-by-key": "400 for costs grouped by api_key_id",
}

_SCOPES = (
    "You have insufficient permissions for this operation. "
    "Missing scopes: api.management.read. Check that you have the correct role in your "
    "organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a "
    "restricted API key, that it has the necessary scopes."
)
_WRONG_KEY = (
    "Incorrect API key provided: sk-admin-****cdef. "
    "You can find your API key at https://platform.openai.com/account/api-keys."
)
_LIMITED = "Rate limit reached for requests. Please try again later."
_OVERLOADED = "The server is currently overloaded with other requests. Please try again later."
_HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"


@dataclass
class Answer:
    """A whole HTTP answer; header names are in small letters."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @classmethod
    def of_json(cls, status: int, body: object, **headers: str) -> Answer:
        """Build an answer of JSON; underscores in header names stand for hyphens."""
        fields = [(name.replace("_", "-").encode(), v.encode()) for name, v in headers.items()]
        told = json.dumps(body).encode()
        return cls(status, [(b"content-type", b"application/json"), *fields], told)

    @classmethod
    def of_html(cls, status: int, title: str) -> Answer:
        """Build an answer of HTML."""
        kind = (b"content-type", b"text/html; charset=utf-8")
        return cls(status, [kind], _HTML.format(title).encode())


def refusal(name: str, value: int | None, method: str, path: str) -> Answer:
    """Give the answer of a refusing fault to a request."""
    if name == "502-html":
        return Answer.of_html(502, "502 Bad Gateway")
    if name == "wrong-type":
        return Answer.of_html(200, "Sign in to the network")
    if name in ("401-plain", "403-plain"):
        return Answer.of_json(int(name[:3]), {"error": _SCOPES})
    if name == "404-bare":
        thing = path.rpartition("/")[2]
        return Answer.of_json(404, {"code": 404, "message": f"The project {thing} was not found"})
    return _enveloped(name, value, f"{method} {path}")


def _enveloped(name: str, value: int | None, called: str) -> Answer:
    status, message, type_, code = {
        "401-envelope": (401, _WRONG_KEY, "invalid_request_error", "invalid_api_key"),
        "403-envelope": (403, _SCOPES, "invalid_request_error", None),
        "404-envelope": (404, f"Nothing found at {called}.", "invalid_request_error", None),
        "429": (429, _LIMITED, "rate_limit_error", "rate_limit_exceeded"),
        "429-bare": (429, _LIMITED, "rate_limit_error", "slow_down"),
        "429-long": (429, _LIMITED, "rate_limit_error", "rate_limit_exceeded"),
        "500": (500, "The server had an error.", "server_error", None),
        "503": (503, _OVERLOADED, "service_unavailable_error", "server_is_overloaded"),
        "refuse-cost-by-key": (
            400,
            "Grouping costs by 'api_key_id' is not supported for this organization.",
            "invalid_request_error",
            None,
        ),
    }[name]
    waits = {"429": str(1 if value is None else value), "429-long": "600"}
    headers = {"retry_after": waits[name]} if name in waits else {}
    body = {"error": {"message": message, "type": type_, "param": None, "code": code}}
    return Answer.of_json(status, body, **headers)
