"""The desk that answers questions about usage and costs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from oai_tui.api.client import Client
from oai_tui.core.compare import changes, movers
from oai_tui.core.cuts import Cut, Grain, Step, step_for, whole
from oai_tui.core.errors import ApiProblem, NotFound
from oai_tui.core.exact import total
from oai_tui.core.kinds import Kind
from oai_tui.core.metrics import Metric
from oai_tui.core.usage import Pivot
from oai_tui.core.zone import Zone
from oai_tui.services.usage import gaps
from oai_tui.services.usage.crediting import Credits, credits_of
from oai_tui.services.usage.fetching import (
    COSTS,
    Fetcher,
    Progress,
    Round,
    Subject,
    begun,
    side_by_side,
)
from oai_tui.services.usage.knowledge import as_of, lacking, provisional
from oai_tui.services.usage.question import Question, Report
from oai_tui.services.usage.viewing import NOT_TOLD, NameOf, Picture, Viewer, needed
from oai_tui.store.ledger import Known, Ledger, What


class UsageDesk:
    """Fetches what a question needs, once, and answers it from what is kept.

    `local_zone` is where the days of the person begin.
    """

    def __init__(
        self,
        client: Client,
        ledger: Ledger,
        clock: Callable[[], datetime],
        name_of: NameOf,
        local_zone: Zone,
    ) -> None:
        self.local_zone = local_zone
        self._ledger = ledger
        self._clock = clock
        self._fetcher = Fetcher(client, ledger, clock)
        self._viewer = Viewer(ledger, self._fetcher, name_of)
        self._problems: dict[Subject, ApiProblem] = {}
        self._shares: dict[object, tuple[Decimal | None, Decimal | None]] = {}

    async def prepare(
        self, question: Question, *, fresh: bool = False, on_progress: Progress | None = None
    ) -> None:
        """Fetch what the figure of a question needs and is not known or may have changed.

        What came is kept when this is cancelled. Raises ApiProblem when nothing is known of the
        period after it.
        """
        round = begun(fresh, on_progress)
        await self._fetch(round, question, question.metric.kinds, question.is_cost)
        if not await asyncio.to_thread(self.is_known, question):
            self._raise(question)

    async def prepare_all(self, question: Question, *, on_progress: Progress | None = None) -> None:
        """Fetch the same of every kind and of the costs, so that any other figure is here too."""
        round = begun(False, on_progress)
        await self._fetch(round, question, tuple(Kind), costs=True)

    def is_known(self, question: Question) -> bool:
        """Whether a view of a question would show anything without asking."""
        known = self._viewer.known(question, question.span)
        return any(each.asked for each in known.values())

    def is_whole(self, question: Question) -> bool:
        """Whether every bucket of a question up to now was asked for, so that a sum is the sum."""
        known = self._viewer.known(question, question.span)
        told = {what: each for what, each in known.items() if what not in self._closed}
        return bool(told) and not lacking(question.span, question.grain, told, self._clock())[0]

    def view(self, question: Question, columns: int) -> Report:
        """Answer a question from what is known, in at most so many cuts. Asks nothing."""
        zone, span = question.days_of, question.span
        step = step_for(question.period, max(1, columns), zone, question.finest, span)
        picture = self._viewer.picture(question, question.period, step)
        before = self._before(question, step)
        read = as_of(picture.known.values())
        old, unread = self._troubles(question, picture.known)
        cached, batch = self._shares_of(question)
        return Report(
            question,
            picture.pivot,
            step,
            zone=zone,
            before=before,
            as_of=read,
            from_cache=bool(old),
            provisional=provisional(picture.pivot.cuts, question.grain, picture.known),
            gaps=(
                *gaps.of_troubles(old, unread, read, self._clock()),
                *self._gaps(question, picture, has_before=before is not None),
                *([self._ledger.trouble] if self._ledger.trouble else []),
            ),
            notes=(*gaps.lacking_kinds(unread), *_notes(question)),
            cached_share=cached,
            batch_share=batch,
            unattributed=_unattributed(picture),
            changes=changes(picture.pivot, before),
            movers=movers(picture.pivot, before),
        )

    def totals(self, question: Question, id: str | None = None) -> dict[Metric, Decimal | None]:
        """Return every figure of one group of a question, or of everything; None is not known.

        The cost is among them where it can be told so.
        """
        filters = question.filters
        if id is not None and id != NOT_TOLD:
            filters = (*filters, (question.dimension, id))
        asked = replace(question, filters=filters, compare=False)
        lacks = self._problems.items()
        absent = {k for k, why in lacks if isinstance(k, Kind) and isinstance(why, NotFound)}
        found = self._viewer.totals(asked, absent)
        for metric in (Metric.COST, Metric.BYTES):
            other = replace(asked, metric=metric, within=None)
            known = self._viewer.picture(other, other.period, Step.YEAR)
            whole_known = len(known.pivot.unknown) < len(known.pivot.cuts)
            told = known.answered and whole_known and self.is_whole(other)
            found[metric] = known.pivot.total if told else None
        return found

    def credits(self, question: Question) -> Credits:
        """Return what of the costs of a question was credited, by its dimension."""
        return credits_of(question, self._ledger, self._fetcher)

    def cached_shares(self, question: Question) -> dict[str, Decimal]:
        """Return by id the cached part of the input, 0 to 1, where the platform tells it."""
        return self._viewer.cached_shares(question)

    async def _fetch(
        self, round: Round, question: Question, kinds: tuple[Kind, ...], costs: bool
    ) -> None:
        if not round.refresh:
            # What the platform did not tell before is worth asking once more.
            self._problems = {
                each: why for each, why in self._problems.items() if each not in self._closed
            }
        closed = self._closed
        try:
            await side_by_side(
                (
                    self._fetch_usage(round, question, [k for k in kinds if k not in closed]),
                    *(
                        [self._fetch_costs(round, question)]
                        if costs and COSTS not in closed
                        else []
                    ),
                )
            )
        finally:
            # Where nothing had to be asked, nothing is mended either.
            before = self._problems.items()
            others = {each: why for each, why in before if each not in round.answered}
            self._problems = {**others, **round.problems}
            self._shares = {}

    async def _fetch_usage(self, round: Round, question: Question, kinds: list[Kind]) -> None:
        spans = self._spans(question)
        await side_by_side(
            self._fetcher.usage(round, kinds, question.grain, span) for span in spans
        )

    async def _fetch_costs(self, round: Round, question: Question) -> None:
        for span in self._spans(replace(question, metric=Metric.COST)):
            await self._fetcher.costs(round, needed(question), span)

    def _spans(self, question: Question) -> list[Cut]:
        before = question.before
        return [question.span, *([whole(before, question.days_of)] if before else [])]

    def _before(self, question: Question, step: Step) -> Pivot | None:
        period = question.before
        if period is None:
            return None
        picture = self._viewer.picture(question, period, step)
        span = whole(period, question.days_of)
        told = {what: each for what, each in picture.known.items() if what not in self._closed}
        lacks, _ = lacking(span, question.grain, told, self._clock())
        return None if lacks or not told or not picture.answered else picture.pivot

    @property
    def _closed(self) -> set[Subject]:
        """What the platform does not tell here, today or tomorrow."""
        return {each for each, why in self._problems.items() if isinstance(why, gaps.TOLD_NOT)}

    def _troubles(
        self, question: Question, known: Mapping[What, Known]
    ) -> tuple[dict[Subject, ApiProblem], dict[Subject, ApiProblem]]:
        """Return why some figures are old, and why others were not read at all."""
        old: dict[Subject, ApiProblem] = {}
        unread: dict[Subject, ApiProblem] = {}
        span, now = question.span, self._clock()
        for what, here in known.items():
            subject = what if isinstance(what, Kind) else COSTS
            problem = self._problems.get(subject)
            if problem is None:
                continue
            if not here.asked:
                unread[subject] = problem
            elif self._ledger.missing(
                what, question.grain, span.start, span.end, now, timedelta(0)
            ):
                old[subject] = problem
        return old, unread

    def _raise(self, question: Question) -> None:
        """Raise why nothing is known, if something stood in the way of it."""
        _, unread = self._troubles(question, self._viewer.known(question, question.span))
        others = [why for why in unread.values() if not isinstance(why, NotFound)]
        if others:
            raise others[0]
        if unread:
            # Nothing was told, which is not the same as nothing used.
            raise NotFound(
                f"This server reports no {'costs' if question.is_cost else 'usage'} at all.",
                "Look at the base URL, or at another figure with m.",
            )

    def _gaps(self, question: Question, picture: Picture, *, has_before: bool) -> list[str]:
        """Return what else the figures lack, a sentence each."""
        subject, found = question.metric.label, []
        told = {what: each for what, each in picture.known.items() if what not in self._closed}
        lacks, of = lacking(question.span, question.grain, told, self._clock())
        if lacks and any(each.asked for each in told.values()):
            found.append(gaps.unknown_part(lacks, of, question.grain))
        if not picture.told_apart or self._is_refused(question):
            found.append(gaps.not_told(question.dimension, subject))
        if not picture.answered:
            names = " and ".join(dimension.label for dimension, _ in question.filters)
            found.append(f"{subject.capitalize()} cannot be told by {names} here.")
        if picture.untold:
            found.append(gaps.untold_rows(picture.untold, subject))
        if question.before and not has_before:
            found.append(gaps.NO_BEFORE)
        return found

    def _is_refused(self, question: Question) -> bool:
        """Whether every kind that has a dimension was asked without it, as the server wants."""
        having = [kind for kind in question.metric.kinds if question.dimension in kind.dimensions]
        telling = [kind for kind in having if question.dimension in self._fetcher.dimensions(kind)]
        return bool(having) and not telling

    def _shares_of(self, question: Question) -> tuple[Decimal | None, Decimal | None]:
        """Return the shares that are the same by whatever figures are grouped."""
        key = (question.grain, question.span, question.filters, question.metric.kinds)
        if key not in self._shares:
            self._shares[key] = self._viewer.shares(question)
        return self._shares[key]


def _unattributed(picture: Picture) -> Decimal | None:
    """Return the part of the figure that has no name in the dimension, where that is told."""
    whole = picture.pivot.total
    if not whole or not picture.told_apart:
        return None
    nobodys = total(g.total for g in picture.pivot.groups if g.id == "")
    return nobodys / whole if nobodys else Decimal(0)


def _notes(question: Question) -> list[str]:
    zone = question.days_of
    if question.grain is not Grain.HOUR or zone.begins_on_hours(question.period.first):
        return []
    return [gaps.uneven_days(zone.name)]
