"""What changed is told with its sign, and nothing is made up where nothing is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from oai_tui.core.compare import Change, changes, movers
from oai_tui.core.cuts import Step, cuts
from oai_tui.core.kinds import Dimension
from oai_tui.core.metrics import Metric
from oai_tui.core.period import Period
from oai_tui.core.usage import Pivot, ranked

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 2))


def pivot(metric: Metric = Metric.TOKENS, **totals: int) -> Pivot:
    sums = {id: {0: Decimal(figure)} for id, figure in totals.items()}
    by = Dimension.MODEL
    return ranked(NOVEMBER, metric, by, cuts(NOVEMBER, Step.DAY), sums, lambda _, id: id.upper())


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (100, 112, "▲ 12 %"),
        (100, 97, "▼ 3 %"),
        (1000, 1001, "▲ <1 %"),
        (7, 7, "as before"),
        (0, 7, "new"),
        (0, 0, "as before"),
        (-10, 10, "▲ 200 %"),
        (None, 7, ""),
    ],
)
def test_a_change_in_words(before: int | None, now: int, words: str) -> None:
    change = Change(None if before is None else Decimal(before), Decimal(now))
    assert change.words() == words


def test_what_is_gone_is_among_the_changes_too() -> None:
    now, before = pivot(a=10, b=5), pivot(a=4, gone=100)
    found = changes(now, before)
    assert [(id, found[id].by) for id in found] == [
        ("a", Decimal(6)),
        ("b", Decimal(5)),
        ("gone", Decimal(-100)),
    ]
    assert [each.words() for each in movers(now, before)] == [
        "GONE -100 (gone)",
        "A +6 (▲ 150 %)",
        "B +5 (new)",
    ]
    assert len(movers(now, before, most=1)) == 1


def test_without_a_period_before_nothing_has_moved() -> None:
    assert movers(pivot(a=10), None) == ()
    assert changes(pivot(a=10), None)["a"] == Change(None, Decimal(10))
    assert movers(pivot(a=10), pivot(a=10)) == ()


def test_money_is_written_as_money() -> None:
    found = movers(pivot(Metric.COST, a=3), pivot(Metric.COST, a=1))
    assert found[0].words() == "A +$2.00 (▲ 200 %)"
