"""Answers that say no, as problems a person understands.

The platform's own words are kept where they help, cleaned, and never with a key in them: its 401
quotes a part of the key it was sent.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from oai_tui.api.exchange import Answer
from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    KeyRefused,
    MissingScope,
    NotFound,
    OutcomeUnknown,
    PlatformDown,
    RateLimited,
    Rejected,
    TooSlow,
)
from oai_tui.core.text import clean, span, without_keys

_SCOPES = re.compile(r"[Mm]issing scopes?: ([a-z0-9_.,\s]+?)(?:\.\s|\.?$)")
_MAY_PASS = (408, 500, 502, 503, 504)
_WRONG_KEY = "invalid_api_key"
_BILLING = {
    "insufficient_quota": "the credit or quota is used up",
    "credit_balance_exhausted": "the prepaid credit is used up",
    "organization_spend_limit_exceeded": "the organization's spend limit is reached",
    "project_spend_limit_exceeded": "the project's spend limit is reached",
    "organization_usage_limit_exceeded": "the organization's usage limit is reached",
}


class Retryable(Exception):
    """A failure that may pass. `sent` says whether the platform may have acted on the request."""

    def __init__(self, problem: ApiProblem, *, sent: bool, wait: float | None = None) -> None:
        super().__init__(problem.what)
        self.problem = problem
        self.sent = sent
        self.wait = wait


def request_id_of(answer: Answer) -> str | None:
    """Return the platform's own name of a request, if it gave one."""
    return clean(without_keys(answer.headers.get("x-request-id", "")), 80) or None


def outcome_of_change(failure: Retryable) -> ApiProblem:
    """Return what a failed change means: not made, or nobody knows."""
    problem = failure.problem
    if not failure.sent:
        return problem
    return OutcomeUnknown(
        f"{problem.what} It is not known whether the change was made.",
        "Refresh and look before you try again.",
        problem.request_id,
    )


def problem_of_answer(answer: Answer, now: datetime) -> Exception:
    """Return what an answer outside 2xx means: an ApiProblem, or a Retryable around one."""
    request_id = request_id_of(answer)
    message, codes = _message_and_codes(answer.content)
    status = answer.status
    # A failure never tells that a change was not made, whatever it says.
    if status != 408 and status < 500 and (found := _SCOPES.search(message)):
        return _missing_scope(found[1], request_id)
    if status == 429:
        return _too_many(answer, codes, message, request_id, now)
    if status == 408 or status >= 500:
        return _failed(answer, status, request_id, now)
    if status == 401:
        why = "it is wrong, revoked or expired" if not message or _WRONG_KEY in codes else message
        return KeyRefused(
            f"The platform does not accept this key: {why.rstrip('.')}.",
            "Paste another admin key.",
            request_id,
        )
    if status == 403:
        return MissingScope(
            f"This key may not do that{_quoted(message)}.",
            "Use an admin key of an organization owner.",
            request_id,
        )
    if status == 404:
        return NotFound(f"The platform does not know this{_quoted(message)}.", "", request_id)
    if 300 <= status < 400:
        return BadAnswer(
            "The platform sent us to another address, and a key is not carried there.",
            "Check the base URL.",
            request_id,
        )
    return Rejected(
        f"The platform refused this ({status}){_quoted(message)}.", "", request_id, message
    )


def _missing_scope(names: str, request_id: str | None) -> MissingScope:
    scopes = tuple(part for part in re.split(r"[,\s]+", names.strip(". ")) if part)
    return MissingScope(
        f"This key lacks the permission {', '.join(scopes)}.",
        "Make a new admin key with it; a key that was edited may keep failing.",
        request_id,
        scopes,
    )


def _too_many(
    answer: Answer,
    codes: tuple[str, ...],
    message: str,
    request_id: str | None,
    now: datetime,
) -> Exception:
    for code in codes:
        if code in _BILLING:
            what = f"The platform refused this: {_BILLING[code]}."
            return Rejected(what, "", request_id, message)
    wait = _retry_after(answer, now)
    text = "" if wait is None else f"It asks to wait {_wait(wait)}."
    return Retryable(
        RateLimited("The platform says: too many requests.", text, request_id, wait),
        sent=False,
        wait=wait,
    )


def _failed(answer: Answer, status: int, request_id: str | None, now: datetime) -> Exception:
    kind = TooSlow if status in (408, 504) else PlatformDown
    problem = kind(
        f"The platform failed to answer ({status}).", "Try again with r in a moment.", request_id
    )
    if status not in _MAY_PASS:
        return problem
    return Retryable(problem, sent=True, wait=_retry_after(answer, now))


def _wait(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else span(seconds)


def _quoted(message: str) -> str:
    return f": {message.rstrip('.')}" if message else ""


def _message_and_codes(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Read the message of every error shape that was seen: envelope, bare string, bare object.

    The codes are what its `code` and its `type` say, where they say anything.
    """
    try:
        body = msgspec.json.decode(content[:65536])
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return "", ()
    if not isinstance(body, dict):
        return "", ()
    error = body.get("error", body)
    if isinstance(error, str):
        return clean(without_keys(error), 300), ()
    if not isinstance(error, dict):
        return "", ()
    message = clean(without_keys(str(error.get("message") or "")), 300)
    return message, tuple(str(error[name]) for name in ("code", "type") if error.get(name))


def _retry_after(answer: Answer, now: datetime) -> float | None:
    text = answer.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        wait = float(text) if text.replace(".", "", 1).isdigit() else _until(text, now)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(wait, 0.0)


def _until(date: str, now: datetime) -> float:
    when = parsedate_to_datetime(date)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - now.timestamp()
