"""An amount of US dollars that cannot be taken for cents, nor cents for dollars.

The platform's costs are dollars and its limits and alerts whole cents; a hundredfold mistake
between them would look plausible. What a person types and what the platform calls a threshold is a
`Money`, with one way in and one way out for each unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from oai_tui.core.errors import WrongInput
from oai_tui.core.exact import shifted
from oai_tui.core.text import clean, money

CENT = Decimal("0.01")
"""What is less than this is not worth a word."""

_TYPED = re.compile(r"\$?\s*(?P<number>[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,12})(?P<cents>\.[0-9]{1,2})?")

_EXAMPLE = "Write it as 1500 or 1,500.50: dollars, with cents after a point."


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in `dollars`, exact. Costs hold fractions of a cent; limits never do."""

    dollars: Decimal

    @classmethod
    def of_cents(cls, cents: int) -> Money:
        """Return the amount that the platform's whole cents say."""
        return cls(shifted(Decimal(cents), -2))

    @classmethod
    def parse(cls, text: str) -> Money:
        """Return the dollars that a person typed: `1500`, `$1,500.50`.

        Raises WrongInput for anything else: a sign, an exponent, fractions of a cent, or a comma
        that may be meant as the point.
        """
        found = _TYPED.fullmatch(text.strip())
        if not text.strip():
            raise WrongInput("No amount is typed.", _EXAMPLE)
        if found is None:
            raise WrongInput(f"“{clean(text.strip(), 40)}” is not an amount of money.", _EXAMPLE)
        return cls(Decimal(found["number"].replace(",", "") + (found["cents"] or "")))

    @property
    def cents(self) -> int:
        """The amount in whole cents. Raises WrongInput where there are fractions of a cent."""
        cents = shifted(self.dollars, 2)
        if cents != cents.to_integral_value():
            raise WrongInput(f"{self} has fractions of a cent, which no limit can have.", _EXAMPLE)
        return int(cents)

    def __str__(self) -> str:
        return money(self.dollars)
