"""A key joined with what is known of it from elsewhere: its use, its cost, its history."""

from __future__ import annotations

from dataclasses import dataclass, field

from oai_tui.core.facts import KeyFacts
from oai_tui.core.health import Ailment, Finding
from oai_tui.core.keys import ApiKey, KeyKind

ORGANIZATION = "organization"
"""What stands in the place of the project for admin keys."""


@dataclass(frozen=True, slots=True)
class EstateRow:
    """One row of the list of keys. `findings` has the most pressing first and is never empty."""

    key: ApiKey
    facts: KeyFacts
    findings: tuple[Finding, ...]
    _shown: str = field(default="", init=False, repr=False, compare=False)

    @property
    def id(self) -> str:
        """The id of the key, or of the account without one."""
        return self.key.id

    @property
    def state(self) -> Finding:
        """The one thing to say of it where there is room for one."""
        return self.findings[0]

    @property
    def ailments(self) -> frozenset[Ailment]:
        """Everything that is wrong with it."""
        return frozenset(found.ailment for found in self.findings if found.ailment)

    @property
    def shown(self) -> str:
        """All text the list shows of it, a line each, in folded case: what a filter looks in."""
        text = self._shown
        if not text:
            text = self._text().casefold()
            # Only ever the same text, so that the row stays what it was.
            object.__setattr__(self, "_shown", text)
        return text

    def place(self) -> str:
        """Return the name of the project, or `organization` for what belongs to all of it."""
        key = self.key
        if key.project:
            return key.project.name or key.project.id
        return ORGANIZATION if key.kind is KeyKind.ADMIN else ""

    def _text(self) -> str:
        # As few steps as can be: a filter asks this of ten thousand rows between two key presses.
        key, owner = self.key, self.key.owner
        who = f"{owner.name}\n{owner.email}\n{owner.type}" if owner else ""
        where = self.place()
        words = "\n".join([found.word for found in self.findings])
        return f"{key.name}\n{key.id}\n{key.masked}\n{key.kind.value}\n{where}\n{who}\n{words}"
