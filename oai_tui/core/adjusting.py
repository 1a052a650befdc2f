"""Ceilings made others: by a value, a factor or a difference, in words before and after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from oai_tui.core.errors import WrongInput
from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.core.text import clean

NO_RATE_LIMIT = "no rate limit"
UNTOLD = "not told"


def subject_of_rates(model: str, name: str) -> str:
    """Return whose rate limit it is: of a model in the project of this name."""
    return f"the rate limit of {model} in {name}"


def rate_words(ceilings: Mapping[Ceiling, int | None]) -> str:
    """Return ceilings in one line, always in the same order."""
    return ", ".join(
        f"{ceiling.label} {UNTOLD}" if value is None else f"{value:,} {ceiling.label}"
        for ceiling in Ceiling
        if ceiling in ceilings
        for value in [ceilings[ceiling]]
    )


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
