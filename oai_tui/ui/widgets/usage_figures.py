"""The figures of one view of usage, and how they read in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from textual.content import Content

from oai_tui.core.exact import total
from oai_tui.core.period import Period
from oai_tui.core.text import UNKNOWN, count, money, percent, when
from oai_tui.core.usage import Dimension, Group, Metric, Pivot, Step, totals_of
from oai_tui.services.usage import Report

_GAP = Content("   ")

READ_OUT = 5
"""How many groups the line under the chart names at most."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A pivot with the report it was made of."""

    pivot: Pivot
    report: Report

    @property
    def is_cost(self) -> bool:
        """Whether they are dollars."""
        return self.pivot.metric is Metric.COST

    @property
    def partial(self) -> date | None:
        """The day that was not over when the figures were read, if it is among them."""
        read = self.report.as_of
        day = read.astimezone(UTC).date() if read else None
        return day if day in self.pivot.period else None

    @property
    def whole_days(self) -> int:
        """How many of the days were over."""
        return self.pivot.period.days - (self.partial is not None)

    def average(self, daily: tuple[Decimal, ...]) -> Decimal | None:
        """Return the mean of a whole day; None where no day was over."""
        if not self.whole_days:
            return None
        period, partial = self.pivot.period, self.partial
        days = [value for day, value in zip(period, daily, strict=True) if day != partial]
        return total(days) / self.whole_days

    def write(self, value: Decimal | None) -> str:
        """Return a figure short enough for a table."""
        return money(value) if self.is_cost else count(value)

    def exact(self, value: Decimal) -> str:
        """Return a figure to the last digit that counts."""
        return money(value) if self.is_cost else f"{value:,}"


def period_words(period: Period, today: date) -> str:
    """Return a period as `24 Oct – 22 Nov 2026 · 30 days · UTC`."""
    days = "1 day" if period.days == 1 else f"{period.days} days"
    return f"{period.words(today)} · {days} · UTC"


def title(pivot: Pivot, today: date) -> Content:
    """Return what is shown: the days, the figure, the groups."""
    return Content.assemble(
        period_words(pivot.period, today),
        "   ",
        Content.styled(pivot.metric.label, "bold $text-accent"),
        " by ",
        Content.styled(pivot.dimension.label, "bold $text-accent"),
    )


def facts(figures: Figures, now: datetime, width: int) -> Content:
    """Return the sum, where the figures come from and what is wrong with today.

    The average stands there only where a width in columns has room for it.
    """
    pivot = figures.pivot
    parts = [Content.styled(f"total {figures.write(pivot.total)}", "bold")]
    if pivot.metric in (Metric.INPUT, Metric.CACHED):
        parts.append(Content(cached(figures.report, None, "", pivot.period)))
    parts.append(_freshness(figures.report, now))
    if partial := figures.partial:
        parts.append(Content.styled(_partial(figures, partial, now), "$text-warning"))
    average = figures.average(pivot.daily)
    if average is not None and pivot.period.days > 1:
        with_average = [parts[0], Content(f"{figures.write(average)} a day"), *parts[1:]]
        if _GAP.join(with_average).cell_length <= width:
            parts = with_average
    return _GAP.join(parts)


def cached(report: Report, dimension: Dimension | None, id: str, period: Period) -> str:
    """Return how much of the input came from the cache, as a share."""
    sums = totals_of(report.usage, dimension, id, period)
    return f"{percent(sums[Metric.CACHED], sums[Metric.INPUT])} of input cached"


def _freshness(report: Report, now: datetime) -> Content:
    read = report.as_of
    if report.from_cache or read is None:
        return Content.styled(f"as last seen {when(read, now)}", "$text-warning")
    if read.astimezone(UTC).date() == now.astimezone(UTC).date():
        return Content.styled(f"as of {read:%H:%M} UTC", "$text-muted")
    return Content.styled(f"as of {read.day} {read:%b %H:%M} UTC", "$text-muted")


