"""Everything that is known of one project or month of the bill, a line each."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from oai_tui.core.billing import Cycle, MonthSpend, ProjectSpend, changes, left_in_money, over, used
from oai_tui.core.period import month_of
from oai_tui.core.text import UNKNOWN, money
from oai_tui.services.billing_former import Statement
from oai_tui.ui.widgets.billing_columns import change_words, share
from oai_tui.ui.widgets.billing_lines import REACHED, enforcement, reached

NOTHING_YET = f"{UNKNOWN}  nothing reported yet this month"


def project_details(row: ProjectSpend, statement: Statement) -> Content:
    """Return the figures of one project."""
    cycle = statement.cycle
    lines = [
        ("project", row.name),
        ("id", row.project_id or "what the platform charges to no project"),
        ("month", f"{cycle.month.first:%B %Y} (UTC), so far"),
        ("spent", _spent(row, cycle)),
        *_limit_lines(row, cycle),
        ("as of", f"{statement.as_of:%Y-%m-%d %H:%M} UTC"),
    ]
    return _told(lines)


def month_details(row: MonthSpend, statement: Statement) -> Content:
    """Return the figures of one month."""
    places = {month.first: place for place, month in enumerate(statement.months)}
    place = places[row.first]
    days = month_of(row.first).days
    before = statement.months[place + 1 : place + 2]
    lines = [
        ("month", f"{row.first:%B %Y} (UTC)"),
        ("spent", _so_far(row, statement.cycle)),
        ("a day", _a_day(row, statement, days)),
        *(("before", f"{money(month.spent)} in {month.first:%B %Y}") for month in before),
    ]
    if not row.is_open:
        lines.append(("change", change_words(changes(statement.months)[place])))
    return _told([*lines, ("as of", f"{statement.as_of:%Y-%m-%d %H:%M} UTC")])


def _spent(row: ProjectSpend, cycle: Cycle) -> str:
    if not cycle.is_reported:
        return NOTHING_YET
    return f"{money(row.spent)}  {share(row.spent, cycle.spent)} of all  reported"


def _so_far(row: MonthSpend, cycle: Cycle) -> str:
    if row.is_open and not cycle.is_reported:
        return NOTHING_YET
    return f"{money(row.spent)}{'  so far, provisional' if row.is_open else ''}  reported"


def _limit_lines(row: ProjectSpend, cycle: Cycle) -> list[tuple[str, str]]:
    if row.limit is None:
        if not row.project_id:
            return []
        none = "no limit of its own is set"
        return [("limit", none if row.limit_known else f"{UNKNOWN}  not known")]
    limit = row.limit
    amount = ("limit", f"{money(limit.amount)} a month · {enforcement(limit)}  reported")
    if not cycle.is_reported:
        return [amount]
    left = left_in_money(row.spent, limit)
    state = "" if left else f"  {reached(over(row.spent, limit))}; {REACHED}"
    return [
        amount,
        ("of limit", used(row.spent, limit.amount)),
        ("left", f"{money(left)}{state}"),
    ]


def _a_day(row: MonthSpend, statement: Statement, days: int) -> str:
    if row.is_open:
        return f"{money(statement.cycle.average)} on average, over the closed days"
    return f"{money(row.spent / days)} on average, over {days} days"


def _told(lines: Iterable[tuple[str, str]]) -> Content:
    return Content("\n").join(
        Content.assemble(Content.styled(f"{label:<10}", "$text-muted"), text)
        for label, text in lines
    )
