"""Time is cut without loss or overlap, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.cuts import Cut, Grain, Step, cut_up, cuts, step_for, whole
from oai_tui.core.errors import WrongInput
from oai_tui.core.period import Period
from oai_tui.core.zone import Zone

ZONES = [
    Zone(name)
    for name in (
        "UTC",
        "UTC-06:00",
        "Europe/Berlin",
        "America/New_York",
        "America/Havana",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "America/Sao_Paulo",
    )
]
days = st.dates(date(2010, 1, 1), date(2030, 1, 1))
periods = st.tuples(days, st.integers(0, 500)).map(
    lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1]))
)
zones = st.sampled_from(ZONES)


@given(periods, zones, st.sampled_from(list(Step)[2:]))
def test_cuts_follow_one_another_from_the_first_instant_to_the_last(
    period: Period, zone: Zone, step: Step
) -> None:
    span, found = whole(period, zone), cuts(period, step, zone)
    edges = [span.start, *(cut.end for cut in found)]
    assert [cut.start for cut in found] == edges[:-1]
    assert edges[-1] == span.end
    assert all(cut.start < cut.end for cut in found)
    assert all(each.start in each and each.end not in each for each in found)


@given(periods, zones)
def test_every_day_of_a_zone_is_one_cut(period: Period, zone: Zone) -> None:
    found = [zone.day_of(cut.start) for cut in cuts(period, Step.DAY, zone)]
    left_out = {date(2011, 12, 30)} if zone.name == "Pacific/Apia" else set()
    assert found == [day for day in period if day not in left_out]


@given(periods, zones, st.integers(1, 300), st.sampled_from(list(Step)))
def test_there_are_never_more_cuts_than_columns(
    period: Period, zone: Zone, most: int, finest: Step
) -> None:
    step = step_for(period, most, zone, finest)
    assert list(Step).index(step) >= list(Step).index(finest)
    if step is not Step.YEAR:
        assert len(cuts(period, step, zone)) <= most


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 11, 1), 25),
        ("America/Havana", date(2026, 3, 8), 23),
        ("UTC", date(2026, 3, 29), 24),
        ("UTC-06:00", date(2026, 11, 1), 24),
    ],
)
def test_a_day_has_as_many_hours_as_its_clocks_show(zone: str, day: date, hours: int) -> None:
    assert len(cuts(Period(day, day), Step.HOUR, Zone(zone))) == hours


def test_midnight_that_clocks_skip_is_the_first_instant_after_it() -> None:
    havana = Zone("America/Havana")
    start = havana.midnight(date(2026, 3, 8))
    assert start == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert start.astimezone(havana.info).hour == 1


def test_minutes_lie_within_an_hour_and_quarters_begin_in_january() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    hour = Cut(noon, noon + timedelta(hours=1))
    period = Period(date(2026, 11, 22), date(2026, 11, 22))
    assert len(cut_up(hour, Step.MINUTE, Zone())) == 60
    assert step_for(period, 60, finest=Step.MINUTE, within=hour) is Step.MINUTE
    assert step_for(period, 59, finest=Step.MINUTE, within=hour) is Step.HOUR
    year = Period(date(2026, 2, 3), date(2026, 12, 31))
    assert [cut.start.month for cut in cuts(year, Step.QUARTER)] == [2, 4, 7, 10]
    assert [grain.seconds for grain in Grain] == [60, 3600, 86400]


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "UTC+99:00", ""])
def test_a_zone_nobody_knows_is_said_to_be_none(name: str) -> None:
    with pytest.raises(WrongInput, match="not a time zone"):
        Zone(name)


def test_only_some_zones_have_days_of_whole_hours_of_the_platform() -> None:
    day = date(2026, 11, 22)
    assert Zone("Europe/Berlin").begins_on_hours(day)
    assert not Zone("Asia/Kolkata").begins_on_hours(day)
