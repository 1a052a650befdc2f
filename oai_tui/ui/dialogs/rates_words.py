"""What the question about rate limits says: old beside new, and what came of each change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from oai_tui.core.adjusting import Adjustment, RateChange
from oai_tui.core.errors import WrongInput
from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.core.rates import COMPARED, RateRow
from oai_tui.core.text import UNKNOWN
from oai_tui.ui.dialogs.asking import was_and_is

if TYPE_CHECKING:
    from oai_tui.services.billing.brakes import RateOutcome


def note(ceilings: Sequence[int | None], typed: str) -> Content:
    """Return what there is of one ceiling, and what it would be by what is typed.

    `ceilings` has one for every rate limit, None where the platform tells none.
    """
    had = [each for each in ceilings if each is not None]
    some = f"  ({len(had)} have it)" if len(had) < len(ceilings) else ""
    if not typed.strip():
        return Content(f"now {_span(had)}{some}")
    try:
        adjustment = Adjustment.parse(typed)
        return Content(f"{_span(had)} → {_span([adjustment.of(each) for each in had])}{some}")
    except WrongInput:  # it is said when it is meant, not while it is typed
        return Content.styled(f"now {_span(had)}{some}", "$text-warning")


class RatesWords:
    """Words about changes of the rate limits in some rows."""

    def __init__(self, rows: Sequence[RateRow]) -> None:
        self._rows = {(row.limit.project_id, row.limit.id): row for row in rows}

    def question(self, changes: Sequence[RateChange], number: str) -> Content:
        """Return what is asked before changes are made; `number` says of how many models."""
        lines = [Content.styled(f"Change the rate limits of {number}?\n", "bold")]
        lines += [Content.assemble("  ", self._named(each), _old_new(each)) for each in changes]
        if low := sum(self._is_below_use(each) for each in changes):
            some = "It goes" if len(changes) == 1 else f"{low} of them go"
            warning = f"\n{some} below what was used lately: requests above it get 429."
            lines.append(Content.styled(warning, "$text-warning"))
        return Content("\n").join(lines)

    def told(self, outcomes: Sequence[RateOutcome]) -> Content:
        """Return what became of each change, those that failed first."""
        if len(outcomes) == 1 and outcomes[0].done:
            return was_and_is(outcomes[0].done)
        failed = [each for each in outcomes if each.problem]
        done = [each for each in outcomes if each.done]
        head = f"{len(done)} of {len(outcomes)} changed and read back."
        tone = "$text-warning" if failed else "$text-success"
        return Content("\n").join(
            [Content.styled(head, tone), *map(self._failure, failed), *map(self._success, done)]
        )

    def _named(self, change: RateChange) -> Content:
        return Content.styled(f"{change.limit.model} in {self._row(change).project}: ", "bold")

    def _row(self, change: RateChange) -> RateRow:
        return self._rows[change.limit.project_id, change.limit.id]

    def _is_below_use(self, change: RateChange) -> bool:
        used = self._row(change).used
        return any(
            ceiling in COMPARED and ceiling in used and value < used[ceiling].amount
            for ceiling, value in change.wanted.items()
        )

    def _failure(self, outcome: RateOutcome) -> Content:
        problem = outcome.problem
        assert problem
        request = f"  request {problem.request_id}" if problem.request_id else ""
        return Content.assemble(
            Content.styled("✖ ", "$text-error"),
            self._named(outcome.change),
            Content.styled(str(problem), "$text-error"),
            Content.styled(request, "$text-muted"),
        )

    def _success(self, outcome: RateOutcome) -> Content:
        trouble = outcome.done.trouble if outcome.done else ""
        return Content.assemble(
            Content.styled("✔ ", "$text-success"),
            self._named(outcome.change),
            _old_new(outcome.change),
            Content.styled(f"  {trouble}" if trouble else "", "$text-warning"),
        )


def _old_new(change: RateChange) -> Content:
    return Content(
        ", ".join(
            f"{ceiling.label} {_had(change.limit, ceiling)} → {value:,}"
            for ceiling, value in change.wanted.items()
        )
    )


def _had(limit: RateLimit, ceiling: Ceiling) -> str:
    value = limit.ceilings.get(ceiling)
    return UNKNOWN if value is None else f"{value:,}"


def _span(values: Sequence[int]) -> str:
    low, high = min(values), max(values)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