def _partial(figures: Figures, day: date, now: datetime) -> str:
    name = "today" if day == now.astimezone(UTC).date() else f"{day.day} {day:%b}"
    return f"{name} provisional" if figures.is_cost else f"{name} partial"


def read_out(figures: Figures, cuts: tuple[Period, ...], at: int, step: Step) -> Content:
    """Return the figures of one bar: the days, the sum, the largest groups, the sum up to it."""
    pivot, cut = figures.pivot, cuts[at]
    start = (cut.first - pivot.period.first).days
    sums = [(total(g.daily[start : start + cut.days]), g.name) for g in pivot.groups]
    largest = sorted((each for each in sums if each[0]), key=lambda each: -each[0])
    so_far = total(pivot.daily[: start + cut.days])
    named = [f"{name} {figures.write(value)}" for value, name in largest[:READ_OUT]]
    if len(largest) > READ_OUT:
        named.append(f"{len(largest) - READ_OUT} more")
    return Content.assemble(
        Content.styled(f" {_day_words(cut, step)}  ", "bold"),
        Content.styled(figures.write(total(value for value, _ in sums)), "bold $text-accent"),
        _unfinished(figures, cut),
        Content.styled(f"  so far {figures.write(so_far)}", "$text-muted"),
        f"  {' · '.join(named)}",
    )


def _day_words(cut: Period, step: Step) -> str:
    if step is Step.DAY:
        return f"{cut.first:%a} {cut.first.day} {cut.first:%b}"
    if cut.days == 1:
        return f"{cut.first.day} {cut.first:%b}"
    return f"{cut.first.day} {cut.first:%b} – {cut.last.day} {cut.last:%b}"


def _unfinished(figures: Figures, cut: Period) -> Content:
    if figures.partial not in cut:
        return Content("")
    return Content.styled(" provisional" if figures.is_cost else " partial", "$text-warning")


def details(figures: Figures, group: Group) -> Content:
    """Return everything that is known of one group, with its figures day by day."""
    pivot = figures.pivot
    lines = [("total", f"{figures.exact(group.total)} {_unit(pivot.metric)}")]
    lines.append(("share", f"{percent(group.total, pivot.total)} of all"))
    average = figures.average(group.daily)
    if average is not None:
        lines.append(
            ("average", f"{figures.write(average)} a day over {figures.whole_days} whole days")
        )
    if group.id and group.id != group.name:
        lines.insert(0, ("id", group.id))
    if not figures.is_cost:
        lines += _other_figures(figures, group)
    days = [("", ""), *_daily(figures, group)]
    return Content("\n").join(
        Content.assemble(Content.styled(f"{label:<14}", "$text-muted"), text)
        for label, text in (*lines, *days)
    )


def _other_figures(figures: Figures, group: Group) -> list[tuple[str, str]]:
    pivot, report = figures.pivot, figures.report
    sums = totals_of(report.usage, pivot.dimension, group.id, pivot.period)
    share = cached(report, pivot.dimension, group.id, pivot.period)
    return [
        ("input", f"{sums[Metric.INPUT]:,} tokens, {share}"),
        ("output", f"{sums[Metric.OUTPUT]:,} tokens"),
        ("requests", f"{sums[Metric.REQUESTS]:,}"),
    ]


def _daily(figures: Figures, group: Group) -> list[tuple[str, str]]:
    top = max((abs(value) for value in group.daily), default=Decimal(0))
    found: list[tuple[str, str]] = []
    for day, value in zip(figures.pivot.period, group.daily, strict=True):
        bar = "▇" * int(abs(value) / top * 20) if top else ""
        mark = ("provisional" if figures.is_cost else "partial") if day == figures.partial else ""
        words = figures.exact(value) if value else UNKNOWN if mark else "0"
        found.append((f"{day:%a} {day.day:>2} {day:%b %y}", f"{words:>16}  {bar} {mark}"))
    return found


def _unit(metric: Metric) -> str:
    return {Metric.COST: "", Metric.TOKENS: "tokens in + out"}.get(metric, metric.label)
