"""Figures nobody expects: a picture or a sentence, and never a crash."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from oai_tui.core.compare import changes, movers
from oai_tui.core.cuts import Cut, Step, cuts
from oai_tui.core.period import Period
from oai_tui.core.usage import Dimension, Group, Metric, Pivot
from oai_tui.core.zone import Zone
from oai_tui.services.usage import Question, Report
from oai_tui.ui.charts import Palette, Style
from oai_tui.ui.widgets.usage_colors import SeriesColors
from oai_tui.ui.widgets.usage_columns import usage_columns
from oai_tui.ui.widgets.usage_details import details
from oai_tui.ui.widgets.usage_figures import Figures
from oai_tui.ui.widgets.usage_head import facts, read_out
from oai_tui.ui.widgets.usage_picture import Inks, bars, bricks, cumulative
from oai_tui.ui.widgets.usage_words import cut_words, size

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
DAYS = Period(date(2026, 11, 13), date(2026, 11, 22))
INKS = Inks(tuple(f"#{n}{n}{n}" for n in range(8)), "#999999", "#ffffff")
PALETTE = Palette("#101010", "#888888", "#303030", "#ffffff", "#203040", "#ffaa00")
NONE: frozenset[int] = frozenset()


def pivot(
    rows: Sequence[Sequence[str]],
    metric: Metric = Metric.TOKENS,
    unknown: frozenset[int] = NONE,
    days: Period = DAYS,
) -> Pivot:
    groups = []
    for number, row in enumerate(rows):
        figures = tuple(map(Decimal, row))
        whole = sum((each for each in figures if each.is_finite()), Decimal(0))
        groups.append(Group(f"m{number}", f"model {number}", whole, figures))
    pieces = cuts(days, Step.DAY)[: len(rows[0]) if rows else 10]
    return Pivot(days, metric, Dimension.MODEL, tuple(groups), pieces, unknown)


def figures(shown: Pivot, before: Pivot | None = None, provisional: int | None = None) -> Figures:
    report = Report(
        Question(DAYS, shown.metric),
        shown,
        Step.DAY,
        before=before,
        as_of=NOW,
        provisional=provisional,
        changes=changes(shown, before),
        movers=movers(shown, before),
    )
    return Figures(report, {})


def drawn(found: Figures, style: Style | None = None) -> tuple[str, str]:
    colors = SeriesColors(8)
    series = bricks(found, lambda ids: colors.assign(Dimension.MODEL, ids), INKS)
    style = style or Style()
    one = bars(found, series, INKS, 0).draw((70, 12), PALETTE, style).plain
    return one, cumulative(found, INKS).draw((40, 12), PALETTE, style).plain


ODD = {
    "zeros": [["0"] * 10],
    "negative": [["-5"] * 10, ["3"] * 10],
    "one point": [["7"]],
    "huge": [["1E40"] * 10],
    "tiny": [["1E-30"] * 10],
    "not a number": [["NaN"] * 10],
    "infinite": [["Infinity", *["1"] * 9]],
    "nothing": [],
}


@pytest.mark.parametrize("rows", ODD.values(), ids=list(ODD))
@pytest.mark.parametrize("metric", [Metric.TOKENS, Metric.COST, Metric.BYTES])
def test_odd_figures_are_a_picture_or_a_sentence(rows: list[list[str]], metric: Metric) -> None:
    found = figures(pivot(rows, metric))
    for picture in drawn(found):
        assert picture.strip()
    for at in range(len(found.pivot.cuts)):
        assert read_out(found, at).plain.strip()
    assert facts(found, NOW, 118, "").plain
    for row in found.rows:
        assert details(found, row, {}).plain
        for column in usage_columns(found, unicode=True):
            column.read(row)


def test_ten_thousand_groups_are_folded() -> None:
    found = figures(pivot([[str(10_000 - n)] * 10 for n in range(10_000)]))
    bars_drawn, line = drawn(found)
    assert "█" in bars_drawn
    assert line.strip()
    assert "9995 more" in read_out(found, 0).plain


def test_what_is_unknown_is_a_gap_and_never_a_zero() -> None:
    found = figures(pivot([["5"] * 10], unknown=frozenset({3, 4})))
    picture, _ = drawn(found)
    assert picture.count("?") == 2
    assert found.sums[3] is None
    assert found.so_far[5] == 20
    assert "— not known" in read_out(found, 3).plain
    assert "0" not in read_out(found, 3).plain.partition("Nov")[2]
    text = details(found, found.rows[0], {}).plain
    assert text.count("—") == 2
    assert found.average(found.pivot.figures) == 5


def test_the_days_not_over_are_faded_from_the_first_on() -> None:
    found = figures(pivot([["5"] * 10], Metric.COST), provisional=8)
    assert "from 21 Nov provisional" in facts(found, NOW, 118, "").plain
    assert "provisional" in read_out(found, 8).plain
    assert "provisional" in read_out(found, 9).plain
    assert "provisional" not in read_out(found, 7).plain


def test_the_line_before_ends_with_the_line() -> None:
    before = pivot([["4"] * 10], days=DAYS.shifted(-1))
    found = figures(pivot([["5"] * 10]), before)
    behind = cumulative(found, INKS).behind
    assert behind is not None
    assert behind.values[-1] == 40
    assert "▲ 25 % on the 10 days before" in facts(found, NOW, 118, "").plain
    assert "before 4" in read_out(found, 0).plain


def test_a_level_is_not_added_up() -> None:
    found = figures(pivot([["3000000000"] * 10], Metric.BYTES))
    assert found.so_far == found.sums
    assert "so far" not in read_out(found, 9).plain
    assert found.average(found.pivot.figures) is None
    assert "3 GB" in read_out(found, 9).plain


@pytest.mark.parametrize(
    ("number", "words"),
    [("0", "0 B"), ("999", "999 B"), ("1500", "1.5 KB"), ("2E12", "2 TB"), ("-4E6", "-4 MB")],
)
def test_bytes_are_written_short(number: str, words: str) -> None:
    assert size(Decimal(number)) == words


def test_nothing_but_plain_characters_where_there_are_no_others() -> None:
    found = figures(pivot([["5"] * 10, ["2"] * 10]), pivot([["4"] * 10, ["4"] * 10]))
    for picture in drawn(found, Style(color=False, unicode=False)):
        assert picture.isascii()
    for column in usage_columns(found, unicode=False):
        assert column.read(found.rows[0]).text.isascii()


def test_an_hour_that_comes_twice_says_which_of_the_two_it_is() -> None:
    berlin = Zone("Europe/Berlin")
    hours = [datetime(2026, 10, 24 + at // 24, at % 24, tzinfo=UTC) for at in range(23, 27)]
    assert [berlin.time_of(each) for each in hours] == ["01:00", "02:00 CEST", "02:00 CET", "03:00"]
    cuts_ = [Cut(each, each + timedelta(hours=1)) for each in hours]
    words = [cut_words(each, Step.HOUR, berlin) for each in cuts_]
    assert words[1:3] == ["Sun 25 Oct 02:00 CEST", "Sun 25 Oct 02:00 CET"]
    assert Zone().time_of(hours[0]) == "23:00"


def test_no_label_of_the_details_touches_its_figure() -> None:
    found = figures(pivot([["5"] * 10], Metric.REQUESTS))
    totals = dict.fromkeys(Metric, Decimal(1_234_567))
    lines = details(found, found.rows[0], totals).plain.splitlines()
    assert [line for line in lines if "1,234,567" in line]
    assert all("  " in line for line in lines if line.strip())
