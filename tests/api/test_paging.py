"""Lists that end, lists that pretend to, and buckets that do not fit."""

from __future__ import annotations

import asyncio
import time
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from oai_tui.api import keys, projects
from oai_tui.api import usage as api
from oai_tui.api.wire import Key, Listing
from oai_tui.core.errors import ApiProblem, BadAnswer
from oai_tui.core.period import Period
from oai_tui.core.usage import CostRow
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import World
from tests.api.talking import Answer, Asked, Platform, asking, client_of, whole

START = 1_793_491_200  # 1 November 2026
DAY = 86_400
PERIOD = Period(date(2026, 11, 1), date(2026, 11, 10))
NOW = 1_795_350_000


def page(ids: list[str], has_more: bool = False, **more: object) -> Answer:
    return Answer(body={"data": [{"id": id} for id in ids], "has_more": has_more, **more})


def ids_of(*pages: Answer) -> tuple[list[str], Platform]:
    platform = Platform(*pages)
    found = asking(client_of(platform), lambda c: whole(c, Listing[Key], "/keys"))
    return [key.id for key in found], platform


def test_a_list_is_read_to_its_end() -> None:
    found, platform = ids_of(
        page(["a", "b"], True, last_id="b"), page(["c"], True), page([], False)
    )
    assert found == ["a", "b", "c"]
    assert [dict(asked.query).get("after") for asked in platform.asked] == [None, "b", "c"]
    assert {dict(asked.query)["limit"] for asked in platform.asked} == {"100"}


def test_what_stands_on_two_pages_is_listed_once() -> None:
    found, _ = ids_of(page(["a", "b", "b"], True, last_id="b"), page(["b", "c"], False))
    assert found == ["a", "b", "c"]


@pytest.mark.parametrize(
    "pages",
    [
        (page(["a"], True, last_id="x"), page(["b"], True, last_id="x")),
        (page(["a"], True, last_id="x1"), page(["a"], True, last_id="x2")),
        (page(["a", "b"], True, last_id="x1"), page(["b"], False)),
        (page(["a"], True), page([], True)),
        (page([], True),),
        (page([], True, last_id="x"),),
    ],
    ids=["repeating", "nothing new", "nothing new at the end", "empty", "missing", "led nowhere"],
)
def test_a_list_that_cannot_be_read_whole_is_refused(pages: tuple[Answer, ...]) -> None:
    with pytest.raises(BadAnswer, match="does not come to an end"):
        ids_of(*pages)


def test_a_list_that_never_ends_is_refused() -> None:
    def next_page(asked: Asked) -> Answer:
        number = int(dict(asked.query).get("after", "0")) + 1
        return page([f"{number}"], True, last_id=f"{number}")

    platform = Platform(next_page)
    with pytest.raises(BadAnswer, match="does not come to an end"):
        asking(client_of(platform), lambda c: whole(c, Listing[Key], "/keys"))
    assert len(platform.asked) == 5_000


@pytest.mark.parametrize("fault", ["endless-cursor", "repeating-cursor"])
@pytest.mark.parametrize(
    "question",
    [
        lambda c: projects.projects(c),
        lambda c: keys.admin_keys(c),
        lambda c: keys.users(c),
        lambda c: api.usage(c, "completions", PERIOD),
        lambda c: api.costs(c, PERIOD, ["project_id"]),
    ],
    ids=["projects", "admin keys", "users", "usage", "costs"],
)
def test_evil_cursors_of_the_platform_end_at_once(fault: str, question: Any) -> None:
    world = World.seeded(7, "small", NOW)
    started = time.monotonic()
    with pytest.raises(BadAnswer):
        asking(client_of(build(world, [fault]), key=world.admin_key), question)
    assert time.monotonic() - started < 30


def bucket(day: float, amount: str = "1", days: float = 1) -> dict[str, object]:
    start = int(START + day * DAY)
    row = {"object": "organization.costs.result", "amount": {"value": amount, "currency": "usd"}}
    return {"start_time": start, "end_time": int(start + days * DAY), "results": [row]}


