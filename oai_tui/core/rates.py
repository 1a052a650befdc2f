"""How near what was used comes to the ceilings: an estimate from usage, never a counter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.core.text import count, percent

NEAR = Decimal("0.9")
"""The share of a ceiling from which on requests were probably refused."""

COMPARED = (Ceiling.REQUESTS, Ceiling.TOKENS, Ceiling.IMAGES, Ceiling.DAILY_REQUESTS)
"""The ceilings whose own unit usage counts, so that a share of them can be told.

Audio is capped in megabytes, and usage counts its seconds and characters. The ceiling of batches
holds for what waits in the queue as well, and usage counts only what was worked on.
"""

_DATED = re.compile(r"(?P<family>.+?)-(\d{4}-\d{2}-\d{2}|\d{4})")


@dataclass(frozen=True, slots=True)
class Used:
    """What was used under one kind of ceiling.

    Of a ceiling for a minute it is the most in any, and `at` is when that minute began, in UTC. Of
    one for a day it is the sum since midnight, UTC, and `at` is None.
    """

    amount: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RateRow:
    """The ceilings of a model in a project and what was used under them.

    `used` is empty where no use was seen, or use is not known. `share` is the part of the `nearest`
    ceiling that was used, 1 being all of it. `models` are the names in usage that were counted
    here; `as_of` is when the ceilings were asked for.
    """

    project: str
    limit: RateLimit
    used: Mapping[Ceiling, Used] = field(default_factory=dict)
    share: Decimal | None = None
    nearest: Ceiling | None = None
    models: tuple[str, ...] = ()
    as_of: datetime | None = None

    @property
    def throttled(self) -> bool:
        """Whether use came so near a ceiling that requests were probably refused."""
        return self.share is not None and self.share >= NEAR

    @property
    def at(self) -> datetime | None:
        """The minute that came nearest to a ceiling, None where it was no minute but the day."""
        return self.used[self.nearest].at if self.nearest else None

    @property
    def mark(self) -> str:
        """How near it came, such as `94 % of tokens a minute at 11:42 UTC`, or ""."""
        if self.share is None or self.nearest is None:
            return ""
        when = f"at {self.at:%H:%M} UTC" if self.at else "since midnight UTC"
        return f"{percent(self.share, Decimal(1))} of {self.nearest.label} {when}"

    @property
    def not_compared(self) -> tuple[str, ...]:
        """What usage does not tell of the ceilings there are, in words."""
        said = []
        if Ceiling.AUDIO in self.limit.ceilings:
            said.append("no usage tells megabytes of audio")
        if Ceiling.BATCH in self.limit.ceilings:
            used = self.used.get(Ceiling.BATCH)
            so_far = f"{count(used.amount)} batch tokens worked on today, " if used else ""
            said.append(f"{so_far}no usage tells what waits in batches")
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Use of a model of which the project lists no rate limit; `project` is its name."""

    project: str
    model: str
    used: Mapping[Ceiling, Used]


def row_of(
    project: str,
    limit: RateLimit,
    used: Mapping[Ceiling, Used],
    models: Iterable[str] = (),
    as_of: datetime | None = None,
) -> RateRow:
    """Return a rate limit with what was used under it."""
    named = tuple(sorted(models))
    shares = [
        (Decimal(used[ceiling].amount) / limit.ceilings[ceiling], ceiling)
        for ceiling in COMPARED
        if ceiling in used and limit.ceilings.get(ceiling)
    ]
    if not shares:
        return RateRow(project, limit, used, models=named, as_of=as_of)
    share, nearest = max(shares, key=lambda each: each[0])
    return RateRow(project, limit, used, share, nearest, named, as_of)


def family_of(model: str, limits: Mapping[str, RateLimit]) -> RateLimit | None:
    """Return the rate limit of a model by its name, or by its name without the date at its end.

    `gpt-5.6-2026-04-01` is under `gpt-5.6`; `gpt-5.6-mini` is not.
    """
    exact = limits.get(model)
    dated = _DATED.fullmatch(model)
    return limits.get(dated["family"]) if exact is None and dated else exact
