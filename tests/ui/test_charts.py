from __future__ import annotations

import sys
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.color import Color
from textual.content import Content

from oai_tui.ui import charts
from oai_tui.ui.charts import Fan, Palette, Series, Style

PALETTE = Palette("#101418", "#8b96a3", "#2a313a", "#ffffff", "#2b3a49", "#e5a93c")
BLUE, MINT = "#4c8df6", "#7fe0c3"
PLAIN, ASCII = Style(color=False), Style(color=False, unicode=False)
SIZE = (60, 16)


def dollars(value: Decimal) -> str:
    return f"${value:,}"


def series(*rows: tuple[Decimal | int | None, ...]) -> list[Series]:
    return [Series(f"m{index}", row, (BLUE, MINT)[index % 2]) for index, row in enumerate(rows)]


def colours(content: Content, column: int) -> list[tuple[str, Color | None, Color | None]]:
    """Return glyph, foreground and background down a column, from the top."""
    found, start = [], 0
    for line in content.plain.split("\n"):
        style = content.get_style_at_offset(start + column)
        found.append((line[column], style.foreground, style.background))
        start += len(line) + 1
    return found


def eighths(content: Content, column: int, color: str) -> int:
    """Return how many eighths of a row a colour fills in a column."""
    total = 0
    for glyph, front, back in colours(content, column):
        part = {"▀": 4, "▊": 8}.get(glyph, " ▁▂▃▄▅▆▇█".find(glyph))
        if part <= 0:
            continue
        if front == Color.parse(color):
            total += part
        elif back == Color.parse(color):
            total += 8 - part
    return total


def bars(rows: list[Series], size: tuple[int, int] = SIZE, **extra: object) -> charts.Picture:
    ticks = extra.pop("ticks", ((0, "1 Nov"),))
    return charts.stacked_bars(rows, ticks, size, dollars, PALETTE, **extra)  # type: ignore[arg-type]


def test_gaps_are_even_and_one_column_wide() -> None:
    picture = bars(series(tuple(range(1, 13))))
    gaps = [b.start - a.stop for a, b in pairwise(picture.columns)]
    assert gaps == [1] * 11
    assert len({len(columns) for columns in picture.columns}) == 1
    for gap in (columns.stop for columns in picture.columns[:-1]):
        assert all(glyph in " ─" for glyph, _, _ in colours(picture.content, gap)[:-1])


def test_heights_are_proportional_and_stacks_keep_their_colours() -> None:
    picture = bars(series((10, 20, 40), (30, 20, 0)))
    blue = [eighths(picture.content, place.start, BLUE) for place in picture.columns]
    mint = [eighths(picture.content, place.start, MINT) for place in picture.columns]
    assert abs(blue[2] - 4 * blue[0]) <= 4
    assert abs(blue[1] - 2 * blue[0]) <= 2
    assert abs(blue[0] + mint[0] - blue[2]) <= 1
    assert mint[2] == 0


def test_a_round_figure_ends_at_the_middle_of_its_grid_line() -> None:
    picture = bars(series((40, 20)))
    rows = picture.plain.split("\n")
    line = next(index for index, row in enumerate(rows) if row.startswith("$40"))
    assert rows[line][picture.columns[0].start] == "▄"
    assert rows[line - 1][picture.columns[0].start] == " "


def test_bars_are_wide_when_few_and_one_column_each_when_many() -> None:
    assert len(bars(series((1, 2, 3))).columns[0]) == 15
    crowded = bars(series(tuple(range(1, 51))))
    assert [len(columns) for columns in crowded.columns] == [1] * 50


def test_more_bars_than_columns_are_refused_in_words() -> None:
    assert "365 bars do not fit" in bars(series(tuple(range(365)))).plain


def test_a_line_over_a_bar_stands_on_the_colour_of_the_bar() -> None:
    picture = bars(series((100, 100, 100)), line=Series("average", (50, 50, 50), "#fff"))
    cells = colours(picture.content, picture.columns[1].start + 3)
    grounds = [back for glyph, _, back in cells if "\u2801" <= glyph <= "\u28ff"]
    assert grounds == [Color.parse(BLUE)]


