"""The figures of one view of usage, with what stands beside them in the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from heapq import nlargest

from oai_tui.core.compare import Change
from oai_tui.core.cuts import Step
from oai_tui.core.exact import plus, total
from oai_tui.core.usage import Dimension, Group, Metric, Pivot
from oai_tui.services.usage import Report
from oai_tui.ui.widgets.usage_words import write

Known = tuple[Decimal | None, ...]
"""A figure for each cut, None where the platform told nothing."""


REST = "\0rest"
"""The id of the line of all that costs something and is not counted here."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a group with what is known beside its figure.

    Without a `total` nothing of it is counted here. `cached` is the part of its input that came
    from the cache; `beside` its cost, or beside costs its tokens.
    """

    id: str
    name: str
    total: Decimal | None
    figures: Known
    change: Change | None = None
    cached: Decimal | None = None
    beside: Decimal | None = None


@dataclass(frozen=True)
class Figures:
    """A report with the cached shares by id, and the costs (or tokens) of the same groups."""

    report: Report
    cached: Mapping[str, Decimal]
    beside: Pivot | None = None

    @property
    def pivot(self) -> Pivot:
        """The figures of the view."""
        return self.report.pivot

    @property
    def metric(self) -> Metric:
        """What is counted."""
        return self.pivot.metric

    @property
    def is_cost(self) -> bool:
        """Whether they are dollars."""
        return self.metric is Metric.COST

    def write(self, value: Decimal | None) -> str:
        """Return a figure short enough for a table."""
        return write(self.metric, value)

    def known(self, figures: tuple[Decimal, ...]) -> Known:
        """Return figures with a gap where the platform told nothing."""
        unknown = self.pivot.unknown
        if not unknown:
            return figures
        return tuple(None if at in unknown else value for at, value in enumerate(figures))

    @cached_property
    def sums(self) -> Known:
        """The sum over all groups for each cut."""
        return self.known(self.pivot.figures)

    @cached_property
    def so_far(self) -> Known:
        """What the sums add up to; of a level it is the level itself."""
        return self.sums if self.metric.is_level else adding_up(self.sums)

    @cached_property
    def so_far_before(self) -> Known:
        """The same of the period before, nothing where there is none."""
        before = self.report.before
        if before is None:
            return ()
        figures: Known = tuple(
            None if at in before.unknown else value for at, value in enumerate(before.figures)
        )
        return figures if self.metric.is_level else adding_up(figures)

    @cached_property
    def ahead(self) -> int | None:
        """The place of the first cut whose time had not come when the figures were read."""
        read = self.report.as_of
        later = (at for at, cut in enumerate(self.pivot.cuts) if read and cut.start >= read)
        return next(later, None)

    @cached_property
    def change(self) -> Change | None:
        """How the sum changed against the period before."""
        before = self.report.before
        return Change(before.total, self.pivot.total) if before else None

    def average(self, figures: tuple[Decimal, ...]) -> Decimal | None:
        """Return the mean of a whole hour or day; None where no two of them are known."""
        if self.metric.is_level or self.report.step not in (Step.MINUTE, Step.HOUR, Step.DAY):
            return None
        whole = self.known(figures)[: self.report.provisional]
        known = [value for value in whole if value is not None]
        return total(known) / len(known) if len(known) > 1 else None

    def largest(self, at: int, most: int) -> tuple[list[tuple[Decimal, str]], int]:
        """Return the largest groups of a cut with their figures, and how many more there are."""
        found = [(group.figures[at], group.name) for group in self.pivot.groups]
        there = [each for each in found if each[0]]
        most_first = nlargest(most, there, key=lambda each: _size(each[0]))
        return most_first, max(0, len(there) - most)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The lines of the table; what costs something without being counted here has one too."""
        pivot, beside = self.pivot, self.beside
        amounts = {group.id: group for group in beside.groups} if beside else {}
        lines = [self._row(group, amounts.pop(group.id, None)) for group in pivot.groups]
        rest = tuple(amounts.values())
        if rest and beside and pivot.dimension is Dimension.MODEL:
            # What other kinds of usage cost would be a list longer than that of the models.
            name = f"({'costs' if not self.is_cost else 'tokens'} of {len(rest)} others)"
            rest = (Group(REST, name, total(group.total for group in rest), ()),)
        lines += [Row(each.id, each.name, None, (), beside=each.total) for each in rest]
        return tuple(lines)

    def _row(self, group: Group, beside: Group | None) -> Row:
        return Row(
            group.id,
            group.name,
            group.total,
            self.known(group.figures),
            self.report.changes.get(group.id),
            self.cached.get(group.id),
            beside.total if beside else None,
        )


def _size(value: Decimal) -> Decimal:
    """Return how large a figure is; what is no number cannot be put in order."""
    return abs(value) if value.is_finite() else Decimal(0)


def adding_up(values: Known) -> Known:
    """Return the cumulative sums of what is known, with the gaps where they are."""
    sums: list[Decimal | None] = []
    so_far = Decimal(0)
    for value in values:
        so_far = plus(so_far, value) if value is not None else so_far
        sums.append(None if value is None else so_far)
    return tuple(sums)


TOKEN_LIKE = (
    Metric.TOKENS,
    Metric.INPUT,
    Metric.OUTPUT,
    Metric.CACHED,
    Metric.CACHE_WRITE,
    Metric.UNCACHED,
    Metric.REQUESTS,
)


def stands_beside(metric: Metric, dimension: Dimension) -> Metric | None:
    """Return what is shown beside a figure: its cost, or beside costs the tokens."""
    if dimension not in Metric.COST.dimensions:
        return None
    if metric is Metric.COST:
        return Metric.TOKENS if dimension in Metric.TOKENS.dimensions else None
    return Metric.COST if metric in TOKEN_LIKE else None


def has_cached(metric: Metric) -> bool:
    """Whether the cached part of the input says something about a figure."""
    return metric in (Metric.TOKENS, Metric.INPUT, Metric.CACHED, Metric.UNCACHED, Metric.COST)
