"""The lines above the pictures of usage, and the one below them that reads a bar out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from textual.content import Content

from oai_tui.core.cuts import Step
from oai_tui.core.text import when
from oai_tui.core.usage import Metric
from oai_tui.services.usage import Question, Report
from oai_tui.ui.widgets.usage_figures import Figures
from oai_tui.ui.widgets.usage_words import (
    before_words,
    cut_words,
    period_words,
    share,
    write,
    zone_words,
)

_GAP = Content("   ")

READ_OUT = 5
"""How many groups the line under the chart names at most."""

Crumbs = Sequence[tuple[str, str]]
"""What was gone into: the word for it, and its name."""


def title(question: Question, now: datetime, *, is_local: bool) -> Content:
    """Return what is shown: the days and whose they are, the figure, the groups."""
    zone = question.days_of
    days = period_words(question.period, question.within, zone, zone.day_of(now))
    whose = zone_words(zone, costs_for_local=question.is_cost and is_local)
    return Content.assemble(
        f"{days} · {whose}   ",
        Content.styled(question.metric.label, "bold $text-accent"),
        " by ",
        Content.styled(question.dimension.label, "bold $text-accent"),
    )


def trail(crumbs: Crumbs) -> Content:
    """Return what was gone into: `project Web app › key ci-deploy`."""
    parts = [
        Content.assemble(Content.styled(f"{label} ", "$text-muted"), Content.styled(name, "bold"))
        for label, name in crumbs
    ]
    return Content.assemble(
        " in ",
        Content(" › ").join(parts),
        Content.styled("   backspace leaves", "$text-muted"),
    )


def facts(figures: Figures, now: datetime, width: int, reading: str) -> Content:
    """Return the sum, its change, where the figures come from and what is wrong with them.

    Shares and averages stand there only where a width in columns has room for them.
    """
    report, pivot = figures.report, figures.pivot
    word = "now" if figures.metric.is_level else "total"
    parts = [Content.styled(f"{word} {figures.write(pivot.total)}", "bold")]
    after = [_freshness(report, now)]
    if partial := _partial(figures, now):
        after.append(Content.styled(partial, "$text-warning"))
    if reading:
        after.append(Content.styled(reading, "$text-muted"))
    for extra in _extras(figures, now):
        if _GAP.join([*parts, extra, *after]).cell_length <= width:
            parts.append(extra)
    return _GAP.join([*parts, *after])


def _extras(figures: Figures, now: datetime) -> list[Content]:
    """Return what is good to know, the most wanted first."""
    report, beside = figures.report, figures.beside
    found: list[Content] = []
    if figures.change and report.before:
        words, today = figures.change.words(), report.zone.day_of(now)
        before = before_words(report.period, report.before.period, today)
        found.append(
            Content(f"{words} on {before}" if words[:1] in "▲▼" else f"{words} ({before})")
        )
    if report.cached_share is not None and figures.metric is not Metric.COST:
        found.append(Content(f"{share(report.cached_share)} of input cached"))
    if report.batch_share:
        found.append(Content(f"{share(report.batch_share)} batch"))
    if report.unattributed:
        name = report.question.dimension.label
        found.append(Content(f"{share(report.unattributed)} without a {name}"))
    if beside and beside.metric is Metric.COST:
        found.append(Content(f"cost {write(Metric.COST, beside.total)}"))
    average = figures.average(figures.pivot.figures)
    if average is not None:
        a = "an" if report.step is Step.HOUR else "a"
        found.append(Content(f"{figures.write(average)} {a} {report.step}"))
    return found


def _freshness(report: Report, now: datetime) -> Content:
    read = report.as_of
    if report.from_cache:
        return Content.styled(f"as last seen {when(read, now)}", "$text-warning")
    if read is None:
        return Content.styled("closed days", "$text-muted")
    if read.astimezone(UTC).date() == now.astimezone(UTC).date():
        return Content.styled(f"as of {read:%H:%M} UTC", "$text-muted")
    return Content.styled(f"as of {read.day} {read:%b %H:%M} UTC", "$text-muted")


def _partial(figures: Figures, now: datetime) -> str:
    """Return which figures may still change."""
    report = figures.report
    if report.provisional is None:
        return ""
    cut = report.pivot.cuts[report.provisional]
    word = "provisional" if figures.is_cost else "partial"
    if report.step is Step.DAY:
        today, day = report.zone.day_of(now), report.zone.day_of(cut.start)
        name = "today" if day == today else f"from {day.day} {day:%b}"
        return f"{name} {word}"
    if report.step in (Step.MINUTE, Step.HOUR):
        return f"from {cut.start.astimezone(report.zone.info):%H:%M} {word}"
    return f"last {report.step} {word}"


def read_out(figures: Figures, at: int) -> Content:
    """Return the figures of one bar: its time, the sum, the sum up to it, the largest groups."""
    report, cut = figures.report, figures.pivot.cuts[at]
    value = figures.sums[at]
    words = cut_words(cut, report.step, report.zone)
    head = Content.styled(f" {words}  ", "bold")
    if value is None:
        return Content.assemble(head, Content.styled(_why_unknown(figures, at), "$text-warning"))
    named, more = figures.largest(at, READ_OUT)
    listed = [f"{name} {figures.write(part)}" for part, name in named]
    listed += [f"{more} more"] * bool(more)
    return Content.assemble(
        head,
        Content.styled(figures.write(value), "bold $text-accent"),
        _unfinished(figures, at),
        Content.styled(_before(figures, at), "$text-muted"),
        Content.styled(_so_far(figures, at), "$text-muted"),
        f"  {' · '.join(listed)}",
    )


def _why_unknown(figures: Figures, at: int) -> str:
    is_ahead = figures.ahead is not None and at >= figures.ahead
    return "still to come" if is_ahead else "— not known: no answer came for it"


def _before(figures: Figures, at: int) -> str:
    before = figures.report.before
    if before is None or at >= len(before.cuts) or at in before.unknown:
        return ""
    return f"  before {figures.write(before.figures[at])}"


def _so_far(figures: Figures, at: int) -> str:
    if figures.metric.is_level:
        return ""
    return f"  so far {figures.write(figures.so_far[at])}"


def _unfinished(figures: Figures, at: int) -> Content:
    if figures.report.provisional is None or at < figures.report.provisional:
        return Content("")
    return Content.styled(" provisional" if figures.is_cost else " partial", "$text-warning")