def test_the_selected_bar_has_a_ground_and_without_colour_a_pointer() -> None:
    picture = bars(series((1, 5, 3)), selected=1)
    highlight = Color.parse(PALETTE.highlight)
    grounds = [back for _, _, back in colours(picture.content, picture.columns[0].start)]
    assert highlight not in grounds
    assert colours(picture.content, picture.columns[1].start)[0][2] == highlight
    assert bars(series((1, 5, 3)), selected=1, style=PLAIN).plain.count("▼") == 1
    assert bars(series((1, 5, 3)), selected=1, style=ASCII, ticks=()).plain.count("v") == 1


def test_the_growing_bar_is_fainter() -> None:
    picture = bars(series((5, 5)), provisional=1)
    assert eighths(picture.content, picture.columns[0].start, BLUE) > 40
    assert eighths(picture.content, picture.columns[1].start, BLUE) == 0
    plain = bars(series((5, 5)), provisional=1, style=PLAIN)
    full, hatched = (
        sum(glyph == "█" for glyph, _, _ in colours(plain.content, place.start))
        for place in plain.columns
    )
    assert 0 < hatched < full


def test_credits_hang_below_zero() -> None:
    picture = bars(series((30, -15)))
    rows = picture.plain.split("\n")
    zero = next(index for index, row in enumerate(rows) if row.lstrip().startswith("$0"))
    column = colours(picture.content, picture.columns[1].start)
    assert all(front != Color.parse(BLUE) for _, front, _ in column[:zero])
    assert any(back == Color.parse(BLUE) for _, _, back in column[zero:])


def test_a_tiny_figure_is_seen() -> None:
    picture = bars(series((100_000, 1)))
    assert any(glyph == "━" for glyph, _, _ in colours(picture.content, picture.columns[1].start))


def test_series_differ_by_fill_without_colour() -> None:
    picture = bars(series((10, 10), (10, 10)), style=PLAIN)
    assert {"█", "░"} <= set(picture.plain)
    assert not picture.content.spans or all(
        picture.content.get_style_at_offset(place).foreground is None
        for place in range(0, len(picture.plain), 7)
    )


def test_ascii_is_ascii() -> None:
    picture = bars(
        series((10, 20), (10, 5)),
        style=ASCII,
        line=Series("a", (5, 9), "#fff"),
        ticks=((0, "été"),),
    )
    assert picture.plain.isascii()
    assert charts.spark([1, 2, None], 3, style=ASCII).plain.isascii()
    assert charts.bar(Decimal("0.5"), 9, PALETTE, color=BLUE, style=ASCII).plain.isascii()


@given(st.integers(1, 40), st.integers(1, 12), st.integers(20, 120))
@settings(max_examples=40, deadline=None)
def test_labels_keep_a_space_between_them(count: int, length: int, width: int) -> None:
    ticks = tuple((index, chr(97 + index % 26) * length) for index in range(count))
    picture = bars(series((5,) * count), (width, 8), ticks=ticks)
    if picture.columns:
        words = picture.plain.split("\n")[-1].split()
        assert words
        assert all(len(word) == length and len(set(word)) == 1 for word in words)


