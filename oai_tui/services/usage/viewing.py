"""Pictures of what is known: sums of the ledger made into pivots. Nothing is asked here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from decimal import Decimal

from oai_tui.core.cuts import Cut, Grain, Step, cut_up, whole
from oai_tui.core.exact import plus
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.metrics import Metric
from oai_tui.core.period import Period
from oai_tui.core.usage import COUNTED_BY, Pivot, model_of, ranked
from oai_tui.services.usage.fetching import Fetcher, Grouping
from oai_tui.services.usage.knowledge import Places, buckets, levels, seconds_of, unknown
from oai_tui.services.usage.question import Question
from oai_tui.store.ledger import Known, Ledger, What
from oai_tui.store.ledger_sums import Sum, Sums

NameOf = Callable[[Dimension, str], str]
Stretches = tuple[tuple[int, int], ...]
Filters = tuple[tuple[Dimension, tuple[str, ...]], ...]

NOT_TOLD = "\0not told"
"""The id of the group of everything, where it cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A pivot with what is known of its time. `untold` rows told no number.

    `told_apart` is false where the platform does not tell the dimension; `answered` where it does
    not tell one of the filters.
    """

    pivot: Pivot
    known: Mapping[What, Known]
    untold: int = 0
    told_apart: bool = True
    answered: bool = True


@dataclass(slots=True)
class _Found:
    places: Places
    untold: int = 0
    told_apart: bool = True
    answered: bool = True


class Viewer:
    """Sums what the ledger knows."""

    def __init__(self, ledger: Ledger, fetcher: Fetcher, name_of: NameOf) -> None:
        self._ledger = ledger
        self._fetcher = fetcher
        self._name_of = name_of

    def known(self, question: Question, span: Cut) -> dict[What, Known]:
        """Return what is known of everything that a question is answered from."""
        start, end = span.start, span.end
        whats: tuple[What, ...] = question.metric.kinds
        if question.is_cost:
            whats = (self._grouping(question, span),)
        return {what: self._ledger.known(what, question.grain, start, end) for what in whats}

    def picture(self, question: Question, period: Period, step: Step) -> Picture:
        """Return the figures of the period asked about, or of the one before, at a step."""
        span = question.span if period == question.period else whole(period, question.days_of)
        cuts = cut_up(span, step, question.days_of)
        known = self.known(question, span)
        if question.is_cost:
            found = self._costs(question, tuple(map(seconds_of, cuts)), span)
        elif question.metric.is_level:
            found = self._levels(question, cuts, span, known)
        else:
            found = self._usage(question, tuple(map(seconds_of, cuts)))
        pivot = ranked(
            period,
            question.metric,
            question.dimension,
            cuts,
            found.places,
            self._named,
            unknown(cuts, question.grain, known, found.places),
        )
        return Picture(pivot, known, found.untold, found.told_apart, found.answered)

    def shares(self, question: Question) -> tuple[Decimal | None, Decimal | None]:
        """Return the cached part of the input and the batch part of the tokens, 0 to 1."""
        kinds = tuple(kind for kind in question.metric.kinds if "output_tokens" in kind.fields)
        found = self._shares(question, kinds, None)
        if not found:
            return None, None
        return _part(found[0].cached, found[0].input), _part(found[0].batch, found[0].tokens)

    def cached_shares(self, question: Question) -> dict[str, Decimal]:
        """Return by id the cached part of the input, 0 to 1, where the platform tells it."""
        if question.dimension is not Dimension.KIND and question.dimension not in COUNTED_BY:
            return {}
        found = self._shares(question, Metric.CACHED.kinds, question.dimension)
        parts = {each.id: _part(each.cached, each.input) for each in found}
        return {id: part for id, part in parts.items() if part is not None}

    def _shares(
        self, question: Question, kinds: tuple[Kind, ...], by: Dimension | None
    ) -> list[Sum]:
        filters = usage_filters(question)
        if not kinds or filters is None:
            return []
        grain, stretch = question.grain, seconds_of(question.span)
        fields = ("input_tokens",)
        return self._ledger.sums(Sums(grain, (stretch,), kinds, fields, by, filters, shares=True))

    def totals(self, question: Question, absent: Set[Kind]) -> dict[Metric, Decimal | None]:
        """Return every figure of usage that adds up; None is not known.

        The server has no `absent` kinds.
        """
        found: dict[Metric, Decimal | None] = dict.fromkeys(Metric)
        filters = usage_filters(question)
        if filters is None:
            return found
        grain = replace(question, metric=Metric.TOKENS).grain
        span = question.span
        numbers = self._ledger.totals(
            Sums(grain, (seconds_of(span),), tuple(Kind), filters=filters)
        )
        read = {kind for kind in Kind if self._is_read(kind, grain, span)}
        for metric in Metric:
            rows = [numbers[kind] for kind in metric.kinds if kind in numbers]
            told = [row[field] for row in rows for field in metric.fields]
            known = [number for number in told if number is not None]
            here = set(metric.kinds) - absent
            # What was read and has no rows was not used, which is known.
            if known or (here and not rows and here <= read):
                found[metric] = Decimal(sum(known))
        return found

    def _is_read(self, kind: Kind, grain: Grain, span: Cut) -> bool:
        known = self._ledger.known(kind, grain, span.start, span.end)
        return not unknown((span,), grain, {kind: known}, {})

    def _usage(self, question: Question, stretches: Stretches) -> _Found:
        filters, metric, by = usage_filters(question), question.metric, question.dimension
        told_apart = by is Dimension.KIND or by in COUNTED_BY
        if filters is None:
            return _Found({}, 0, told_apart, answered=False)
        found = self._ledger.sums(
            Sums(
                question.grain,
                stretches,
                metric.kinds,
                metric.fields,
                by if told_apart else None,
                filters,
            )
        )
        places: dict[str, dict[int, Decimal]] = defaultdict(dict)
        for each in found:
            if each.figure is not None:
                places[each.id if told_apart else NOT_TOLD][each.cut] = Decimal(each.figure)
        return _Found(places, sum(each.untold for each in found), told_apart)

    def _levels(
        self, question: Question, cuts: tuple[Cut, ...], span: Cut, known: Mapping[What, Known]
    ) -> _Found:
        grain, starts = question.grain, buckets(span, question.grain)
        found = self._usage(question, tuple((at, at + grain.seconds) for at in starts))
        found.places = levels(cuts, grain, known, found.places, starts)
        return found

    def _costs(self, question: Question, stretches: Stretches, span: Cut) -> _Found:
        grouping = self._grouping(question, span)
        column = _column(question.dimension)
        told_apart = column in grouping
        filters = self._cost_filters(question, grouping)
        if filters is None:
            return _Found({}, 0, told_apart, answered=False)
        by = column if told_apart else None
        found = self._ledger.cost_sums(Sums(Grain.DAY, stretches, by=by, filters=filters), grouping)
        places: dict[str, dict[int, Decimal]] = defaultdict(dict)
        for cut, name, amount in found:
            id = model_of(name) if question.dimension is Dimension.MODEL else name
            mine = places[id if told_apart else NOT_TOLD]
            mine[cut] = plus(mine.get(cut, Decimal(0)), amount)
        return _Found(places, 0, told_apart)

    def _grouping(self, question: Question, span: Cut) -> Grouping:
        """Return the costs that tell apart what a question asks for, or else the finest known."""
        found = self._fetcher.grouping(needed(question), span)
        return found if found is not None else self._fetcher.grouping((), span) or ()

    def _cost_filters(self, question: Question, grouping: Grouping) -> Filters | None:
        """Return the filters as the ledger has them, None where one cannot be told."""
        found: list[tuple[Dimension, tuple[str, ...]]] = []
        for dimension, id in question.filters:
            if _column(dimension) not in grouping:
                return None
            ids: tuple[str, ...] = (id,)
            if dimension is Dimension.MODEL:
                items = self._ledger.names(Dimension.LINE_ITEM)
                ids = tuple(item for item in items if model_of(item) == id)
            found.append((_column(dimension), ids))
        return tuple(found)

    def _named(self, dimension: Dimension, id: str) -> str:
        if id == NOT_TOLD:
            return f"(not told by {dimension.label})"
        return self._name_of(dimension, id)


def needed(question: Question) -> list[Dimension]:
    """Return what costs have to be told apart by for a question."""
    asked = [question.dimension, *(dimension for dimension, _ in question.filters)]
    return [_column(dimension) for dimension in asked]


def usage_filters(question: Question) -> Filters | None:
    """Return the filters as the ledger has them, None where usage knows no such dimension."""
    told = {Dimension.KIND, *COUNTED_BY}
    if any(dimension not in told for dimension, _ in question.filters):
        return None
    return tuple((dimension, (id,)) for dimension, id in question.filters)


def _column(dimension: Dimension) -> Dimension:
    return Dimension.LINE_ITEM if dimension is Dimension.MODEL else dimension


def _part(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None
