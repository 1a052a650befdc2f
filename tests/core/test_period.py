from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oai_tui.core.errors import WrongInput
from oai_tui.core.period import (
    EARLIEST,
    PRESETS,
    Period,
    between,
    day_from,
    last_days,
    month_of,
    named,
)

TODAY = date(2026, 11, 22)
DAYS = st.dates(EARLIEST, date(2100, 1, 1))
PERIODS = st.tuples(DAYS, st.integers(0, 900)).map(
    lambda drawn: Period(drawn[0], drawn[0] + timedelta(days=drawn[1]))
)
ANYTHING = st.text(alphabet=st.characters(codec=None), max_size=15)
NEARLY = st.from_regex(r"[0-9]{1,5}(-[0-9]{1,3}){0,2}|[0-9]{1,5}(d|w|mo|y)", fullmatch=True)


@given(PERIODS | DAYS.map(month_of), st.integers(-40, 40))
@example(Period(date(2026, 10, 1), date(2026, 10, 30)), -1)
def test_moving_there_and_back_changes_nothing(period: Period, steps: int) -> None:
    moved = period.shifted(steps)
    assert moved.shifted(-steps) == period
    assert (period.is_month() and moved.is_month()) or moved.days == period.days


@given(PERIODS)
def test_neighbours_touch(period: Period) -> None:
    assert period.shifted(1).start == period.end
    assert period.shifted(-1).end == period.start


def test_months_move_by_months() -> None:
    october = month_of(date(2026, 10, 7))
    assert (october.first, october.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert october.shifted(4) == month_of(date(2027, 2, 1))
    assert october.shifted(-10).words(TODAY) == "December 2025"


@given(PERIODS | st.just(month_of(TODAY)), st.integers(-(10**9), 10**9))
@example(Period(TODAY, TODAY), 10**30)
@example(Period(date(2026, 1, 1), date(2026, 12, 31)), 8000)
def test_no_step_leads_out_of_the_calendar(period: Period, steps: int) -> None:
    assert period.shifted(steps).end > period.start.replace(year=1, month=1, day=1)


def test_days_of_a_period() -> None:
    period = Period(date(2026, 10, 30), date(2026, 11, 2))
    assert period.days == 4
    assert [day.day for day in period] == [30, 31, 1, 2]
    assert period.start == datetime(2026, 10, 30, tzinfo=UTC)
    assert period.end == datetime(2026, 11, 3, tzinfo=UTC)
    assert date(2026, 11, 2) in period
    assert date(2026, 11, 3) not in period
    with pytest.raises(WrongInput):
        Period(TODAY, TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        (" Yesterday ", "2026-11-21", "2026-11-21"),
        ("7d", "2026-11-16", "2026-11-22"),
        ("2w", "2026-11-09", "2026-11-22"),
        ("1mo", "2026-11-01", "2026-11-22"),
        ("12mo", "2025-12-01", "2026-11-22"),
        ("MTD", "2026-11-01", "2026-11-22"),
        ("this-month", "2026-11-01", "2026-11-22"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-12", "2024-12-01", "2024-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_words_for_periods(word: str, first: str, last: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert named(word, TODAY) == period


@pytest.mark.parametrize(
    "word", ["", "0d", "-7d", "7", "d", "2026-13", "2026-00", "1999", "0000-01", "9999", "tomorrow"]
)
def test_words_for_nothing(word: str) -> None:
    assert named(word, TODAY) is None


@given(ANYTHING | NEARLY, DAYS)
@example("9999-12", TODAY)
@example("٢٠٢٦-٠١", TODAY)
@example("9999mo", date(2020, 6, 1))
def test_any_word_is_a_whole_period_or_nothing(word: str, today: date) -> None:
    period = named(word, today)
    assert period is None or period.start < period.end


def test_every_preset_is_understood() -> None:
    assert all(named(word, TODAY) for word, _ in PRESETS)
    assert last_days(30, TODAY) == named("30d", TODAY)


@given(ANYTHING | NEARLY, ANYTHING | NEARLY, DAYS)
@example("2026-11-01", "9999-12-31", TODAY)
def test_two_typed_days_are_a_period_up_to_today_or_refused(
    first: str, last: str, today: date
) -> None:
    try:
        period = between(first, last, today)
    except WrongInput as wrong:
        refusal = wrong
    else:
        assert EARLIEST <= period.first <= period.last <= today
        return
    assert refusal.way_out
    assert "\x1b" not in str(refusal)


def test_two_typed_days() -> None:
    assert between("2026-11-01", "2026-12-31", TODAY) == Period(date(2026, 11, 1), TODAY)
    assert between("yesterday", "", TODAY).days == 2
    assert day_from(" Today ", TODAY) == TODAY


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-11-23", "", "future"),
        ("2026-11-03", "2026-11-02", "before the first"),
        ("2020-05-31", "", "no API before 2020"),
        ("2019", "", "no API before 2020"),
        ("2019-01", "", "no API before 2020"),
        ("3.11.2026", "", "not a date"),
        ("2026-02-30", "", "not a date"),
    ],
)
def test_two_typed_days_that_are_no_period(first: str, last: str, why: str) -> None:
    with pytest.raises(WrongInput, match=why):
        between(first, last, TODAY)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-22", "2026-11-22", "Today, 22 Nov 2026"),
        ("2026-11-21", "2026-11-21", "Yesterday, 21 Nov 2026"),
        ("2026-11-20", "2026-11-20", "20 Nov 2026"),
        ("2026-10-01", "2026-10-31", "October 2026"),
        ("2026-10-24", "2026-11-22", "24 Oct – 22 Nov 2026"),
        ("2025-12-24", "2026-01-02", "24 Dec 2025 – 2 Jan 2026"),
    ],
)
def test_periods_in_words(first: str, last: str, words: str) -> None:
    assert Period(date.fromisoformat(first), date.fromisoformat(last)).words(TODAY) == words
