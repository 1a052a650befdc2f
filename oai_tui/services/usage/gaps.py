"""What is missing of an answer, in a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from oai_tui.core.errors import ApiProblem, MissingScope, NotFound, Rejected
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.text import when
from oai_tui.services.usage.fetching import COSTS, Subject

TOLD_NOT = (MissingScope, NotFound)
"""Problems that say that the platform does not tell this here, today or tomorrow."""

NO_BEFORE = "The period before is not known, so nothing is compared with it."
"""Told where it was asked for in vain; while it is being read it is no news."""


def of_troubles(
    old: Mapping[Subject, ApiProblem],
    unread: Mapping[Subject, ApiProblem],
    as_of: datetime | None,
    now: datetime,
) -> list[str]:
    """Return why some figures are old and others missing, one sentence for each reason."""
    others: dict[str, list[str]] = {}
    traces: dict[str, str] = {}
    for subject, problem in unread.items():
        if not isinstance(problem, NotFound):
            others.setdefault(_why(problem), []).append(_named(subject))
            traces.setdefault(_why(problem), problem.trace)
    missing = [f"Not read: {', '.join(names)}. {why}{traces[why]}" for why, names in others.items()]
    reasons: dict[str, str] = {}
    for problem in old.values():
        reasons.setdefault(_why(problem), problem.trace)
    age = f"These figures are as last seen {when(as_of, now)}."
    return missing + [f"{why}{trace} {age}" for why, trace in reasons.items()]


def lacking_kinds(unread: Mapping[Subject, ApiProblem]) -> list[str]:
    """Return in a sentence what the server does not have at all, none where it has everything."""
    lacking = [_named(subject) for subject, why in unread.items() if isinstance(why, NotFound)]
    return [f"This server has no usage of {', '.join(lacking)}."] if lacking else []


def _why(problem: ApiProblem) -> str:
    detail = problem.detail if isinstance(problem, Rejected) else ""
    return f"{problem.what} {detail}".strip()


def unknown_part(unknown: int, of: int, step: str) -> str:
    """Return how much of the picture is not known."""
    return f"{unknown} of {of} {step}s are not known yet."


def not_told(by: Dimension, subject: str) -> str:
    """Return that figures cannot be told apart in a dimension."""
    return f"The platform does not tell {subject} by {by.label} here."


def uneven_days(zone: str) -> str:
    """Return why the days of a zone are not cut exactly."""
    return (
        f"Days in {zone} begin within an hour of UTC; each such hour counts for the day it "
        "begins in."
    )


def untold_rows(rows: int, label: str) -> str:
    """Return that some rows told no number."""
    told = "row tells" if rows == 1 else "rows tell"
    return f"{rows:,} {told} no {label}, so it may be more than is shown."


def _named(subject: Subject) -> str:
    return subject.label if isinstance(subject, Kind) else COSTS