def costs_of(*pages: tuple[list[dict[str, object]], str | None]) -> tuple[list[CostRow], Platform]:
    platform = Platform(
        *(
            Answer(body={"data": data, "has_more": token is not None, "next_page": token})
            for data, token in pages
        )
    )
    client = client_of(platform)
    return asking(client, lambda c: api.costs(c, PERIOD, ["project_id", "line_item"])), platform


def test_pages_of_buckets_are_asked_for_with_the_same_question() -> None:
    rows, platform = costs_of(([bucket(0)], "page_A+/="), ([bucket(1)], "page_B"), ([], None))
    assert sum(row.amount for row in rows) == 2
    asked = [
        [(name, value) for name, value in each.query if name != "page"] for each in platform.asked
    ]
    assert asked[0] == [
        ("start_time", str(START)),
        ("end_time", str(START + 10 * DAY)),
        ("bucket_width", "1d"),
        ("limit", "10"),
        ("group_by[]", "project_id"),
        ("group_by[]", "line_item"),
    ]
    assert asked[1] == asked[2] == asked[0]
    tokens = [dict(each.query).get("page") for each in platform.asked]
    assert tokens == [None, "page_A+/=", "page_B"]


@pytest.mark.parametrize(
    ("days", "usage_limit", "costs_limit"), [(1, 1, 1), (31, 31, 31), (90, 31, 90), (365, 31, 180)]
)
def test_no_page_is_asked_to_hold_more_than_it_may(
    days: int, usage_limit: int, costs_limit: int
) -> None:
    period = Period(PERIOD.first, PERIOD.first + timedelta(days=days - 1))
    platform = Platform(Answer(body={"data": []}))

    async def ask() -> None:
        async with client_of(platform) as client:
            await api.usage(client, "completions", period)
            await api.costs(client, period, [])

    asyncio.run(ask())
    limits = [int(dict(asked.query)["limit"]) for asked in platform.asked]
    assert limits == [usage_limit, costs_limit]


@pytest.mark.parametrize(
    "pages",
    [
        (([bucket(0)], "x"), ([bucket(1)], "x")),
        (([bucket(0)], "x"), ([], "y")),
        (([bucket(0)], ""),),
        (([], "x"),),
    ],
    ids=["repeating", "led nowhere", "missing", "empty"],
)
def test_tokens_that_lead_nowhere_are_refused(pages: Any) -> None:
    with pytest.raises(BadAnswer, match="does not come to an end"):
        costs_of(*pages)


@pytest.mark.parametrize("day", [-1, -1 / 24, 10, 400])
def test_days_that_were_not_asked_for_are_refused(day: float) -> None:
    with pytest.raises(BadAnswer, match="not asked for"):
        costs_of(([bucket(0), bucket(day)], None))


@pytest.mark.parametrize(
    "pages",
    [
        (([bucket(0), bucket(0)], None),),
        (([bucket(0), bucket(1)], "x"), ([bucket(1), bucket(2)], None)),
        (([bucket(0), bucket(0.5, days=0.5)], None),),
        (([bucket(3), bucket(2, days=2)], None),),
    ],
)
def test_no_time_is_counted_twice(pages: Any) -> None:
    with pytest.raises(BadAnswer, match="twice"):
        costs_of(*pages)


def test_short_buckets_count_on_their_day() -> None:
    rows, _ = costs_of(([bucket(0.4, "0.1", 0.6), bucket(1, "0.2"), bucket(2, "0.3", 0.2)], None))
    assert [(row.day.day, row.amount) for row in rows] == [
        (1, Decimal("0.1")),
        (2, Decimal("0.2")),
        (3, Decimal("0.3")),
    ]


def test_progress_is_told_a_page_at_a_time() -> None:
    pages = []
    platform = Platform(
        Answer(body={"data": [bucket(0)], "has_more": True, "next_page": "x"}),
        Answer(body={"data": [bucket(1)]}),
    )
    client = client_of(platform)
    asking(client, lambda c: api.costs(c, PERIOD, [], lambda: pages.append(1)))
    assert len(pages) == 2


def test_a_failed_page_fails_the_whole() -> None:
    whole_page = Answer(body={"data": [bucket(0)], "has_more": True, "next_page": "x"})
    with pytest.raises(ApiProblem):
        asking(client_of(Platform(whole_page, Answer(500))), lambda c: api.costs(c, PERIOD, []))
