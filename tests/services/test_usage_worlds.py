"""Whatever was used, however it is cut, grouped and kept: every way to look has the same sum."""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.core.cuts import Step, whole
from oai_tui.core.exact import total
from oai_tui.core.kinds import Dimension
from oai_tui.core.metrics import Metric
from oai_tui.core.period import Period
from oai_tui.core.zone import Zone
from oai_tui.services.usage import Question, UsageDesk
from oai_tui.store.ledger import Ledger
from tests.api.talking import Answer, Asked, Platform, client_of

FIRST, NOW = date(2026, 3, 1), datetime(2027, 6, 1, tzinfo=UTC)
START = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp())
HOURS = 60 * 24
WIDTHS = {"1m": 60, "1h": 3600, "1d": 86400}
GROUPED = (Dimension.MODEL, Dimension.PROJECT, Dimension.KEY, Dimension.BATCH, Dimension.KIND)
COST_GROUPS = (Dimension.MODEL, Dimension.PROJECT, Dimension.KEY, Dimension.LINE_ITEM)


@dataclass(frozen=True)
class Use:
    """Tokens of one hour, and what they cost."""

    kind: str
    hour: int
    model: str | None
    project_id: str | None
    api_key_id: str | None
    batch: bool | None
    input_tokens: int
    output_tokens: int
    cost: Decimal

    @property
    def at(self) -> int:
        return START + self.hour * 3600


ids = st.sampled_from([None, "a", "b", "c"])
uses = st.lists(
    st.builds(
        Use,
        st.sampled_from(["completions", "decisions", "embeddings"]),
        st.integers(0, HOURS - 1),
        ids,
        ids,
        ids,
        st.sampled_from([None, True, False]),
        st.integers(0, 10**9),
        st.integers(0, 10**9),
        st.decimals(-(10**6), 10**6, places=20),
    ),
    max_size=30,
)
periods = st.tuples(st.integers(0, 59), st.integers(0, 59)).map(
    lambda pair: Period(FIRST + timedelta(days=min(pair)), FIRST + timedelta(days=max(pair)))
)
zones = st.sampled_from(
    [Zone(name) for name in ("UTC", "UTC-06:00", "Europe/Berlin", "America/New_York")]
)


def world(found: list[Use]) -> Platform:
    """Return a platform that counts these uses as the real one does."""

    def answer(asked: Asked) -> Answer:
        query: dict[str, list[str]] = defaultdict(list)
        for name, value in asked.query:
            query[name].append(value)
        size, limit = WIDTHS[query["bucket_width"][0]], int(query["limit"][0])
        end, by = int(query["end_time"][0]), query["group_by[]"]
        start = int((query.get("page") or query["start_time"])[0])
        about = asked.path.rpartition("/")[2]
        last = min(end, start + limit * size)
        mine = [use for use in found if about in ("costs", use.kind)]
        data = [_bucket(about, mine, at, at + size, by) for at in range(start, last, size)]
        more = last < end
        return Answer(
            body={"data": data, "has_more": more, "next_page": str(last) if more else None}
        )

    return Platform(answer)


def _bucket(
    about: str, found: Iterable[Use], start: int, end: int, by: list[str]
) -> dict[str, Any]:
    sums: dict[tuple[Any, ...], list[Use]] = defaultdict(list)
    for use in found:
        if start <= use.at < end:
            line = {"line_item": f"{use.model}, input"}
            sums[tuple(line.get(name, getattr(use, name, None)) for name in by)].append(use)
    results = [dict(zip(by, key, strict=True)) | _figures(about, sums[key]) for key in sums]
    return {"start_time": start, "end_time": end, "results": results}


def _figures(about: str, found: list[Use]) -> dict[str, Any]:
    if about == "costs":
        return {"amount": {"value": str(total(use.cost for use in found)), "currency": "usd"}}
    return {
        "input_tokens": sum(use.input_tokens for use in found),
        "output_tokens": sum(use.output_tokens for use in found),
    }


