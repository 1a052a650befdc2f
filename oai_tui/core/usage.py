"""What was used and what it cost: rows, metrics, groups, and the pivot behind every picture."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from oai_tui.core.cuts import Cut
from oai_tui.core.cuts import Step as Step
from oai_tui.core.cuts import cuts as cuts_of
from oai_tui.core.exact import plus, total
from oai_tui.core.kinds import Dimension as Dimension
from oai_tui.core.kinds import Kind
from oai_tui.core.metrics import Metric as Metric
from oai_tui.core.period import Period, month_of
from oai_tui.core.text import short_id

OTHER = "\0other"
"""The id of the group that the small ones are folded into; no id of the platform holds a zero."""


COUNTED_BY = tuple(each for each in Dimension if each not in (Dimension.KIND, Dimension.LINE_ITEM))
"""What the platform can tell usage apart by, whatever its kind."""

NUMBERS = tuple(dict.fromkeys(field for kind in Kind for field in kind.fields))
"""The platform's names of all numbers of usage."""

CHARGED_BY = (
    Dimension.PROJECT,
    Dimension.KEY,
    Dimension.USER,
    Dimension.LINE_ITEM,
    Dimension.API_SOURCE,
)
"""What the platform can tell costs apart by."""


class Counted(NamedTuple):
    """Usage of one bucket and one combination of dimensions, as the platform counted it.

    `at` is when the bucket begins, in Unix seconds. `names` stand in the order of `COUNTED_BY`, ""
    for nobody's; `numbers` in that of `NUMBERS`, None where the platform told none.
    """

    at: int
    names: tuple[str, ...]
    numbers: tuple[int | None, ...]


class Charged(NamedTuple):
    """Dollars of one UTC day that begins `at` (Unix seconds); `names` are as in `CHARGED_BY`."""

    at: int
    names: tuple[str, ...]
    amount: Decimal


def model_of(line_item: str) -> str:
    """Return the model a line item names, or all of it where it names none.

    Costs have no model of their own; the line item is free text such as `gpt-5.6, output`, `evals |
    gpt-5.6, input` or `gpt-image-2 image, output`.
    """
    model = line_item.rpartition(",")[0].strip()
    if not model:
        return line_item
    model = model.rpartition(" | ")[2]
    words = model.split(" ")
    return words[0] if len(words) == 2 and words[1] in ("text", "audio", "image") else model


@dataclass(frozen=True, slots=True)
class UsageRow:
    """Usage of one UTC day and one combination of dimensions, as the platform counted it.

    Empty dimensions mean that the platform attributed the usage to nobody. `input_tokens` include
    the cached ones.
    """

    day: date
    model: str
    project_id: str
    api_key_id: str
    user_id: str
    input_tokens: int
    output_tokens: int
    input_cached_tokens: int
    num_model_requests: int

    def measure(self, metric: Metric) -> int:
        """Return one of its figures."""
        if metric is Metric.TOKENS:
            return self.input_tokens + self.output_tokens
        found: int = getattr(self, metric)
        return found


@dataclass(frozen=True, slots=True)
class CostRow:
    """Dollars of one UTC day. Only the dimensions that were asked for are filled in."""

    day: date
    amount: Decimal
    project_id: str = ""
    api_key_id: str = ""
    user_id: str = ""
    line_item: str = ""

    @property
    def model(self) -> str:
        """The model a line item names."""
        return model_of(self.line_item)

    def measure(self, metric: Metric) -> Decimal:
        """Return the cost; it is the only figure here."""
        return self.amount


@dataclass(frozen=True, slots=True)
class Group:
    """One series of a pivot. `figures` has one a cut; `total` of a level is the last one known."""

    id: str
    name: str
    total: Decimal
    figures: tuple[Decimal, ...]

    @property
    def daily(self) -> tuple[Decimal, ...]:
        """The figures, where every cut is a day."""
        return self.figures


@dataclass(frozen=True, slots=True)
class Pivot:
    """Figures by cut and group, the largest group first.

    `unknown` are the places of cuts of which the platform told nothing: their zeros are none.
    """

    period: Period
    metric: Metric
    dimension: Dimension
    groups: tuple[Group, ...]
    cuts: tuple[Cut, ...] = ()
    unknown: frozenset[int] = frozenset()

    @property
    def total(self) -> Decimal:
        """The sum over everything."""
        return total(group.total for group in self.groups)

    @property
    def figures(self) -> tuple[Decimal, ...]:
        """The sum over all groups, a cut at a time."""
        columns = zip(*(group.figures for group in self.groups), strict=True)
        return tuple(total(cut) for cut in columns) or (Decimal(0),) * len(self.cuts)

    @property
    def daily(self) -> tuple[Decimal, ...]:
        """The same, where every cut is a day."""
        return self.figures

    def folded(self, most: int) -> tuple[Group, ...]:
        """Return at most `most` groups, the small ones summed into one called `other`."""
        if len(self.groups) <= most:
            return self.groups
        kept, rest = self.groups[: most - 1], self.groups[most - 1 :]
        figures = tuple(total(cut) for cut in zip(*(each.figures for each in rest), strict=True))
        whole = total(group.total for group in rest)
        return (*kept, Group(OTHER, f"other ({len(rest)})", whole, figures))


