"""What of the costs was credited, told apart from what was charged. Asks nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oai_tui.core.cuts import Grain, Step, cut_up
from oai_tui.core.exact import plus, total
from oai_tui.core.kinds import Dimension
from oai_tui.core.usage import model_of
from oai_tui.services.usage.fetching import Fetcher
from oai_tui.services.usage.knowledge import seconds_of
from oai_tui.services.usage.question import Question
from oai_tui.store.ledger import Ledger
from oai_tui.store.ledger_sums import Cost, Sums


@dataclass(frozen=True, slots=True)
class Credits:
    """Line items below zero by id and day: dollars that were taken off the costs.

    Of `untold` days the platform did not tell the line items, so that a credit cannot be told from
    a smaller charge.
    """

    by_id: Mapping[str, Mapping[date, Decimal]]
    untold: frozenset[date]

    @property
    def by_day(self) -> dict[date, Decimal]:
        """The credits of everybody."""
        days = {day for daily in self.by_id.values() for day in daily}
        return {
            day: total(daily[day] for daily in self.by_id.values() if day in daily) for day in days
        }


def credits_of(question: Question, ledger: Ledger, fetcher: Fetcher) -> Credits:
    """Return what is known of the credits in the costs of a question, by its dimension."""
    span, days = question.span, tuple(question.period)
    is_model = question.dimension is Dimension.MODEL
    by = Dimension.LINE_ITEM if is_model else question.dimension
    grouping = fetcher.grouping((by, Dimension.LINE_ITEM), span)
    if grouping is None:
        return Credits({}, frozenset(days))
    stretches = tuple(seconds_of(cut) for cut in cut_up(span, Step.DAY, question.days_of))

    def sums(wanted: Sums) -> list[tuple[date, Cost]]:
        found = ledger.cost_sums(wanted, grouping)
        return [(days[each.cut], each) for each in found if each.amount]

    asked = ledger.known(grouping, Grain.DAY, span.start, span.end).asked
    untold = {day for day, (start, _) in zip(days, stretches, strict=True) if start not in asked}
    nameless = ((Dimension.LINE_ITEM, ("",)),)
    untold |= {day for day, _ in sums(Sums(Grain.DAY, stretches, filters=nameless))}
    by_id: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for day, each in sums(Sums(Grain.DAY, stretches, by=by, credits=True)):
        if day not in untold:
            own = by_id[model_of(each.id) if is_model else each.id]
            own[day] = plus(own.get(day, Decimal(0)), each.amount)
    return Credits(by_id, frozenset(untold))
