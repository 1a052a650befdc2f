from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oai_tui.core.text import (
    HARMFUL,
    UNKNOWN,
    ago,
    clean,
    count,
    day,
    money,
    percent,
    short_id,
    short_key,
    when,
    without_keys,
)
from tests.canary import CANARY, leaks

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANYTHING = st.text(alphabet=st.characters(codec=None))
NASTY = "\x1b]52;c;c3RvbGVu\x07\x9b31m\u202e\u2066\u200b\u2028\ufeff\x7f\x00\r\n\t\ud800"


@given(ANYTHING, st.integers(1, 400))
@example(NASTY, 256)
@example("e" + "\u0301" * 5000, 256)
def test_clean_text_is_harmless_and_bounded(text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert not HARMFUL.search(cleaned)
    assert not set(cleaned) & set("\t\n\r\x1b")
    assert len(cleaned) <= limit
    cleaned.encode()


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=256))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_cleaning_shows_where_something_was() -> None:
    assert clean("a\x1b[2Jb") == "a␛[2Jb"
    assert clean("two\nlines") == "two␊lines"
    assert clean("a\u202eb") == "a\ufffdb"
    assert clean(None) == ""
    assert clean("x" * 300) == "x" * 255 + "…"
    assert clean("e" + "\u0301" * 9 + "f") == "e" + "\u0301" * 4 + "f"


@given(ANYTHING)
@example(NASTY)
@example("*")
@example("...")
@example("sk-***a***b")
def test_a_short_key_is_short_whatever_is_listed(text: str) -> None:
    assert len(short_key(text)) <= 16


@pytest.mark.parametrize(
    ("redacted", "short"),
    [
        ("sk-admin...def", "sk-admin…def"),
        ("sk-proj-" + "*" * 152 + "excA", "sk-proj…excA"),
        ("sk-svcac" + "*" * 160 + "380A", "sk-svcac…380A"),
        ("sk-…9QxA", "sk…9QxA"),
        ("", ""),
        ("none", "none"),
        (CANARY, f"{CANARY[:7]}…{CANARY[-4:]}"),
    ],
)
def test_masks_of_any_length_become_short(redacted: str, short: str) -> None:
    assert short_key(redacted) == short


def test_keys_are_taken_out_of_texts() -> None:
    assert without_keys(f"Incorrect key: {CANARY}.") == "Incorrect key: <key removed>."
    assert not leaks(CANARY, without_keys(f"x{CANARY}y{CANARY}"))
    assert "abcdefgh" not in without_keys("(sess-abcdefgh)")
    assert without_keys("the task-manager and risk-assessment") == (
        "the task-manager and risk-assessment"
    )


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (None, UNKNOWN),
        ("0", "$0.00"),
        ("-0", "$0.00"),
        ("1284.1", "$1,284.10"),
        ("-3", "-$3.00"),
        ("0.004", "<$0.01"),
        ("-0.004", ">-$0.01"),
        ("0.01", "$0.01"),
        ("0.015", "$0.02"),
        ("0.025", "$0.02"),
        ("999999.995", "$1,000,000.00"),
        ("1e30", "$1" + ",000" * 10 + ".00"),
        ("1e-60", "<$0.01"),
    ],
)
def test_money(amount: str | None, written: str) -> None:
    assert money(None if amount is None else Decimal(amount)) == written


def test_money_with_other_places() -> None:
    assert money(Decimal("2.31049"), 4) == "$2.3105"
    assert money(Decimal("0.00004"), 4) == "<$0.0001"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (None, UNKNOWN),
        (0, "0"),
        (-0, "0"),
        (999, "999"),
        (1_000, "1 K"),
        (-1_500, "-1.5 K"),
        (9_994, "9.99 K"),
        (9_996, "10 K"),
        (40_343, "40.3 K"),
        (99_949, "99.9 K"),
        (99_951, "100 K"),
        (999_499, "999 K"),
        (999_500, "1 M"),
        (40_343_881, "40.3 M"),
        (310_000_000, "310 M"),
        (1_250_000_000, "1.25 B"),
        (10**15, "1000000 B"),
        (Decimal("12.5"), "12"),
    ],
)
def test_counts_have_three_digits(number: int | Decimal | None, written: str) -> None:
    assert count(number) == written


@given(st.integers(0, 10**12 - 10**9))
def test_a_count_is_never_off_by_more_than_half_a_percent(number: int) -> None:
    digits, _, unit = count(number).partition(" ")
    shown = Decimal(digits) * {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}[unit]
    assert abs(shown - number) <= Decimal(number) / 200


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**60), max_value=10**60),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**60), max_value=10**60),
)
@example(Decimal(10) ** 60, Decimal("1e-60"))
def test_no_figure_breaks_what_writes_it(left: Decimal, right: Decimal) -> None:
    assert money(left).lstrip("<>-").startswith("$")
    assert count(left)
    assert percent(left, right) == UNKNOWN or percent(left, right).endswith("%")


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [("64", "100", "64 %"), ("0.2", "100", "<1 %"), ("0", "5", "0 %"), ("1", "0", UNKNOWN)],
)
def test_percent(part: str, whole: str, written: str) -> None:
    assert percent(Decimal(part), Decimal(whole)) == written


@pytest.mark.parametrize(
    ("seconds", "bare", "sentence"),
    [
        (0, "just now", "just now"),
        (59, "just now", "just now"),
        (60, "1 min", "1 min ago"),
        (7_199, "1 h", "1 h ago"),
        (212 * 86_400, "212 d", "212 d ago"),
        (-30, "just now", "just now"),
        (-12 * 86_400, "in 12 d", "in 12 d"),
    ],
)
def test_times_in_one_unit(seconds: int, bare: str, sentence: str) -> None:
    then = NOW - timedelta(seconds=seconds)
    assert (ago(then, NOW), when(then, NOW)) == (bare, sentence)


def test_unknown_times() -> None:
    assert ago(None, NOW) == when(None, NOW) == day(None, NOW) == UNKNOWN


def test_days_without_what_the_reader_knows() -> None:
    assert day(datetime(2026, 3, 2, tzinfo=UTC), NOW) == "2 Mar"
    assert day(datetime(2024, 11, 30, 23, 59, tzinfo=UTC), NOW) == "Nov 2024"


def test_ids_keep_their_ends() -> None:
    assert short_id("key_9QxAAAAAAAAAf3Ab") == "key_9QxAA…f3Ab"
    assert short_id("key_abc") == "key_abc"
