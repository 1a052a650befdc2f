"""The quick filters above the list of keys: one key each, with how many rows each one shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from rich.cells import cell_len
from textual.content import Content

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import NEEDS_PERSON, Ailment
from oai_tui.core.keys import KeyKind

ALL = "all"
ATTENTION = "attention"
DELETED = "deleted"
ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class QuickFilter:
    """Rows of one kind under one key. `label` reads after a number: `3 need attention`."""

    name: str
    key: str
    label: str
    tooltip: str
    shows: Callable[[EstateRow], bool]


def _ails(row: EstateRow, *ailments: Ailment) -> bool:
    return any(found.ailment in ailments for found in row.findings)


def _of(name: str, key: str, label: str, tooltip: str, *ailments: Ailment) -> QuickFilter:
    return QuickFilter(name, key, label, tooltip, lambda row: _ails(row, *ailments))


def _is_of(kind: KeyKind, row: EstateRow) -> bool:
    return row.key.kind is kind


QUICK_FILTERS: tuple[QuickFilter, ...] = (
    QuickFilter(ALL, "a", "all", "Show all keys", lambda row: row.key.is_live),
    QuickFilter(
        ATTENTION,
        "w",
        "need attention",
        "Only keys that need a person",
        lambda row: row.state.weight >= NEEDS_PERSON,
    ),
    _of(
        "spending",
        "dollar_sign",
        "spending",
        "Only keys whose owner is gone and that are still used",
        Ailment.SPENDING,
    ),
    _of("gone", "g", "owner gone", "Only keys whose owner lost access", Ailment.OWNER_GONE),
    _of(
        "expiring",
        "E",
        "expired or soon",
        "Only keys that expired or soon will",
        Ailment.EXPIRED,
        Ailment.EXPIRING,
    ),
    _of("unseen", "u", "not seen", "Only keys never seen used", Ailment.NOT_SEEN),
    _of("stale", "t", "stale", "Only keys not seen used for long", Ailment.STALE),
    _of("old", "O", "too old", "Only keys older than the policy allows", Ailment.OLD),
    _of("same", "D", "same name", "Only keys that share their name", Ailment.DUPLICATE),
    _of("endless", "v", "no expiry", "Only keys that never expire", Ailment.NO_EXPIRY),
    QuickFilter(
        ACCOUNTS,
        "A",
        "accounts without key",
        "Only service accounts without a key",
        partial(_is_of, KeyKind.ACCOUNT),
    ),
    QuickFilter(
        DELETED,
        "d",
        "deleted",
        "Only deleted keys that still appear in the usage",
        partial(_is_of, KeyKind.DELETED),
    ),
)
"""In the order of how much they press."""

BY_NAME = {each.name: each for each in QUICK_FILTERS}


def counted(rows: Iterable[EstateRow]) -> dict[str, int]:
    """Return how many rows each quick filter shows, in one pass over them."""
    found: Counter[Ailment | None] = Counter()
    both = live = pressing = 0
    kinds: Counter[KeyKind] = Counter()
    for row in rows:
        kinds[row.key.kind] += 1
        live += row.key.is_live
        pressing += row.findings[0].weight >= NEEDS_PERSON
        ailments = [each.ailment for each in row.findings]
        found.update(ailments)
        both += Ailment.EXPIRED in ailments and Ailment.EXPIRING in ailments
    return {
        ALL: live,
        ATTENTION: pressing,
        "spending": found[Ailment.SPENDING],
        "gone": found[Ailment.OWNER_GONE],
        "expiring": found[Ailment.EXPIRED] + found[Ailment.EXPIRING] - both,
        "unseen": found[Ailment.NOT_SEEN],
        "stale": found[Ailment.STALE],
        "old": found[Ailment.OLD],
        "same": found[Ailment.DUPLICATE],
        "endless": found[Ailment.NO_EXPIRY],
        ACCOUNTS: kinds[KeyKind.ACCOUNT],
        DELETED: kinds[KeyKind.DELETED],
    }


def quick_line(
    counts: Mapping[str, int], active: str, keys: Mapping[str, str], width: int
) -> Content:
    """Return the filters that show anything, with the keys they are on, as `width` has room.

    The active one is always there; what there is no room for is told by an ellipsis.
    """
    shown = [each for each in QUICK_FILTERS if counts.get(each.name) or each.name == active]
    entries = [(each.name, _entry(each, counts, active, keys)) for each in shown]
    return _fitted(entries, active, width)


def _entry(
    quick: QuickFilter, counts: Mapping[str, int], active: str, keys: Mapping[str, str]
) -> Content:
    key, number = keys.get(quick.name, ""), counts.get(quick.name, 0)
    text = f"all {number}" if quick.name == ALL else f"{number} {quick.label}"
    if quick.name == active:
        return Content.styled(f" {key} {text} ", "bold $text-accent on $accent-muted")
    return Content.assemble(" ", Content.styled(key, "$accent"), f" {text} ")


def _fitted(entries: Sequence[tuple[str, Content]], active: str, width: int) -> Content:
    room = width - sum(cell_len(text.plain) for name, text in entries if name == active)
    line: list[Content] = []
    is_cut = False
    for name, text in entries:
        if name != active:
            room -= cell_len(text.plain)
            if room < 2:
                is_cut = True
                continue
        line.append(text)
    return Content("").join([*line, *([Content.styled(" …", "$text-muted")] if is_cut else [])])