def inside(found: Iterable[Use], question: Question) -> list[Use]:
    span = question.span
    return [use for use in found if span.start.timestamp() <= use.at < span.end.timestamp()]


@settings(max_examples=25, deadline=None)
@given(uses, periods, zones, st.sampled_from(list(Step)[2:]), st.integers(1, 80))
def test_any_grouping_of_any_days_has_the_sum_of_what_was_used(
    found: list[Use], period: Period, zone: Zone, step: Step, columns: int
) -> None:
    question = Question(period, zone=zone, step=step)
    used = sum(use.input_tokens + use.output_tokens for use in inside(found, question))
    paid = total(use.cost for use in inside(found, replace(question, metric=Metric.COST)))

    async def look(folder: str) -> None:
        async with client_of(world(found), clock=lambda: NOW) as client:
            ledger = Ledger(Path(folder), "work", "here")
            desk = UsageDesk(client, ledger, lambda: NOW, lambda _, id: id, zone)
            for group in GROUPED:
                asked = replace(question, dimension=group)
                await desk.prepare(asked)
                pivot = desk.view(asked, columns).pivot
                assert len(pivot.cuts) <= columns
                assert pivot.total == total(pivot.figures) == used
                assert total(each.total for each in pivot.groups) == used
                for each in pivot.groups[:2]:
                    narrowed = replace(asked, filters=((group, each.id),))
                    assert desk.view(narrowed, columns).pivot.total == each.total
            for group in COST_GROUPS:
                asked = replace(question, metric=Metric.COST, dimension=group)
                await desk.prepare(asked)
                pivot = desk.view(asked, columns).pivot
                assert pivot.total == total(pivot.figures) == paid
            ledger.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(look(folder))


@settings(max_examples=25, deadline=None)
@given(uses, st.lists(periods, min_size=1, max_size=3), periods, zones)
def test_what_is_kept_in_pieces_is_what_is_asked_for_at_once(
    found: list[Use], pieces: list[Period], period: Period, zone: Zone
) -> None:
    question = Question(period, dimension=Dimension.KEY, zone=zone)
    cost = replace(question, metric=Metric.COST)

    async def look(before: list[Period], folder: str) -> list[Any]:
        async with client_of(world(found), clock=lambda: NOW) as client:
            ledger = Ledger(Path(folder), "work", "here")
            desk = UsageDesk(client, ledger, lambda: NOW, lambda _, id: id, zone)
            for asked in (question, cost):
                for piece in before:
                    await desk.prepare(replace(asked, period=piece))
                await desk.prepare(asked)
            ledger.close()
            again = UsageDesk(client, ledger, lambda: NOW, lambda _, id: id, zone)
            return [again.view(asked, 500).pivot for asked in (question, cost)]

    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        assert asyncio.run(look(pieces, one)) == asyncio.run(look([], other))


@settings(max_examples=25, deadline=None)
@given(uses, zones)
def test_local_days_have_the_sum_of_utc_days_over_the_same_instants(
    found: list[Use], zone: Zone
) -> None:
    period = Period(FIRST + timedelta(days=5), FIRST + timedelta(days=50))
    local = Question(period, zone=zone)
    span = whole(period, zone)
    wide = Period(period.first - timedelta(days=1), period.last + timedelta(days=1))
    utc = Question(wide, within=span)

    async def look(folder: str) -> None:
        async with client_of(world(found), clock=lambda: NOW) as client:
            ledger = Ledger(Path(folder), "work", "here")
            desk = UsageDesk(client, ledger, lambda: NOW, lambda _, id: id, zone)
            sums = []
            for asked in (local, utc):
                await desk.prepare(asked)
                sums.append(desk.view(asked, 5000).pivot.total)
            assert sums[0] == sums[1]
            assert sums[0] == sum(
                use.input_tokens + use.output_tokens for use in inside(found, local)
            )
            ledger.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(look(folder))
