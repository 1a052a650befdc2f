"""What changed against the period before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from oai_tui.core.exact import plus
from oai_tui.core.metrics import Metric
from oai_tui.core.text import count, money, percent
from oai_tui.core.usage import Pivot


@dataclass(frozen=True, slots=True)
class Change:
    """A figure and the same of the period before; `before` None where that is not known."""

    before: Decimal | None
    now: Decimal

    @property
    def by(self) -> Decimal | None:
        """How much more it is, negative for less."""
        return None if self.before is None else plus(self.now, self.before.copy_negate())

    @property
    def share(self) -> Decimal | None:
        """How much more as a part of what it was: 0.12 is 12 % more; None from nothing."""
        return self.by / abs(self.before) if self.before and self.by is not None else None

    def words(self) -> str:
        """Return `▲ 12 %`, `▼ 3 %`, `as before`, `new`, or nothing where it cannot be told."""
        if self.before is None or self.by is None:
            return ""
        if not self.by:
            return "as before"
        if not self.before:
            return "new"
        return f"{'▲' if self.by > 0 else '▼'} {percent(abs(self.by), abs(self.before))}"


@dataclass(frozen=True, slots=True)
class Mover:
    """A group that changed much."""

    id: str
    name: str
    change: Change
    metric: Metric

    def words(self) -> str:
        """Return one line: `gpt-5.6 +31 M (▲ 12 %)`."""
        by = self.change.by or Decimal(0)
        write = money if self.metric is Metric.COST else count
        sign = "+" if by > 0 else ""
        line = f"{self.name} {sign}{write(by)}"
        how = "gone" if not self.change.now and self.change.before else self.change.words()
        return f"{line} ({how})" if how else line


def changes(now: Pivot, before: Pivot | None) -> dict[str, Change]:
    """Return the change of every group of either period by its id."""
    if before is None:
        return {group.id: Change(None, group.total) for group in now.groups}
    was, is_now = _totals(before), _totals(now)
    ids = [*is_now, *(id for id in was if id not in is_now)]
    zero = Decimal(0)
    return {id: Change(was.get(id, zero), is_now.get(id, zero)) for id in ids}


def movers(now: Pivot, before: Pivot | None, most: int = 3) -> tuple[Mover, ...]:
    """Return the groups that changed most, up or down, the largest change first."""
    if before is None:
        return ()
    names = {group.id: group.name for group in (*before.groups, *now.groups)}
    found = [
        Mover(id, names[id], change, now.metric)
        for id, change in changes(now, before).items()
        if change.by
    ]
    found.sort(key=lambda mover: (-abs(mover.change.by or Decimal(0)), mover.name))
    return tuple(found[:most])


def _totals(pivot: Pivot) -> Mapping[str, Decimal]:
    return {group.id: group.total for group in pivot.groups}
