"""What is typed for brakes, how they are put into words, and what changing them does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from oai_tui.core.brakes import (
    alert_amount,
    alert_words,
    consequence,
    limit_amount,
    limit_words,
)
from oai_tui.core.errors import WrongInput
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.core.money import Money

TODAY = date(2026, 11, 22)


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


def test_words() -> None:
    assert limit_words(None) == "no limit"
    assert limit_words(SpendLimit(dollars("2000"), "enforcing")) == "$2,000.00 a month"
    alert = SpendAlert("alert_1", dollars("0.5"), ("Z@b.co", "a@b.co", "z@b.co"), "Hey")
    assert alert_words(alert) == "$0.50 a month, mails a@b.co, z@b.co, subject “Hey”"
    assert alert_words(SpendAlert("alert_1", dollars("5"))) == "$5.00 a month, mails nobody"


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
