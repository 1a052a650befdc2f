"""How near use comes to a ceiling, and under which ceiling it counts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.core.rates import Used, family_of, row_of

EARLY = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
LATE = datetime(2026, 11, 22, 11, 42, tzinfo=UTC)


def limit(model: str = "gpt-5.6", **ceilings: int) -> RateLimit:
    told = {Ceiling[name.upper()]: value for name, value in ceilings.items()}
    return RateLimit(f"rl_{model}", "proj_1", model, told)


def test_the_nearest_ceiling_counts() -> None:
    used = {Ceiling.REQUESTS: Used(50, EARLY), Ceiling.TOKENS: Used(9_400, LATE)}
    row = row_of("web", limit(requests=100, tokens=10_000), used, ("gpt-5.6",))
    assert (row.share, row.nearest, row.at) == (Decimal("0.94"), Ceiling.TOKENS, LATE)
    assert row.throttled
    assert row.mark == "94 % of tokens a minute at 11:42 UTC"
    row = row_of("web", limit(requests=50, tokens=10_000), used)
    assert row.mark == "100 % of requests a minute at 09:05 UTC"


@pytest.mark.parametrize(
    ("ceiling", "mark"),
    [
        (Ceiling.IMAGES, "95 % of images a minute at 09:05 UTC"),
        (Ceiling.DAILY_REQUESTS, "95 % of requests a day since midnight UTC"),
        (Ceiling.AUDIO, ""),
        (Ceiling.BATCH, ""),
    ],
)
def test_only_what_usage_counts_in_the_same_unit_is_compared(ceiling: Ceiling, mark: str) -> None:
    at = EARLY if ceiling is not Ceiling.DAILY_REQUESTS else None
    row = row_of("web", RateLimit("rl", "p", "m", {ceiling: 100}), {ceiling: Used(95, at)})
    assert row.mark == mark
    assert row.throttled is bool(mark)


def test_what_no_usage_tells_is_said() -> None:
    row = row_of("web", limit(requests=1, audio=5, batch=100), {Ceiling.BATCH: Used(4_000)})
    assert row.not_compared == (
        "no usage tells megabytes of audio",
        "4 K batch tokens worked on today, no usage tells what waits in batches",
    )
    assert row_of("web", limit(batch=100), {}).not_compared == (
        "no usage tells what waits in batches",
    )
    assert (
        row_of("web", limit(requests=1, tokens=1, images=1, daily_requests=1), {}).not_compared
        == ()
    )


@pytest.mark.parametrize(("tokens", "near"), [(89, False), (90, True), (100, True), (130, True)])
def test_near_is_nine_tenths(tokens: int, near: bool) -> None:
    row = row_of("web", limit(tokens=100), {Ceiling.TOKENS: Used(tokens, LATE)})
    assert row.throttled is near


def test_what_is_not_known_is_not_near() -> None:
    tokens = {Ceiling.TOKENS: Used(100, LATE)}
    for row in (
        row_of("web", limit(tokens=100), {}),
        row_of("web", limit(tokens=100), {Ceiling.REQUESTS: Used(1, EARLY)}),
        row_of("web", limit(), tokens),
        row_of("web", limit(tokens=0), tokens),
    ):
        assert row.share is None
        assert not row.throttled
        assert row.mark == ""


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-5.6", "gpt-5.6"),
        ("gpt-5.6-2026-04-01", "gpt-5.6"),
        ("gpt-5.6-mini-2026-04-01", "gpt-5.6-mini"),
        ("gpt-4-0613", "gpt-4"),
        ("o4-mini-2025-04-16", "o4-mini-2025-04-16"),
        ("gpt-5.6-luna", None),
        ("gpt-5.6-preview", None),
        ("gpt-5.61", None),
        ("ft:gpt-5.6-2026-04-01:acme::x", None),
        ("", None),
    ],
)
def test_a_dated_name_is_under_its_family_and_nothing_else_is_guessed(
    model: str, family: str | None
) -> None:
    names = ("gpt-5.6", "gpt-5.6-mini", "gpt-4", "o4-mini", "o4-mini-2025-04-16", "")
    limits = {name: limit(name) for name in names if name}
    found = family_of(model, limits)
    assert (found.model if found else None) == family
