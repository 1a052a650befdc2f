"""From a question to everything that is shown of it, without asking the platform."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from oai_tui.core.usage import Pivot
from oai_tui.services.usage import Question, UsageDesk
from oai_tui.ui.widgets.usage_figures import Figures, has_cached, stands_beside


def figures_of(desk: UsageDesk, question: Question, room: int) -> Figures:
    """Return the figures of a question, in at most `room` bars, with what stands beside them."""
    # Sixty minutes stand side by side; everything else has a gap between its bars.
    report = desk.view(question, room * 2 if question.within else room)
    return Figures(report, _cached(desk, question), _beside(desk, question))


def _beside(desk: UsageDesk, question: Question) -> Pivot | None:
    """Return the costs of the same groups, or beside costs their tokens, where all is known."""
    metric = stands_beside(question.metric, question.dimension)
    if metric is None or question.within:
        return None
    if any(dimension not in metric.dimensions for dimension, _ in question.filters):
        return None
    other = replace(question, metric=metric, compare=False, step=None)
    if other.days_of != question.days_of or not desk.is_whole(other):
        return None
    return desk.view(other, 1).pivot


def _cached(desk: UsageDesk, question: Question) -> dict[str, Decimal]:
    """Return the part of the input that came from the cache by id, where it is told."""
    return desk.cached_shares(question) if has_cached(question.metric) else {}
