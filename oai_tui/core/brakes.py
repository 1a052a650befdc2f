"""The brakes in words: what is typed for them, what they are, and what changing them does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from oai_tui.core.errors import WrongInput
from oai_tui.core.limits import Ceiling, RateLimit, SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.text import KEYLIKE, clean, money

LONGEST_PREFIX = 100
MOST_RECIPIENTS = 50

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?P<domain>[A-Za-z0-9.-]{1,253})")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))+")

NO_LIMIT = "no limit"
NO_ALERT = "no alert"
NO_RATE_LIMIT = "no rate limit"
UNTOLD = "not told"


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


def recipients_of(text: str) -> tuple[str, ...]:
    """Return the addresses typed, each once, apart by commas, semicolons or spaces.

    Raises WrongInput for none at all, for too many, and for what is no address.
    """
    found: dict[str, str] = {}
    for typed in re.split(r"[\s,;]+", text.strip()):
        if typed:
            address = _address(typed)
            found.setdefault(address.casefold(), address)
    if not found:
        raise WrongInput("An alert needs somebody to mail to.", "Type an e-mail address.")
    if len(found) > MOST_RECIPIENTS:
        raise WrongInput(
            f"{len(found)} addresses are more than {MOST_RECIPIENTS}.", "Mail to a list instead."
        )
    return tuple(found.values())


def _address(typed: str) -> str:
    bare = typed[1:-1] if typed[:1] == "<" and typed[-1:] == ">" else typed
    found = _ADDRESS.fullmatch(bare)
    local = bare.rpartition("@")[0]
    dotted = local.startswith(".") or local.endswith(".") or ".." in local
    if not found or dotted or not _DOMAIN.fullmatch(found["domain"]):
        raise WrongInput(
            f"“{clean(typed, 60)}” is not an e-mail address.", "Write it as name@example.com."
        )
    return bare


def subject_prefix_of(text: str) -> str:
    """Return what subjects of an alert's mail begin with, "" for the platform's own words.

    Raises WrongInput for what is too long, has control characters or looks like a key.
    """
    typed = " ".join(text.split())
    if clean(typed, LONGEST_PREFIX) != typed:
        raise WrongInput(
            f"A subject prefix has at most {LONGEST_PREFIX} plain characters.", "Type another."
        )
    if KEYLIKE.search(typed):
        raise WrongInput("This prefix looks like a key, and mail is read by many.", "Type another.")
    return typed


def subject_of_limit(name: str) -> str:
    """Return whose hard limit it is; `name` "" is the organization."""
    return f"the hard limit of {name or 'the organization'}"


def subject_of_alert(name: str) -> str:
    """Return whose spend alert it is; `name` "" is the organization."""
    return f"a spend alert of {name or 'the organization'}"


def subject_of_rates(model: str, name: str) -> str:
    """Return whose rate limit it is: of a model in the project of this name."""
    return f"the rate limit of {model} in {name}"


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


def rate_words(ceilings: Mapping[Ceiling, int | None]) -> str:
    """Return ceilings in one line, always in the same order."""
    return ", ".join(
        f"{ceiling.label} {UNTOLD}" if value is None else f"{value:,} {ceiling.label}"
        for ceiling in Ceiling
        if ceiling in ceilings
        for value in [ceilings[ceiling]]
    )


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


def scaled(value: int, factor: Decimal) -> int:
    """Return a ceiling times a factor, rounded half up to a whole number, never below one."""
    return max(1, int((value * factor + Decimal("0.5")).to_integral_value("ROUND_FLOOR")))


_TYPED = re.compile(
    r"(?P<sign>[+-]?)(?P<number>[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,15})(?P<part>\.[0-9]{1,6})?"
    r"\s?(?P<unit>[kKmMbB%]?)"
)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
LARGEST = 2**53
"""The largest ceiling that every reader of JSON takes for what it is."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How a ceiling becomes another: times a factor, or plus a number, or a number itself."""

    factor: Decimal | None = None
    plus: int = 0
    value: int | None = None

    @classmethod
    def parse(cls, text: str) -> Adjustment:
        """Read `x2`, `×1.5`, `50%`, `+1000`, `-1000`, `1500`, `1.5M`. Raises WrongInput."""
        typed = text.strip()
        times = typed[:1] in ("x", "X", "×", "*")
        found = _TYPED.fullmatch(typed[1:].strip() if times else typed)
        if found is None:
            raise _not_an_adjustment(text)
        number = Decimal(found["number"].replace(",", "") + (found["part"] or ""))
        unit = found["unit"].casefold()
        if times or unit == "%":
            if found["sign"] or (times and unit) or not number:
                raise _not_an_adjustment(text)
            return cls(factor=number / 100 if unit == "%" else number)
        exact = number * _UNITS[unit]
        if exact != exact.to_integral_value():
            raise _not_an_adjustment(text)
        if not found["sign"]:
            return cls(value=_bounded(int(exact)))
        return cls(plus=int(exact) if found["sign"] == "+" else -int(exact))

    def of(self, value: int) -> int:
        """Return what becomes of a ceiling. Raises WrongInput below one and beyond all numbers."""
        if self.factor is not None:
            return _bounded(scaled(value, self.factor))
        return _bounded(value + self.plus if self.value is None else self.value)

    def __str__(self) -> str:
        if self.factor is not None:
            return f"× {self.factor.normalize():f}"
        if self.value is not None:
            return f"{self.value:,}"
        return f"{'+' if self.plus >= 0 else '-'} {abs(self.plus):,}"


def _bounded(value: int) -> int:
    if not 1 <= value <= LARGEST:
        raise WrongInput(
            f"A ceiling of {value:,} would be no ceiling to work under.",
            "Give a number from 1 on.",
        )
    return value


def _not_an_adjustment(text: str) -> WrongInput:
    return WrongInput(
        f"“{clean(text.strip(), 40)}” is neither a ceiling nor a change of one.",
        "Write 1500 or 1.5M, x2 or 50%, +1000 or -1000.",
    )


@dataclass(frozen=True, slots=True)
class RateChange:
    """What is to become of some ceilings of a rate limit; `limit` is as the person saw it."""

    limit: RateLimit
    wanted: Mapping[Ceiling, int]

    @property
    def was(self) -> str:
        """The ceilings that are to change, as they were seen."""
        return rate_words({each: self.limit.ceilings.get(each) for each in self.wanted})

    @property
    def is_to_be(self) -> str:
        """The same ceilings as they are wanted."""
        return rate_words(self.wanted)


def rate_change(limit: RateLimit, ceiling: Ceiling, adjustment: Adjustment) -> RateChange | None:
    """Return the change that an adjustment is for a rate limit.

    None where the platform tells no such ceiling of it or it would stay as it is. Raises
    WrongInput.
    """
    value = limit.ceilings.get(ceiling)
    if value is None:
        return None
    wanted = adjustment.of(value)
    return None if wanted == value else RateChange(limit, {ceiling: wanted})