def ranked(
    period: Period,
    metric: Metric,
    dimension: Dimension,
    cuts: tuple[Cut, ...],
    sums: Mapping[str, Mapping[int, Decimal]],
    name_of: Callable[[Dimension, str], str],
    unknown: frozenset[int] = frozenset(),
) -> Pivot:
    """Return a pivot of the sums by id and place of the cut; groups without any are left out."""
    zero, last = Decimal(0), max((at for at in range(len(cuts)) if at not in unknown), default=0)
    groups = []
    for id, by_cut in sums.items():
        figures = tuple(by_cut.get(at, zero) for at in range(len(cuts)))
        if any(figures):
            whole = figures[last] if metric.is_level else total(by_cut.values())
            groups.append(Group(id, name_of(dimension, id), whole, figures))
    groups = _told_apart(groups)
    groups.sort(key=lambda group: (-group.total, group.name))
    return Pivot(period, metric, dimension, tuple(groups), cuts, unknown)


def pivot(
    rows: Iterable[UsageRow | CostRow],
    metric: Metric,
    dimension: Dimension,
    period: Period,
    name_of: Callable[[Dimension, str], str],
) -> Pivot:
    """Sum rows by day and by one dimension. Rows outside the period are left out.

    Groups of the same name are told apart by their ids.
    """
    sums: dict[str, dict[date, Decimal | int]] = defaultdict(lambda: defaultdict(int))
    field, first, last = dimension.value, period.first, period.last
    for row in rows:
        if first <= row.day <= last:
            days, value = sums[getattr(row, field)], row.measure(metric)
            # Whole numbers are exact by themselves, and a year has hundreds of thousands of rows.
            if isinstance(value, int):
                days[row.day] += value
            else:
                days[row.day] = plus(Decimal(days[row.day]), value)
    groups = [_group(key, days, period, name_of(dimension, key)) for key, days in sums.items()]
    groups = _told_apart([group for group in groups if any(group.daily)])
    groups.sort(key=lambda group: (-group.total, group.name))
    return Pivot(period, metric, dimension, tuple(groups), cuts_of(period, Step.DAY))


def _group(key: str, days: Mapping[date, Decimal | int], period: Period, name: str) -> Group:
    daily = tuple(Decimal(days.get(day, 0)) for day in period)
    return Group(key, name, total(daily), daily)


def _told_apart(groups: list[Group]) -> list[Group]:
    seen = Counter(group.name for group in groups)
    return [
        group
        if seen[group.name] == 1
        else replace(group, name=f"{group.name} ({short_id(group.id)})")
        for group in groups
    ]


def running(values: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Return the cumulative sums."""
    return tuple(accumulate(values, plus))


def totals_of(
    rows: Iterable[UsageRow], dimension: Dimension | None, id: str, period: Period
) -> dict[Metric, Decimal]:
    """Return every figure but the cost of one group, or of everything without a dimension."""
    found = [
        row
        for row in rows
        if row.day in period and (dimension is None or getattr(row, dimension.value) == id)
    ]
    counted = [Metric.TOKENS, Metric.INPUT, Metric.OUTPUT, Metric.CACHED, Metric.REQUESTS]
    return {metric: Decimal(sum(row.measure(metric) for row in found)) for metric in counted}


def spans(period: Period, step: Step) -> tuple[Period, ...]:
    """Cut a period at Mondays or at the first of each month; the ends may be short."""
    found: list[Period] = []
    first = period.first
    while first <= period.last:
        last = first
        if step is Step.WEEK:
            last = first + timedelta(days=6 - first.weekday())
        elif step is Step.MONTH:
            last = month_of(first).last
        found.append(Period(first, min(last, period.last)))
        first = last + timedelta(days=1)
    return tuple(found)


def step_for(period: Period, most: int) -> Step:
    """Return the finest step that cuts a period into at most `most` spans, else months."""
    steps = (Step.DAY, Step.WEEK, Step.MONTH)
    fitting = (step for step in steps if len(spans(period, step)) <= most)
    return next(fitting, Step.MONTH)


def summed(
    daily: tuple[Decimal, ...], period: Period, cuts: Iterable[Period]
) -> tuple[Decimal, ...]:
    """Sum the daily figures of a period by the spans it was cut into."""
    return tuple(
        total(daily[(cut.first - period.first).days : (cut.last - period.first).days + 1])
        for cut in cuts
    )


def averages(daily: tuple[Decimal, ...], over: int) -> tuple[Decimal, ...]:
    """Return for each day the mean of the `over` days that end with it, or of those there are."""
    windows = (daily[max(0, end - over) : end] for end in range(1, len(daily) + 1))
    return tuple(total(window) / len(window) for window in windows)
