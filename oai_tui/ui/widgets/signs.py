"""What the signs and short words on a screen mean, for its help; by the class that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.dom import DOMNode

Sign = tuple[str, str]
"""A sign, or a word that stands for more, and what it means."""

SIGNS: dict[str, tuple[Sign, ...]] = {
    "Table": (
        ("▌", "The row that the keys are for"),
        ("‹ ›", "More columns that way; ← and → lead there"),
        ("▼ ▲", "Beside a heading: the order, the greatest first or the least first"),
        ("▐", "Which part of the list is seen"),
        ("—", "Not known, which is not the same as nothing"),
        ("…", "Cut for want of room"),
    ),
    "DataScreen": (("!", "Above this line: what is missing from the figures"),),
    "BillingScreen": (
        ("provisional", "Costs of the last two days may still come"),
        ("(local)", "Meant by you, known to this program only: refuses nothing"),
        ("enforcing", "The platform's word for a hard limit; it does not say more"),
    ),
    "OverviewPage": (
        ("reported", "The platform told it"),
        ("entered", "Somebody typed it here"),
        ("estimated", "Reckoned from what was reported or entered"),
        ("unknown", "Nobody told it, or it could not be read"),
        ("≈", "About: an estimate"),
        ("│", "In the bar of SPENT: the amounts at which mail goes out"),
        ("╌", "In the picture: an alert, the budget or the limit; ↑ is above it"),
        ("━ ┈ ╍", "In the picture: this month, the one before, what may come"),
    ),
    "LimitsPage": (
        ("mails", "An alert only mails; it refuses nothing"),
        ("as last seen", "The platform did not answer; this is what it said before"),
    ),
    "RatesPage": (
        ("▲", "Its busiest minute, or its day so far, came near the ceiling"),
        ("●", "Marked with space: a change is for all that are marked"),
        ("K M B", "Thousands, millions, thousand millions"),
    ),
    "HistoryPage": (
        ("*", "Held against the same whole days of the month before"),
        ("?", "After an amount: some of its days are not known"),
    ),
    "ActivityScreen": (
        ("here", "Done by this program and written down on this machine"),
        ("·", "Parts whom it was about from what it came to"),
    ),
}


def signs_on(nodes: Iterable[DOMNode]) -> Iterator[Sign]:
    """Yield the signs of some nodes in their order, each once."""
    told: set[str] = set()
    for node in nodes:
        for kind in type(node).__mro__:
            for sign in SIGNS.get(kind.__name__, ()):
                if sign[0] not in told:
                    told.add(sign[0])
                    yield sign
