"""What was used and what it cost: rows, groups, and the pivot behind every picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from oai_tui.core.cuts import Cut
from oai_tui.core.exact import plus, total
from oai_tui.core.kinds import Dimension as Dimension
from oai_tui.core.kinds import Kind
from oai_tui.core.metrics import Metric as Metric
from oai_tui.core.period import Period
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


@dataclass(frozen=True, slots=True)
class CostRow:
    """Dollars of one UTC day. Only the dimensions that were asked for are filled in."""

    day: date
    amount: Decimal
    project_id: str = ""
    api_key_id: str = ""
    user_id: str = ""
    line_item: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One series of a pivot. `figures` has one a cut; `total` of a level is the last one known."""

    id: str
    name: str
    total: Decimal
    figures: tuple[Decimal, ...]


@dataclass(frozen=True)
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

    @cached_property
    def total(self) -> Decimal:
        """The sum over everything."""
        return total(group.total for group in self.groups)

    @cached_property
    def figures(self) -> tuple[Decimal, ...]:
        """The sum over all groups, a cut at a time."""
        columns = zip(*(group.figures for group in self.groups), strict=True)
        return tuple(total(cut) for cut in columns) or (Decimal(0),) * len(self.cuts)

    def folded(self, most: int) -> tuple[Group, ...]:
        """Return at most `most` groups, the small ones summed into one called `other`."""
        if len(self.groups) <= most:
            return self.groups
        kept, rest = self.groups[: most - 1], len(self.groups) - most + 1
        # What is left of the sums: there may be ten thousand small ones.
        figures = tuple(
            plus(whole, total(group.figures[place] for group in kept).copy_negate())
            for place, whole in enumerate(self.figures)
        )
        whole = plus(self.total, total(group.total for group in kept).copy_negate())
        return (*kept, Group(OTHER, f"other ({rest})", whole, figures))


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


def averages(daily: tuple[Decimal, ...], over: int) -> tuple[Decimal, ...]:
    """Return for each day the mean of the `over` days that end with it, or of those there are."""
    windows = (daily[max(0, end - over) : end] for end in range(1, len(daily) + 1))
    return tuple(total(window) / len(window) for window in windows)
