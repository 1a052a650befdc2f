"""Charts: numbers in, a picture out; the only room that knows plotext.

Everything here is a pure function of its arguments and returns Textual `Content`: unlike rich
`Text` it is what Textual draws without translating it at every render, and its constructor reads
no markup, so a model's name cannot break a picture.

plotext is imported by the first chart that is drawn, never before (`warm` does it ahead of time,
and may run in a thread). It keeps one shared figure, so charts are drawn on the UI thread only.
"""

from __future__ import annotations

from oai_tui.ui.charts.bars import stacked_bars
from oai_tui.ui.charts.canvas import loaded, warm
from oai_tui.ui.charts.gauges import bar, legend, spark
from oai_tui.ui.charts.lines import lines
from oai_tui.ui.charts.model import (
    MISSING,
    NO_USAGE,
    NOT_A_NUMBER,
    TOO_SMALL,
    Fan,
    Palette,
    Picture,
    Series,
    Style,
)

__all__ = [
    "MISSING",
    "NOT_A_NUMBER",
    "NO_USAGE",
    "TOO_SMALL",
    "Fan",
    "Palette",
    "Picture",
    "Series",
    "Style",
    "bar",
    "legend",
    "lines",
    "loaded",
    "spark",
    "stacked_bars",
    "warm",
]
