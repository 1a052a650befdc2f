"""Of the costs every day is asked for once, and no more at one go than an answer holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.services.usage.cost_pages import days_at_once, first_page, other_pages
from oai_tui.store.ledger import Window

TODAY = datetime(2026, 11, 22, tzinfo=UTC)


def ago(first: int, last: int) -> Window:
    """The days from so many days ago up to so many days ago, that one left out."""
    return TODAY - timedelta(first), TODAY - timedelta(last)


def test_two_months_are_one_page() -> None:
    missing = [ago(60, 0)]
    assert first_page(missing) == missing[0]
    assert other_pages(missing, missing[0], 1) == []


def test_of_a_year_the_newest_month_comes_alone_and_then_the_halves() -> None:
    missing = [ago(365, 0)]
    first = first_page(missing)
    assert first == ago(31, 0)
    assert other_pages(missing, first, 180) == [ago(185, 31), ago(365, 185)]


def test_the_days_that_are_read_again_say_nothing_of_how_large_a_year_is() -> None:
    missing = [ago(1, -1), ago(400, 60)]
    first = first_page(missing)
    assert first == ago(91, 60)
    assert other_pages(missing, first, 180)[0] == missing[0]


@pytest.mark.parametrize(
    ("rows", "days"), [(0, 180), (3_000, 180), (31_000, 100), (103_000, 30), (9_000_000, 1)]
)
def test_a_page_holds_as_many_days_as_its_rows_have_room(rows: int, days: int) -> None:
    assert days_at_once(rows, ago(31, 0)) == days


@given(st.lists(st.integers(0, 900), unique=True, min_size=2, max_size=6), st.integers(1, 180))
def test_every_day_is_asked_for_once(ends: list[int], days: int) -> None:
    places = sorted(ends)
    missing = [ago(last, first) for first, last in pairwise(places)][::2]
    first = first_page(missing)
    others = other_pages(missing, first, days)
    assert all(until - since <= timedelta(days) for since, until in others)
    asked = [
        since + timedelta(n)
        for since, until in [first, *others]
        for n in range((until - since).days)
    ]
    wanted = [since + timedelta(n) for since, until in missing for n in range((until - since).days)]
    assert sorted(asked) == sorted(wanted)
