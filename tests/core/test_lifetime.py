"""How long a key may live, in the words people type."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.errors import WrongInput
from oai_tui.core.lifetime import LONGEST, PRESETS, SUGGESTED, ends, ends_in_words, parse

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
DAY = 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90d", 90 * DAY),
        (" 90 D ", 90 * DAY),
        ("in 90 days", 90 * DAY),
        ("12w", 84 * DAY),
        ("36h", 36 * 3600),
        ("45 min", 2700),
        ("1s", 1),
        ("a week", 7 * DAY),
        ("an hour", 3600),
        ("1y", LONGEST),
        ("a year", LONGEST),
        ("365d", LONGEST),
        ("12 months", LONGEST),
        ("3 months", int((datetime(2027, 2, 22) - datetime(2026, 11, 22)).total_seconds())),
        ("2026-11-22", 11 * 3600 + 56 * 60),
        ("2027-01-31", int((datetime(2027, 2, 1) - datetime(2026, 11, 22, 12, 4)).total_seconds())),
        ("never", None),
        ("None", None),
    ],
)
def test_what_people_type(text: str, seconds: int | None) -> None:
    assert parse(text, NOW) == seconds


def test_a_month_ends_on_its_last_day() -> None:
    now = datetime(2027, 1, 31, 8, 0, tzinfo=UTC)
    assert ends(parse("1 month", now), now) == datetime(2027, 2, 28, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "No expiry is given"),
        ("soon", "no length of time"),
        ("90", "no length of time"),
        ("-3d", "no length of time"),
        ("3m", "minutes or months"),
        ("3 fortnights", "no unit of time"),
        ("0d", "not in the future"),
        ("2026-11-21", "not in the future"),
        ("2027-02-30", "There is no 2027-02-30"),
        ("2027-13-01", "There is no"),
        ("9999-12-31", "There is no"),
        ("366d", "more than a year"),
        ("2 years", "more than a year"),
        ("24 months", "more than a year"),
        ("2027-11-22", "more than a year"),
        ("999999999 weeks", "more than a year"),
        ("\x1b]0;x\x07", "no length of time"),
    ],
)
def test_what_cannot_be(text: str, told: str) -> None:
    with pytest.raises(WrongInput, match=told) as caught:
        parse(text, NOW)
    assert caught.value.way_out
    assert caught.value.what.isprintable()


def test_the_presets_can_be_read() -> None:
    assert SUGGESTED in PRESETS
    assert [parse(preset, NOW) for preset in PRESETS][-1] is None


def test_the_end_is_told_with_its_day_and_how_far_it_is() -> None:
    assert ends_in_words(90 * DAY, NOW) == "20 Feb 2027 12:04 UTC, in 90 d"
    assert ends_in_words(None, NOW) == "never"
    assert ends(None, NOW) is None


@given(st.text(max_size=30))
def test_any_text_is_a_lifetime_or_a_clear_refusal(text: str) -> None:
    try:
        seconds = parse(text, NOW)
    except WrongInput:
        return
    assert seconds is None or 1 <= seconds <= LONGEST


@given(st.integers(1, 365))
def test_days_end_that_many_days_later(days: int) -> None:
    assert ends(parse(f"{days}d", NOW), NOW) == NOW + timedelta(days=days)
