"""What is wrong with a key, why in a sentence, and how much it presses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Literal

from oai_tui.core.facts import KeyFacts
from oai_tui.core.keys import ApiKey, KeyKind
from oai_tui.core.text import when
from oai_tui.core.thresholds import USUAL, Thresholds

Tone = Literal["", "muted", "good", "warn", "bad"]
"""How loudly something is shown; "warn" and "bad" are for what needs a person."""

NEEDS_PERSON = 3
"""The weight from which a key counts as needing attention."""

FACTS_DAYS = 30
"""How many days the facts of a key look back."""

NOTHING_KNOWN = KeyFacts()


class Ailment(StrEnum):
    """What can be wrong; the value is the word shown and the word the filter knows."""

    EXPIRED = "expired"
    EXPIRING = "expiring"
    OWNER_GONE = "owner gone"
    SPENDING = "spending"
    NOT_SEEN = "not seen"
    STALE = "stale"
    NO_EXPIRY = "no expiry"
    OLD = "old"
    DUPLICATE = "same name"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say of a key: a word, why in a sentence, and how much it presses.

    `ailment` is None where nothing is wrong. `weight` is 0 for what is fine; from `NEEDS_PERSON` on
    it needs attention.
    """

    ailment: Ailment | None
    word: str
    why: str
    tone: Tone
    weight: int


_SPENDING = Finding(
    Ailment.SPENDING,
    Ailment.SPENDING.value,
    "Its owner no longer has access to the project, and the key was used in the last 30 days.",
    "bad",
    6,
)
_OWNER_GONE = Finding(
    Ailment.OWNER_GONE,
    Ailment.OWNER_GONE.value,
    "Its owner no longer has access to the project, and the key still answers.",
    "bad",
    4,
)
_OWNER_GONE_EXPIRED = Finding(
    Ailment.OWNER_GONE,
    Ailment.OWNER_GONE.value,
    "Its owner no longer has access to the project.",
    "bad",
    4,
)
_NOT_SEEN = Finding(
    Ailment.NOT_SEEN,
    Ailment.NOT_SEEN.value,
    "Not seen used since it was created.",
    "warn",
    2,
)
DUPLICATE = Finding(
    Ailment.DUPLICATE,
    Ailment.DUPLICATE.value,
    "Another key of the same project has this name.",
    "",
    1,
)
_NO_EXPIRY = Finding(Ailment.NO_EXPIRY, Ailment.NO_EXPIRY.value, "It never expires.", "muted", 0)
_NEW = Finding(None, "new", "Not seen used yet; the platform reports use late.", "muted", 0)
_REPORTED = Finding(None, "in use", "Its usage of the last 30 days is reported.", "good", 0)
_DELETED = Finding(
    None, "deleted", "Deleted, or not listed; its usage is still reported.", "muted", 0
)
_NO_KEY = Finding(None, "no key", "A service account without a key.", "muted", 0)


def findings(
    key: ApiKey,
    now: datetime,
    facts: KeyFacts = NOTHING_KNOWN,
    thresholds: Thresholds = USUAL,
    is_duplicate: bool = False,
) -> tuple[Finding, ...]:
    """Return everything there is to say of a key at this moment, the most pressing first."""
    if key.kind is KeyKind.DELETED:
        return (_DELETED,)
    if key.kind is KeyKind.ACCOUNT:
        return (_NO_KEY,)
    wrong: list[Finding] = []
    if key.expires_at is not None or key.owner_access == "inactive":
        wrong += _of_expiry_and_owner(key, now, facts, thresholds)
    if thresholds.oldest_days:
        wrong += _of_age(key, now, thresholds.oldest_days)
    if (used := _ill_used(key, now, facts, thresholds)) is not None:
        wrong.append(used)
    if is_duplicate:
        wrong.append(DUPLICATE)
    if len(wrong) > 1:
        wrong.sort(key=attrgetter("weight"), reverse=True)
    elif not wrong:
        wrong.append(_fine(key, now, facts))
    if key.expires_at is None:
        wrong.append(_NO_EXPIRY)
    return tuple(wrong)


def _of_expiry_and_owner(
    key: ApiKey, now: datetime, facts: KeyFacts, thresholds: Thresholds
) -> Iterator[Finding]:
    is_expired = key.expires_at is not None and key.expires_at <= now
    if is_expired:
        yield _dated(Ailment.EXPIRED, f"Expired {when(key.expires_at, now)}.", "bad", 5)
    elif key.expires_at and key.expires_at - now <= _days(thresholds.expiring_days):
        yield _dated(Ailment.EXPIRING, f"Expires {when(key.expires_at, now)}.", "warn", 3)
    if key.owner_access == "inactive":
        # What is reported of an expired key was used before; it spends no more.
        if facts.is_active and not is_expired:
            yield _SPENDING
        yield _OWNER_GONE_EXPIRED if is_expired else _OWNER_GONE


def _of_age(key: ApiKey, now: datetime, most: int) -> Iterator[Finding]:
    if key.created_at and now - key.created_at > _days(most):
        why = f"Created {when(key.created_at, now)}; the policy is at most {most} d."
        yield _dated(Ailment.OLD, why, "warn", 2)


def _ill_used(
    key: ApiKey, now: datetime, facts: KeyFacts, thresholds: Thresholds
) -> Finding | None:
    """Return what is wrong with its use. `last_used_at` lags, so reported requests count too."""
    used = key.last_used_at
    if used is None:
        return None if facts.requests or _is_young(key, now, thresholds) else _NOT_SEEN
    if now - used <= _days(thresholds.stale_days):
        return None
    if facts.requests and thresholds.stale_days >= FACTS_DAYS:
        return None
    return _dated(Ailment.STALE, f"Last seen used {when(used, now)}.", "warn", 1)


def _is_young(key: ApiKey, now: datetime, thresholds: Thresholds) -> bool:
    return key.created_at is None or now - key.created_at <= _days(thresholds.young_days)


def _fine(key: ApiKey, now: datetime, facts: KeyFacts) -> Finding:
    if key.last_used_at is None:
        return _REPORTED if facts.requests else _NEW
    return _seen(f"Last seen used {when(key.last_used_at, now)}.")


@lru_cache(maxsize=16)
def _days(number: int) -> timedelta:
    return timedelta(days=number)


# Ten thousand keys share few sentences, and a list is judged anew at every look.
@lru_cache(maxsize=4096)
def _dated(ailment: Ailment, why: str, tone: Tone, weight: int) -> Finding:
    return Finding(ailment, ailment.value, why, tone, weight)


@lru_cache(maxsize=4096)
def _seen(why: str) -> Finding:
    return Finding(None, "in use", why, "good", 0)