@pytest.mark.parametrize("bad", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(bad: str) -> None:
    rows = series((1, Decimal(bad)))
    assert bars(rows).plain == charts.NOT_A_NUMBER
    assert bars(series((1, 2)), line=rows[0]).plain == charts.NOT_A_NUMBER
    drawn = charts.lines(rows, (), SIZE, dollars, PALETTE)
    assert drawn.plain == charts.NOT_A_NUMBER
    marked = charts.lines(
        series((1, 2)), (), SIZE, dollars, PALETTE, marks=((Decimal(bad), "limit"),)
    )
    assert marked.plain == charts.NOT_A_NUMBER
    assert cell_len(charts.spark(rows[0].values, 2).plain) == 2


@pytest.mark.parametrize("rows", [[], series(()), series((0, 0)), series((None, None))])
def test_nothing_is_said_in_words(rows: list[Series]) -> None:
    assert bars(rows).plain == charts.NO_USAGE
    assert charts.lines(rows, (), SIZE, dollars, PALETTE).plain == charts.NO_USAGE


def test_too_little_room_is_said_in_words() -> None:
    assert bars(series((1,)), (19, 10)).plain == charts.TOO_SMALL
    assert bars(series((1,)), (30, 4)).plain == charts.TOO_SMALL


def test_without_plotext_the_table_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotext", None)
    assert bars(series((1, 2))).plain == charts.MISSING
    assert charts.lines(series((1, 2)), (), SIZE, dollars, PALETTE).plain == charts.MISSING


def test_thousands_of_series_are_refused_in_words() -> None:
    assert "3,000 series" in bars(series(*[(1, 2)] * 3000)).plain


def test_markup_in_names_and_labels_stays_text() -> None:
    hostile = "[/red]\x1b[31m\n"
    picture = bars(series((1, 2)), ticks=((0, hostile),))
    assert "[/red]" in picture.plain
    assert "\x1b" not in picture.plain
    assert picture.plain.count("\n") == SIZE[1] - 1
    assert "\x1b" not in charts.legend([Series(hostile, (1,), BLUE)], 40).plain


def test_a_gap_in_a_line_stays_a_gap() -> None:
    rows = series((10, 10, None, None, None, None, 10, 10))
    picture = charts.lines(rows, (), (48, 8), dollars, PALETTE)
    row = next(row for row in picture.plain.split("\n") if max(row) > "\u2801")
    dotted = [place for place, glyph in enumerate(row) if "\u2801" <= glyph <= "\u28ff"]
    assert any(b - a > 15 for a, b in pairwise(dotted))


def test_a_limit_is_named_on_its_line_and_a_far_one_at_the_edge() -> None:
    marks = ((Decimal(15), "soft"), (Decimal(900), "hard"))
    picture = charts.lines(series((1, 10)), (), SIZE, dollars, PALETTE, marks=marks)
    rows = picture.plain.split("\n")
    assert rows[0].endswith("↑ hard ")
    assert any("╌ soft" in row for row in rows)


def test_a_limit_on_the_top_edge_keeps_its_line() -> None:
    for top in range(1, 400):
        marks = ((Decimal(top), "limit"),)
        picture = charts.lines(series((1, top)), (), SIZE, dollars, PALETTE, marks=marks)
        assert "↑" not in picture.plain, top


def test_a_gauge_fills_by_eighths_and_never_overflows() -> None:
    def gauge(share: str, **extra: Decimal) -> str:
        return charts.bar(
            Decimal(share),
            8,
            PALETTE,
            color=BLUE,
            style=PLAIN,
            **extra,
        ).plain

    assert gauge("0") == "░" * 8
    assert gauge("0.5") == "████░░░░"
    assert gauge("0.5", marker=Decimal("0.8")) == "████░░│░"
    assert gauge("0.0001")[0] == "▏"
    assert gauge("7") == "█" * 8
    assert charts.bar(None, 4, PALETTE, color=BLUE, style=PLAIN).plain == "░░░░"


def test_a_spark_has_the_width_asked_for() -> None:
    assert charts.spark([0, 1, None, 7], 4).plain == "▁▂ █"
    assert len(charts.spark(range(1000), 20).plain) == 20


def test_a_legend_wraps_and_says_how_many_are_left_out() -> None:
    rows = series(*[(1,)] * 9)
    content = charts.legend(rows, 20, rows=2)
    lines = content.plain.split("\n")
    assert len(lines) == 2
    assert all(cell_len(line) <= 20 for line in lines)
    assert "■ m0" in lines[0]
    assert lines[-1].endswith("+3")
    assert charts.legend(rows[:2], 20, style=PLAIN).plain == "█ m0  ░ m1"


VALUES = st.lists(
    st.one_of(
        st.none(),
        st.integers(-(10**12), 10**12),
        st.decimals(allow_nan=True, allow_infinity=True),
    ),
    max_size=30,
).map(tuple)


@given(
    rows=st.lists(VALUES, max_size=5),
    size=st.tuples(st.integers(0, 130), st.integers(0, 40)),
    style=st.sampled_from([Style(), PLAIN, ASCII]),
    chosen=st.one_of(st.none(), st.integers(-2, 40)),
    label=st.text(max_size=30),
)
@settings(max_examples=150, deadline=None)
def test_any_figures_make_a_picture_or_a_sentence(
    rows: list[tuple[Decimal | int | None, ...]],
    size: tuple[int, int],
    style: Style,
    chosen: int | None,
    label: str,
) -> None:
    data = series(*rows)
    line = data[0] if data else None
    ticks = ((0, label), (3, label), (99, label))
    for picture in (
        bars(data, size, line=line, selected=chosen, provisional=chosen, style=style, ticks=ticks),
        charts.lines(data, ticks, size, dollars, PALETTE, behind=line, style=style),
    ):
        lines = picture.plain.split("\n")
        assert picture.plain
        if len(lines) > 1:
            assert len(lines) == size[1]
            assert {cell_len(row) for row in lines} == {size[0]}
    charts.spark([value for row in rows for value in row], size[0], style=style)
    charts.legend(data, size[0], style=style)


def fan(
    low: tuple[int | None, ...], usual: tuple[int | None, ...], high: tuple[int | None, ...]
) -> Fan:
    return Fan("forecast", low, usual, high, BLUE)


SPREAD = fan((None, 10, 10, 10), (None, 10, 20, 30), (None, 10, 30, 50))


def shaded(picture: charts.Picture, column: int) -> list[int]:
    """Return the rows from the top in which a column is part of a band."""
    tint = Color.parse(PALETTE.background).blend(Color.parse(BLUE), 0.3)
    return [
        row
        for row, (_, front, back) in enumerate(colours(picture.content, column))
        if tint in (front, back)
    ]


def test_a_fan_opens_from_the_last_point_and_widens_to_the_end() -> None:
    picture = charts.lines(series((5, 10)), (), SIZE, dollars, PALETTE, fan=SPREAD)
    left = picture.plain.index("│") + 1
    third = left + (SIZE[0] - left) // 3
    assert not shaded(picture, third - 3)
    assert len(shaded(picture, third + 8)) < len(shaded(picture, SIZE[0] - 1))
    end = shaded(picture, SIZE[0] - 1)
    assert end == list(range(end[0], end[-1] + 1))
    assert len(end) > SIZE[1] / 2


@pytest.mark.parametrize(("style", "sign"), [(PLAIN, "░"), (ASCII, ":")])
def test_a_fan_is_seen_without_colour(style: Style, sign: str) -> None:
    picture = charts.lines(series((5, 10)), (), SIZE, dollars, PALETTE, fan=SPREAD, style=style)
    rows = picture.plain.split("\n")
    assert sum(row.rstrip().endswith(sign) for row in rows) > SIZE[1] / 3
    assert not any(sign in row[: SIZE[0] // 3] for row in rows)
    if style is ASCII:
        assert "+" in picture.plain
        assert picture.plain.isascii()


def test_a_fan_leaves_the_names_of_limits_their_place() -> None:
    marks = ((Decimal(40), "limit $40"),)
    with_fan = charts.lines(series((5, 10)), (), SIZE, dollars, PALETTE, fan=SPREAD, marks=marks)
    row = next(row for row in with_fan.plain.split("\n") if "limit $40" in row)
    assert row.index("limit $40") < SIZE[0] / 3
    without = charts.lines(series((5, 30)), (), SIZE, dollars, PALETTE, marks=marks)
    row = next(row for row in without.plain.split("\n") if "limit $40" in row)
    assert row.index("limit $40") > SIZE[0] / 2


def test_a_fan_that_is_no_number_is_no_picture() -> None:
    odd = Fan("forecast", (None, 1), (None, 1), (None, Decimal("NaN")), BLUE)
    picture = charts.lines(series((1, 2)), (), SIZE, dollars, PALETTE, fan=odd)
    assert picture.plain == charts.NOT_A_NUMBER


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-50, 500), min_size=1, max_size=31),
    st.integers(20, 130),
    st.integers(5, 40),
    st.sampled_from([Style(), PLAIN, ASCII]),
)
def test_a_fan_of_any_size_stays_inside(
    spread: list[int], width: int, height: int, style: Style
) -> None:
    usual = tuple(100 + 3 * place for place in range(len(spread)))
    high = tuple(each + abs(more) for each, more in zip(usual, spread, strict=True))
    low = tuple(min(each, each + more) for each, more in zip(usual, spread, strict=True))
    picture = charts.lines(
        series((100,)),
        (),
        (width, height),
        dollars,
        PALETTE,
        fan=fan(low, usual, high),
        style=style,
    )
    if picture.plain not in (charts.TOO_SMALL,):
        assert [cell_len(row) for row in picture.plain.split("\n")] == [width] * height
