"""The brakes in words: what is typed for them, what they are, and what changing them does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from oai_tui.core.adjusting import Adjustment as Adjustment
from oai_tui.core.adjusting import RateChange as RateChange
from oai_tui.core.adjusting import rate_change as rate_change
from oai_tui.core.alerts import recipients_of as recipients_of
from oai_tui.core.alerts import subject_prefix_of as subject_prefix_of
from oai_tui.core.errors import WrongInput
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.text import money

NO_LIMIT = "no limit"
NO_ALERT = "no alert"


def limit_amount(text: str) -> Money:
    """Return the monthly amount typed for a limit. Raises WrongInput, also for nothing at all."""
    amount = Money.parse(text)
    if amount.cents < 1:
        raise WrongInput(
            "A limit is at least one cent.", "To refuse nothing any more, remove the limit."
        )
    return amount


def alert_amount(text: str) -> Money:
    """Return the monthly amount typed for an alert, zero included. Raises WrongInput."""
    amount = Money.parse(text)
    amount.cents  # noqa: B018 - refuses what the platform cannot be told
    return amount


def subject_of_limit(name: str) -> str:
    """Return whose hard limit it is; `name` "" is the organization."""
    return f"the hard limit of {name or 'the organization'}"


def subject_of_alert(name: str) -> str:
    """Return whose spend alert it is; `name` "" is the organization."""
    return f"a spend alert of {name or 'the organization'}"


def limit_words(limit: SpendLimit | None) -> str:
    """Return a limit as a figure, the platform's word for its state left out."""
    return NO_LIMIT if limit is None else f"{limit.amount} a month"


def alert_words(alert: SpendAlert | None) -> str:
    """Return an alert in one line, the same for the same alert however it is listed."""
    if alert is None:
        return NO_ALERT
    mailed = ", ".join(sorted({each.casefold() for each in alert.recipients})) or "nobody"
    prefix = f", subject “{alert.subject_prefix}”" if alert.subject_prefix else ""
    return f"{alert.amount} a month, mails {mailed}{prefix}"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What changing a limit does, a sentence each, the gravest first.

    `must_retype` says that the amount has to be typed a second time.
    """

    lines: tuple[str, ...]
    must_retype: bool


def consequence(
    name: str,
    was: Money | None,
    wanted: Money | None,
    *,
    spent: Decimal | None,
    today: date,
    per_day: Decimal | None = None,
    reached: Callable[[Decimal], date | None] | None = None,
) -> Consequence:
    """Return what setting or, with `wanted` None, removing a hard limit does.

    `name` "" is the organization. `spent` and `per_day` are dollars of this month, UTC; `reached`
    tells the day of this month on which an amount is spent, and goes before `per_day`.
    """
    whose = name or "the organization"
    if wanted is None:
        return _of_removal(whose, was, spent)
    lines = []
    if spent is None:
        lines += [
            "What is spent this month is not known, so this may refuse traffic at once.",
            _refusals(name, "once it is reached"),
        ]
    elif wanted.dollars <= spent:
        lines += [
            f"{_so_far(whose, spent)}: that is {money(spent - wanted.dollars)} over {wanted}."
            if wanted.dollars < spent
            else f"{_so_far(whose, spent)}: exactly this amount.",
            _refusals(name, "from now on, within minutes"),
        ]
    else:
        lines += [
            f"{_so_far(whose, spent)}: {money(wanted.dollars - spent)} would be left.",
            _when(wanted, spent, today, per_day, reached),
            _refusals(name, "once it is reached"),
        ]
    lines.append("Traffic resumes when the limit is raised or removed, or with the next month.")
    lines.append("Costs come late, so a little more than the limit may be spent.")
    return Consequence(tuple(lines), spent is None or wanted.dollars <= spent)


def _of_removal(whose: str, was: Money | None, spent: Decimal | None) -> Consequence:
    so_far = "What is spent this month is not known."
    if spent is not None:
        so_far = f"{_so_far(whose, spent)}."
    lines = [f"Nothing stops the spend of {whose} any more at {was or 'any amount'}.", so_far]
    if was is not None and spent is not None and spent >= was.dollars:
        lines.insert(1, "The limit is reached: traffic that is refused now resumes.")
    lines.append("Limits of others and a prepaid balance go on refusing.")
    return Consequence(tuple(lines), must_retype=False)


def _so_far(whose: str, spent: Decimal) -> str:
    return f"{whose[:1].upper()}{whose[1:]} has spent {money(spent)} this month so far"


def _refusals(name: str, since: str) -> str:
    code = "project_spend_limit_exceeded" if name else "organization_spend_limit_exceeded"
    whose = f"of {name}" if name else "of every project"
    return f"Requests to models {whose} are refused {since}: 429 {code}."


def _when(
    wanted: Money,
    spent: Decimal,
    today: date,
    per_day: Decimal | None,
    reached: Callable[[Decimal], date | None] | None,
) -> str:
    if reached is not None:
        day = reached(wanted.dollars)
    elif per_day is None:
        return "When it would be reached cannot be told yet."
    else:
        day = _straight(wanted.dollars - spent, today, per_day)
    if day is None:
        return "At this pace it is not reached this month."
    when = "today" if day <= today else f"on {day.day} {day:%B}"
    return f"At this pace it is reached {when}."


def _straight(left: Decimal, today: date, per_day: Decimal) -> date | None:
    if per_day <= 0 or left / per_day > 31:
        return None
    day = today + timedelta(days=int(left / per_day))
    return day if (day.year, day.month) == (today.year, today.month) else None
