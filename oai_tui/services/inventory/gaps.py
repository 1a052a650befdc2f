"""What could not be read, in as few sentences as there are reasons."""

from __future__ import annotations

from datetime import UTC, datetime

from oai_tui.core.errors import ApiProblem
from oai_tui.core.keys import Project

NAMED = 2
"""Projects named in a sentence before the others are only counted."""


class Gaps:
    """Collects failures. What failed for the same reason in many projects is told once."""

    def __init__(self) -> None:
        self._alone: list[str] = []
        self._of_projects: dict[tuple[str, str], list[tuple[str, datetime | None]]] = {}
        self._traces: dict[str, str] = {}

    def add(self, subject: str, problem: ApiProblem, shown_of: datetime | None) -> None:
        """Note that something could not be read, and how old what is shown in its place is."""
        self._alone.append(_sentence(subject, f"{problem.what}{problem.trace}", shown_of))

    def tell(self, sentence: str) -> None:
        """Note something that is missing for a reason of its own."""
        self._alone.append(sentence)

    def of_project(
        self, what: str, project: Project, problem: ApiProblem, shown_of: datetime | None
    ) -> None:
        """Note that something of a project could not be read."""
        places = self._of_projects.setdefault((what, problem.what), [])
        places.append((project.name or project.id, shown_of))
        self._traces.setdefault(problem.what, problem.trace)

    def sentences(self) -> tuple[str, ...]:
        """Return what is missing."""
        found = list(self._alone)
        for (what, why), places in self._of_projects.items():
            names = [name for name, _ in places]
            ages = [at for _, at in places if at]
            subject, told = f"The {what} of {_enumerated(names)}", f"{why}{self._traces[why]}"
            found.append(_sentence(subject, told, min(ages, default=None)))
        return tuple(found)


def _enumerated(names: list[str]) -> str:
    named, more = names[:NAMED], len(names) - NAMED
    if more > 0:
        return f"{', '.join(named)} and {more} more project{'s' if more > 1 else ''}"
    return " and ".join(named)


def _sentence(subject: str, why: str, shown_of: datetime | None) -> str:
    failed = f"{subject} could not be read: {why}"
    if shown_of is None:
        return failed
    at = shown_of.astimezone(UTC)
    return f"{failed} They are shown as of {at.day} {at:%b %H:%M} UTC."
