"""What is missing of the bill, in a sentence each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from oai_tui.core.balance import BalanceEntry, uncounted
from oai_tui.core.errors import ApiProblem
from oai_tui.core.text import when
from oai_tui.services.billing.figures import Figures
from oai_tui.services.billing.limits import LimitBook
from oai_tui.services.billing.scopes import Place, Subject
from oai_tui.services.billing.statement import YOUNG, ProjectSpend


def cost_gaps(figures: Figures) -> tuple[str, ...]:
    """Return why no costs are known, nothing where some are."""
    problem: ApiProblem | None = figures.problem
    if figures.are_known or problem is None:
        return ()
    return (f"Could not be read: the costs. {problem.what}{problem.trace}",)


def unread(book: LimitBook, now: datetime) -> Iterator[str]:
    """Yield what could not be read of the limits, one sentence for each reason."""
    reasons: dict[str, dict[tuple[Subject, bool], list[Place]]] = defaultdict(
        lambda: defaultdict(list)
    )
    traces: dict[str, str] = {}
    for place, problem in book.problems.items():
        reasons[problem.what][place[0], bool(place[1])].append(place)
        traces.setdefault(problem.what, problem.trace)
    for why, subjects in reasons.items():
        names = [
            _unread_words(subject, of_project, len(places), (subject, False) in subjects)
            for (subject, of_project), places in sorted(subjects.items(), key=_as_told)
        ]
        seen = [at for places in subjects.values() for place in places if (at := book.at(place))]
        age = f" What is shown of them was seen {when(min(seen), now)}." if seen else ""
        yield f"Could not be read: {', '.join(names)}. {why}{traces[why]}{age}"


def _as_told(item: tuple[tuple[Subject, bool], object]) -> tuple[bool, int]:
    (subject, of_project), _ = item
    return of_project, list(Subject).index(subject)


def _unread_words(subject: Subject, of_project: bool, number: int, for_all: bool) -> str:
    if not of_project:
        return str(subject)
    return subject.of_all if for_all else subject.of(number)


def notes(
    projects: Sequence[ProjectSpend], entries: Sequence[BalanceEntry], now: datetime
) -> Iterator[str]:
    """Yield what there is to know although nothing that was asked for is missing."""
    can_spend = [project for project in projects if project.id and not project.is_archived]
    unasked = sum(not project.limit_known for project in can_spend)
    if 0 < unasked < len(can_spend):
        many = "1 project was" if unasked == 1 else f"{unasked:,} projects were"
        yield f"{many} not asked for a limit of its own yet."
    old = [at for project in can_spend if (at := project.limit.at) and now - at >= YOUNG]
    if old:
        many = "limit of 1 project is" if len(old) == 1 else f"limits of {len(old):,} projects are"
        yield f"The {many} as seen {when(min(old), now)}."
    early = uncounted(entries)
    if early:
        yield "A top-up before the first balance counts for nothing: enter a balance."
