"""How near what was used comes to the ceilings, minute by minute: an estimate, never a counter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.core.text import percent

NEAR = Decimal("0.9")
"""The share of a ceiling in some minute from which on a model counts as throttled."""

_DATED = re.compile(r"(?P<family>.+?)-(\d{4}-\d{2}-\d{2}|\d{4})")


@dataclass(frozen=True, slots=True)
class Peak:
    """The busiest minutes of a model in a project: of requests, and of tokens in and out.

    The two need not be the same minute; each `_at` is when it began, in UTC. `tokens` is None for
    kinds of usage that count none.
    """

    requests: int
    requests_at: datetime | None
    tokens: int | None
    tokens_at: datetime | None


@dataclass(frozen=True, slots=True)
class RateRow:
    """The ceilings of a model in a project and what was used under them.

    `peak` None means that no use was seen, or that use is not known. `share` is the part of the
    `nearest` ceiling that the busiest minute took, 1 being all of it. `models` are the names in
    usage that were counted here.
    """

    project: str
    limit: RateLimit
    peak: Peak | None = None
    share: Decimal | None = None
    nearest: Ceiling | None = None
    models: tuple[str, ...] = ()

    @property
    def throttled(self) -> bool:
        """Whether some minute came so near a ceiling that requests were probably refused."""
        return self.share is not None and self.share >= NEAR

    @property
    def at(self) -> datetime | None:
        """The minute that came nearest to a ceiling."""
        if self.peak is None or self.nearest is None:
            return None
        is_requests = self.nearest is Ceiling.REQUESTS
        return self.peak.requests_at if is_requests else self.peak.tokens_at

    @property
    def mark(self) -> str:
        """How near it came, such as `94 % of tokens a minute at 11:42 UTC`, or ""."""
        if self.share is None or self.nearest is None or self.at is None:
            return ""
        share = percent(self.share, Decimal(1))
        return f"{share} of {self.nearest.label} at {self.at:%H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Use of a model of which the project lists no rate limit; `project` is its name."""

    project: str
    model: str
    peak: Peak


def row_of(project: str, limit: RateLimit, peak: Peak | None, models: Iterable[str]) -> RateRow:
    """Return a rate limit with what was used under it."""
    if peak is None:
        return RateRow(project, limit)
    used = {Ceiling.REQUESTS: peak.requests, Ceiling.TOKENS: peak.tokens}
    shares = [
        (Decimal(amount) / limit.ceilings[ceiling], ceiling)
        for ceiling, amount in used.items()
        if amount is not None and limit.ceilings.get(ceiling)
    ]
    named = tuple(sorted(models))
    if not shares:
        return RateRow(project, limit, peak, models=named)
    share, nearest = max(shares, key=lambda each: each[0])
    return RateRow(project, limit, peak, share, nearest, named)


def family_of(model: str, limits: Mapping[str, RateLimit]) -> RateLimit | None:
    """Return the rate limit of a model by its name, or by its name without the date at its end.

    `gpt-5.6-2026-04-01` is under `gpt-5.6`; `gpt-5.6-mini` is not.
    """
    exact = limits.get(model)
    dated = _DATED.fullmatch(model)
    return limits.get(dated["family"]) if exact is None and dated else exact
