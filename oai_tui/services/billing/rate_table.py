"""Rate limits beside what was used under them, put together project by project."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from oai_tui.core.limits import RateLimit
from oai_tui.core.rates import RateRow, Unplaced, family_of, row_of
from oai_tui.services.billing.rate_book import RateBook
from oai_tui.services.billing.rate_memory import Listed
from oai_tui.services.billing.rate_use import RateUse

UNREAD_USE = "Usage by the minute is being read; until then no model is marked."
UNKNOWN_USE = "Usage is not known, so no model is marked."
NO_MINUTES = "Usage by the minute is not known, so no minute is marked, only requests a day."


@dataclass(frozen=True)
class RateTable:
    """Rate limits by project and model, and what they rest on.

    `as_of` is when the oldest of them were asked for, None where there are none. `read` of
    `to_read` projects have answered since it was asked last; both are 0 in what is remembered.
    `since` and `until` bound the minutes that were looked at, UTC; `since` None means that no
    minute can be marked, because usage `is_awaited` or is not known. `is_day_known` says whether
    ceilings of requests a day can be. `gaps` say in sentences what is missing, `notes` how names
    were matched.
    """

    rows: tuple[RateRow, ...]
    as_of: datetime | None = None
    read: int = 0
    to_read: int = 0
    since: datetime | None = None
    until: datetime | None = None
    is_awaited: bool = False
    is_day_known: bool = False
    unplaced: tuple[Unplaced, ...] = ()
    gaps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def throttled(self) -> tuple[RateRow, ...]:
        """The rows near or over a ceiling, the nearest first."""
        near = [row for row in self.rows if row.throttled]
        return tuple(sorted(near, key=lambda row: row.share or 0, reverse=True))

    @property
    def can_mark(self) -> bool:
        """Whether enough of use is known to mark anything by it."""
        return self.since is not None or self.is_day_known

    @property
    def basis(self) -> str:
        """A sentence that says what the marks rest on."""
        return self.bases[0]

    @property
    def bases(self) -> tuple[str, ...]:
        """What the marks rest on, the longest wording first."""
        if self.since is None or self.until is None:
            unknown = NO_MINUTES if self.is_day_known else UNKNOWN_USE
            return (UNREAD_USE if self.is_awaited else unknown,)
        span = f"{self.since:%H:%M} to {self.until:%H:%M} UTC"
        today = "today and " if self.is_day_known else ""
        known = f"Estimated from usage {today}by the minute, {span}"
        late = "the last minutes come late"
        return (
            f"{known}: the platform tells ceilings but no counters, and {late}.",
            f"{known}; no API tells counters, {late}.",
            f"Estimated from {today}{span}; {late}.",
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one project, and what they were made of."""

    name: str
    listed: Listed
    use: RateUse | None
    rows: tuple[RateRow, ...]
    unplaced: tuple[Unplaced, ...]

    def is_of(self, name: str, listed: Listed, use: RateUse | None, id: str) -> bool:
        """Whether the same would be made again: most projects use nothing, now as before."""
        if name != self.name or listed is not self.listed:
            return False
        used = any(each is not None and id in each.models for each in (use, self.use))
        return use is self.use or not used


class RateTables:
    """Makes tables of what a book knows; what did not change is not made again."""

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}

    def table(self, book: RateBook, only: Collection[str] = ()) -> RateTable:
        """Return the rate limits known of some projects, of all without any named."""
        names = book.memory.projects
        self._parts = {id: part for id, part in self._parts.items() if id in names}
        wanted = sorted(only or names, key=lambda id: (names[id].casefold(), id))
        known = [(id, book.memory.listed[id]) for id in wanted if id in book.memory.listed]
        parts = [self._part(id, names[id], listed, book.use) for id, listed in known]
        minutes = book.use.minutes if book.use else None
        return RateTable(
            tuple(row for part in parts for row in part.rows),
            min((listed.at for _, listed in known), default=None),
            since=minutes.since if minutes else None,
            until=minutes.until if minutes else None,
            is_awaited=book.use is None,
            is_day_known=book.use is not None and book.use.is_day_known,
            unplaced=tuple(each for part in parts for each in part.unplaced),
            gaps=(*_gaps(book, wanted), *(book.use.gaps if book.use else ())),
            notes=_notes(parts),
        )

    def _part(self, id: str, name: str, listed: Listed, use: RateUse | None) -> _Part:
        part = self._parts.get(id)
        if part is None or not part.is_of(name, listed, use, id):
            part = _made(id, name, listed, use)
        # With the newest use, so that none is held that nobody else knows any more.
        part = self._parts[id] = replace(part, use=use)
        return part


def _made(id: str, name: str, listed: Listed, use: RateUse | None) -> _Part:
    by_model = {limit.model: limit for limit in listed.limits}
    under: dict[str, list[str]] = {}
    unplaced: list[Unplaced] = []
    for model in use.models.get(id, ()) if use else ():
        if row := family_of(model, by_model):
            under.setdefault(row.id, []).append(model)
        elif use:
            unplaced.append(Unplaced(name, model, use.used(id, (model,))))

    def made(limit: RateLimit) -> RateRow:
        models = under.get(limit.id, ())
        used = use.used(id, models) if use and models else {}
        return row_of(name, limit, used, models, listed.at)

    return _Part(name, listed, use, tuple(map(made, listed.limits)), tuple(unplaced))


def _gaps(book: RateBook, wanted: Iterable[str]) -> list[str]:
    """Return sentences about what could not be read, and what is shown in its place."""
    gaps, names = [], book.memory.projects
    if book.unlisted:
        gaps.append(f"The projects are as last seen: {book.unlisted.what}{book.unlisted.trace}")
    failed = sorted((names[id], id) for id in wanted if id in book.problems)
    if failed:
        (first, id), more = failed[0], f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        old = any(id in book.memory.listed for _, id in failed)
        instead = " What was seen of them last is shown." if old else ""
        why = book.problems[id]
        gaps.append(
            f"The rate limits of {first}{more} could not be read: {why.what}{why.trace}{instead}"
        )
    return gaps


def _notes(parts: Sequence[_Part]) -> tuple[str, ...]:
    named = [row for part in parts for row in part.rows if row.models]
    mapped = {(m, row.limit.model) for row in named for m in row.models if m != row.limit.model}
    notes = [
        f"Use of {model} is counted under {family}, which has no date in its name."
        for model, family in sorted(mapped)
    ]
    lost = sorted({each.model for part in parts for each in part.unplaced})
    if lost:
        first = ", ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
        notes.append(f"Used, but no rate limit is listed under this name: {first}.")
    return tuple(notes)
