"""How often keys are used, over every kind that counts requests."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from oai_tui.api import usage
from oai_tui.core.errors import ApiProblem, BadAnswer, KeyRefused, NotFound, PlatformDown
from oai_tui.core.period import Period
from oai_tui.core.traffic import DailyRequests, Minute, Minutes
from oai_tui.simulator.server import Running, running
from tests.api.talking import Answer, Asked, Platform, asking, client_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEK = Period(date(2026, 11, 10), date(2026, 11, 19))


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(now=int(NOON.timestamp())) as found:
        yield found


def daily(served: Running, *key_ids: str) -> DailyRequests:
    client = client_of(address=served.base_url, key=served.admin_key)
    return asking(client, lambda c: usage.requests_by_key(c, WEEK, key_ids))


def by_minute(served: Running, key_id: str, since: datetime, until: datetime) -> Minutes:
    client = client_of(address=served.base_url, key=served.admin_key)
    return asking(client, lambda c: usage.minutes(c, key_id, since, until))


def counted_singly(served: Running) -> Counter[tuple[str, date]]:
    """Return the same from the rows of each kind, as the usage screen reads them."""

    async def ask() -> Counter[tuple[str, date]]:
        found: Counter[tuple[str, date]] = Counter()
        async with client_of(address=served.base_url, key=served.admin_key) as client:
            for kind in usage.REQUEST_KINDS:
                for row in await usage.usage(client, kind, WEEK):
                    found[row.api_key_id, row.day] += row.num_model_requests
        return found

    return asyncio.run(ask())


def test_the_days_of_every_key_are_the_sums_of_all_kinds(served: Running) -> None:
    served.faults.clear()
    found = daily(served)
    told = {(key, day): n for key, days in found.by_key.items() for day, n in days.items()}
    assert told == {at: n for at, n in counted_singly(served).items() if n}
    assert len(found.by_key) > 3
    assert found.lacking == found.unread == ()


def test_only_the_keys_asked_for_are_told(served: Running) -> None:
    served.faults.clear()
    key_id = busiest(served)
    assert daily(served, key_id).by_key == {key_id: daily(served).by_key[key_id]}


def busiest(served: Running) -> str:
    found = daily(served).by_key
    return max((key for key in found if key), key=lambda key: sum(found[key].values()))


def test_the_minutes_of_a_day_make_the_day(served: Running) -> None:
    served.faults.clear()
    key_id, day = busiest(served), Period(WEEK.last, WEEK.last)
    found = by_minute(served, key_id, day.start, day.end)
    assert found.requests == daily(served).by_key[key_id][WEEK.last]
    assert len(found.minutes) == 24 * 60
    assert [minute.at for minute in found.minutes][:2] == [
        day.start,
        day.start + timedelta(minutes=1),
    ]


def test_minutes_are_whole(served: Running) -> None:
    since = NOON - timedelta(minutes=10, seconds=31)
    found = by_minute(served, "key_nobody", since, NOON - timedelta(minutes=8, seconds=59))
    assert found.minutes == tuple(
        Minute(NOON - timedelta(minutes=before), 0) for before in (11, 10, 9)
    )
    assert by_minute(served, "key_nobody", NOON, NOON) == Minutes()


def test_more_than_one_page_of_minutes(served: Running) -> None:
    since = NOON - timedelta(hours=30)
    found = by_minute(served, "key_nobody", since, NOON)
    assert [minute.at for minute in found.minutes] == [
        since + timedelta(minutes=number) for number in range(30 * 60)
    ]


@pytest.mark.parametrize(
    ("faults", "lacking", "unread"),
    [
        (["404-envelope@GET /organization/usage/decisions"], ("decisions",), ()),
        (["500@GET /organization/usage/images"], (), ("images",)),
        (
            [
                "404-bare@GET /organization/usage/completions",
                "wrong-type@GET /organization/usage/embeddings",
            ],
            ("completions",),
            ("embeddings",),
        ),
    ],
)
def test_a_kind_that_cannot_be_read_is_told(
    served: Running, faults: list[str], lacking: tuple[str, ...], unread: tuple[str, ...]
) -> None:
    served.faults.set(*faults)
    found = daily(served)
    assert (found.lacking, found.unread) == (lacking, unread)
    assert found.by_key
    now = by_minute(served, "key_nobody", NOON - timedelta(minutes=3), NOON)
    assert (now.lacking, now.unread) == (lacking, unread)
    assert len(now.minutes) == 3
    served.faults.clear()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(404), NotFound),
        (Answer(401), KeyRefused),
        (Answer(503), PlatformDown),
    ],
)
def test_where_no_kind_is_told_nothing_is_known(answer: Answer, kind: type[ApiProblem]) -> None:
    for question in (
        lambda c: usage.requests_by_key(c, WEEK),
        lambda c: usage.minutes(c, "key_1", NOON - timedelta(minutes=2), NOON),
    ):
        with pytest.raises(kind):
            asking(client_of(Platform(answer)), question)


def test_a_failure_is_told_before_a_lack() -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(403 if asked.path.endswith("images") else 404)

    with pytest.raises(ApiProblem) as caught:
        asking(client_of(Platform(answer)), lambda c: usage.requests_by_key(c, WEEK))
    assert not isinstance(caught.value, NotFound)


def test_minutes_nobody_asked_for_are_not_counted() -> None:
    bucket: dict[str, object] = {
        "start_time": int(NOON.timestamp()),
        "end_time": None,
        "results": [],
    }
    with pytest.raises(BadAnswer):
        asking(
            client_of(Platform(Answer(body={"data": [bucket]}))),
            lambda c: usage.minutes(c, "key_1", NOON - timedelta(minutes=2), NOON),
        )
