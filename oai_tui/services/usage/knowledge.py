"""How much of a stretch of time is known, and how surely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from oai_tui.core.cuts import Cut, Grain
from oai_tui.core.kinds import Kind
from oai_tui.store.ledger import Known, What

COSTS_LATE = 86400
"""Seconds after the end of a day for which its costs may be yet to come."""

Places = Mapping[str, Mapping[int, Decimal]]


def seconds_of(cut: Cut) -> tuple[int, int]:
    """Return the ends of a cut in Unix seconds."""
    return int(cut.start.timestamp()), int(cut.end.timestamp())


def buckets(cut: Cut, grain: Grain) -> range:
    """Return the beginnings of the buckets that begin in a cut."""
    start, end = seconds_of(cut)
    return range(-(-start // grain.seconds) * grain.seconds, end, grain.seconds)


def unknown(
    cuts: Sequence[Cut], grain: Grain, known: Mapping[What, Known], sums: Places
) -> frozenset[int]:
    """Return the places of the cuts of which nothing is known.

    One that was not over when it was asked for and has no figures yet is among them.
    """
    filled = {place for by_cut in sums.values() for place in by_cut}
    over = {at for what, each in known.items() for at in _over(what, each, grain)}
    return frozenset(
        place
        for place, cut in enumerate(cuts)
        if place not in filled and not any(at in over for at in buckets(cut, grain))
    )


def lacking(span: Cut, grain: Grain, known: Mapping[What, Known], now: datetime) -> tuple[int, int]:
    """Return how many buckets up to now are not known of the subject known least, of how many."""
    wanted = [at for at in buckets(span, grain) if at <= now.timestamp()]
    most = max((sum(at not in each.asked for at in wanted) for each in known.values()), default=0)
    return most, len(wanted)


def as_of(known: Iterable[Known]) -> datetime | None:
    """Return the time of the oldest figure that may still change, else of the newest there is."""
    asked = [(at in each.settled, then) for each in known for at, then in each.asked.items()]
    young = min((then for settled, then in asked if not settled), default=None)
    seconds = young if young is not None else max((then for _, then in asked), default=None)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def provisional(cuts: Sequence[Cut], grain: Grain, known: Mapping[What, Known]) -> int | None:
    """Return the place of the first cut that holds time which was not over when it was asked."""
    open_ = {
        at
        for what, each in known.items()
        for at in each.asked.keys() - set(_over(what, each, grain))
    }
    return next(
        (place for place, cut in enumerate(cuts) if any(at in open_ for at in buckets(cut, grain))),
        None,
    )


def levels(
    cuts: Sequence[Cut], grain: Grain, known: Mapping[What, Known], found: Places, starts: range
) -> Places:
    """Return of the levels of every bucket that of the last one in each cut.

    `found` has them by id and place in `starts`. A bucket without any is a level of nothing once
    its time is over, and nothing known before.
    """
    filled = {starts[place] for by_bucket in found.values() for place in by_bucket}
    sure = {at for each in known.values() for at in each.settled} | filled
    last = {
        place: max(here)
        for place, cut in enumerate(cuts)
        if (here := [at for at in buckets(cut, grain) if at in sure])
    }
    return {
        id: {
            place: by_bucket[starts.index(at)]
            for place, at in last.items()
            if starts.index(at) in by_bucket
        }
        for id, by_bucket in found.items()
    }


def _over(what: What, known: Known, grain: Grain) -> Iterator[int]:
    late = 0 if isinstance(what, Kind) else COSTS_LATE
    return (at for at, then in known.asked.items() if then >= at + grain.seconds + late)
