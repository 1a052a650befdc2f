"""What is typed for brakes, how they are put into words, and what changing them does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.brakes import (
    Adjustment,
    RateChange,
    alert_amount,
    alert_words,
    consequence,
    limit_amount,
    limit_words,
    rate_change,
    rate_words,
    recipients_of,
    scaled,
    subject_prefix_of,
)
from oai_tui.core.errors import WrongInput
from oai_tui.core.limits import Ceiling, RateLimit, SpendAlert, SpendLimit
from oai_tui.core.money import Money

TODAY = date(2026, 11, 22)
SECRET = "sk-admin-" + "a1B2" * 10


def dollars(amount: str) -> Money:
    return Money(Decimal(amount))


def test_amounts_typed() -> None:
    assert limit_amount("1,500.50") == dollars("1500.50")
    assert limit_amount("0.01") == dollars("0.01")
    assert alert_amount("0") == dollars("0")
    for wrong in ("0", "0.00", "-5", "1.234", "5e3", "", "1.500,00"):
        with pytest.raises(WrongInput):
            limit_amount(wrong)
    with pytest.raises(WrongInput):
        alert_amount("-1")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ops@acme.io", ("ops@acme.io",)),
        (" ops@acme.io, Bob.O+x@mail.acme.co.uk ", ("ops@acme.io", "Bob.O+x@mail.acme.co.uk")),
        ("a@b.co;c@d.co\nA@B.CO", ("a@b.co", "c@d.co")),
        ("<a@b.co>", ("a@b.co",)),
        ("a@b.co,,;", ("a@b.co",)),
    ],
)
def test_recipients_typed(typed: str, found: tuple[str, ...]) -> None:
    assert recipients_of(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        "ops",
        "ops@",
        "@acme.io",
        "ops@acme",
        "a@b@c.de",
        "a b@c.de",
        ".a@b.co",
        "a..b@c.co",
        "a@-b.co",
        "a@b..co",
        "a@b.co\x1b]52;c;x\x07",
        "a@b.co\u202e",
        "fred@ex\u00e4mple.com",
        "a" * 65 + "@b.co",
    ],
)
def test_what_is_no_address_is_told_in_a_sentence(typed: str) -> None:
    with pytest.raises(WrongInput, match="is not an e-mail address") as raised:
        recipients_of(f"ok@acme.io {typed}")
    assert "\x1b" not in raised.value.what
    assert raised.value.way_out


def test_somebody_has_to_be_mailed_but_not_everybody() -> None:
    with pytest.raises(WrongInput, match="somebody"):
        recipients_of(" ,; ")
    with pytest.raises(WrongInput, match="more than 50"):
        recipients_of(" ".join(f"a{n}@b.co" for n in range(51)))


def test_a_prefix_is_plain_and_short_and_no_key() -> None:
    assert subject_prefix_of("  OpenAI   spend ") == "OpenAI spend"
    assert subject_prefix_of("") == ""
    for wrong in ("x" * 101, "a\x1b[2J", "a\u202eb", SECRET):
        with pytest.raises(WrongInput) as raised:
            subject_prefix_of(wrong)
        assert SECRET not in str(raised.value)


def test_words() -> None:
    assert limit_words(None) == "no limit"
    assert limit_words(SpendLimit(dollars("2000"), "enforcing")) == "$2,000.00 a month"
    alert = SpendAlert("alert_1", dollars("0.5"), ("Z@b.co", "a@b.co", "z@b.co"), "Hey")
    assert alert_words(alert) == "$0.50 a month, mails a@b.co, z@b.co, subject “Hey”"
    assert alert_words(SpendAlert("alert_1", dollars("5"))) == "$5.00 a month, mails nobody"
    ceilings = {Ceiling.TOKENS: 30_000, Ceiling.REQUESTS: 500, Ceiling.IMAGES: None}
    expected = "500 requests a minute, 30,000 tokens a minute, images a minute not told"
    assert rate_words(ceilings) == expected


def said(**more: object) -> tuple[str, bool]:
    known: dict[str, object] = {
        "name": "",
        "was": dollars("2500"),
        "wanted": dollars("2000"),
        "spent": Decimal("1284.10"),
        "today": TODAY,
    } | more
    name, was, wanted = known.pop("name"), known.pop("was"), known.pop("wanted")
    found = consequence(name, was, wanted, **known)  # type: ignore[arg-type]
    return " ".join(found.lines), found.must_retype


def test_a_limit_above_the_spend_says_when_it_is_reached() -> None:
    words, must_retype = said(per_day=Decimal("150"))
    assert "has spent $1,284.10 this month so far: $715.90 would be left." in words
    assert "At this pace it is reached on 26 November." in words
    assert "every project are refused once it is reached: 429 organization_spend_limit" in words
    assert "raised or removed, or with the next month" in words
    assert not must_retype


@pytest.mark.parametrize(
    ("per_day", "words"),
    [
        (Decimal(70), "not reached this month"),
        (Decimal(0), "not reached this month"),
        (Decimal(-5), "not reached this month"),
        (Decimal("1E-40"), "not reached this month"),
        (Decimal(1000), "reached today"),
        (None, "cannot be told yet"),
    ],
)
def test_the_day_it_is_reached(per_day: Decimal | None, words: str) -> None:
    assert words in said(per_day=per_day)[0]


def test_the_pace_that_is_handed_in_goes_before_the_straight_line() -> None:
    asked: list[Decimal] = []

    def reached(amount: Decimal) -> date:
        asked.append(amount)
        return date(2026, 11, 30)

    words, _ = said(per_day=Decimal(1000), reached=reached)
    assert "reached on 30 November" in words
    assert asked == [Decimal(2000)]
    assert "not reached this month" in said(per_day=Decimal(1000), reached=lambda _: None)[0]


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        (Decimal("2000.01"), "that is $0.01 over $2,000.00"),
        (Decimal("2000"), "exactly this amount"),
        (Decimal("9999"), "that is $7,999.00 over $2,000.00"),
    ],
)
def test_a_limit_at_or_below_the_spend_refuses_at_once_and_is_typed_again(
    spent: Decimal, words: str
) -> None:
    found, must_retype = said(name="Web app", spent=spent)
    assert words in found
    assert "of Web app are refused from now on" in found
    assert "429 project_spend_limit_exceeded" in found
    assert must_retype


def test_a_limit_is_typed_again_where_the_spend_is_not_known() -> None:
    words, must_retype = said(spent=None)
    assert "is not known, so this may refuse traffic at once" in words
    assert must_retype


def test_removing_says_what_resumes() -> None:
    words, must_retype = said(wanted=None, spent=Decimal(2600))
    assert "Nothing stops the spend of the organization any more at $2,500.00." in words
    assert "traffic that is refused now resumes" in words
    assert not must_retype
    assert "resumes" not in said(wanted=None)[0]
    assert "not known" in said(wanted=None, spent=None)[0]


@pytest.mark.parametrize(
    ("value", "factor", "expected"),
    [(10, "2", 20), (10, "0.25", 3), (1, "0.5", 1), (1, "0.1", 1), (3, "1.5", 5), (7, "1", 7)],
)
def test_scaling(value: int, factor: str, expected: int) -> None:
    assert scaled(value, Decimal(factor)) == expected


@given(st.integers(1, 2**50), st.decimals("0.000001", "1000", places=6))
def test_scaling_is_within_half_of_one(value: int, factor: Decimal) -> None:
    found = scaled(value, factor)
    assert found >= 1
    assert found == 1 or abs(found - value * factor) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("typed", "of_1000", "words"),
    [
        ("x2", 2000, "× 2"),
        ("×1.5", 1500, "× 1.5"),
        ("X 0.25", 250, "× 0.25"),
        ("50%", 500, "× 0.5"),
        ("250 %", 2500, "× 2.5"),
        ("+1000", 2000, "+ 1,000"),
        ("-999", 1, "- 999"),
        ("+1.5k", 2500, "+ 1,500"),
        ("1500", 1500, "1,500"),
        ("1,500", 1500, "1,500"),
        ("1.5M", 1_500_000, "1,500,000"),
        ("30k", 30_000, "30,000"),
        ("2b", 2_000_000_000, "2,000,000,000"),
        ("x0.0001", 1, "× 0.0001"),
    ],
)
def test_adjustments(typed: str, of_1000: int, words: str) -> None:
    found = Adjustment.parse(typed)
    assert found.of(1000) == of_1000
    assert str(found) == words


@pytest.mark.parametrize(
    "typed",
    [
        "", "x", "x0", "0%", "+50%", "x50%", "x2k", "1.5", "+0.5", "1.2345k", "-", "1e6", "two",
        "1,50", "99999999999999999", "x-2", "0", "9007199254740993",
    ],
)  # fmt: skip
def test_what_is_no_adjustment(typed: str) -> None:
    with pytest.raises(WrongInput):
        Adjustment.parse(typed)


def test_no_ceiling_falls_below_one_or_beyond_all_numbers() -> None:
    for typed in ("-1000", "-2k"):
        with pytest.raises(WrongInput, match="no ceiling to work under"):
            Adjustment.parse(typed).of(1000)
    with pytest.raises(WrongInput):
        Adjustment.parse("x1000000").of(2**50)


def test_a_change_of_a_ceiling() -> None:
    limit = RateLimit("rl_1", "proj_1", "gpt-5.6", {Ceiling.REQUESTS: 500})
    change = rate_change(limit, Ceiling.REQUESTS, Adjustment.parse("x2"))
    assert change == RateChange(limit, {Ceiling.REQUESTS: 1000})
    assert (change.was, change.is_to_be) == ("500 requests a minute", "1,000 requests a minute")
    assert rate_change(limit, Ceiling.REQUESTS, Adjustment.parse("500")) is None
    assert rate_change(limit, Ceiling.TOKENS, Adjustment.parse("500")) is None
