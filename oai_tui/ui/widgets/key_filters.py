"""The quick filters above the list of keys: one key each, with how many rows each one shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from textual.content import Content
from textual.style import Style

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import NEEDS_PERSON, Ailment
from oai_tui.core.keys import KeyKind

META = "quick"
"""Under which a click finds the name of the entry it hit."""

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
        "keyless accounts",
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


def quick_lines(
    counts: Mapping[str, int],
    active: str,
    keys: Mapping[str, str],
    size: tuple[int, int],
    last: Content | None = None,
) -> Content:
    """Return the filters that show anything, with the keys they are on.

    `size` is the room in columns and lines; what does not fit is told by an ellipsis. The active
    one is always there, and so is what comes `last`.
    """
    shown = [each for each in QUICK_FILTERS if counts.get(each.name) or each.name == active]
    entries = [(each.name == active, _entry(each, counts, active, keys)) for each in shown]
    if last:
        entries.append((True, last))
    return _fitted(entries, *size)


def _entry(
    quick: QuickFilter, counts: Mapping[str, int], active: str, keys: Mapping[str, str]
) -> Content:
    key, number = keys.get(quick.name, ""), counts.get(quick.name, 0)
    text = f"all {number}" if quick.name == ALL else f"{number} {quick.label}"
    return entry(quick.name, key, text, is_on=quick.name == active)


def entry(name: str, key: str, text: str, *, is_on: bool) -> Content:
    """Return one entry of the line: the key, and what it shows; a click on it finds its `name`."""
    if is_on:
        drawn = Content.styled(f" {key} {text} ", "bold $text-accent on $accent-muted")
    else:
        drawn = Content.assemble(" ", Content.styled(key, "$accent"), f" {text} ")
    return drawn.stylize(Style.from_meta({META: name}))


def _fitted(entries: Sequence[tuple[bool, Content]], width: int, lines: int) -> Content:
    """Return entries in lines; those that must be there go before those that only may."""
    for fewer in range(len(entries) + 1):
        optional = [place for place, (is_needed, _) in enumerate(entries) if not is_needed]
        left_out = set(optional[len(optional) - fewer :])
        kept = [text for place, (_, text) in enumerate(entries) if place not in left_out]
        if fewer:
            kept.append(Content.styled(" …", "$text-muted"))
        wrapped = _wrapped(kept, width)
        if len(wrapped) <= lines or fewer == len(optional):
            return Content("\n").join(wrapped[:lines])
    return Content("")


def _wrapped(entries: Sequence[Content], width: int) -> list[Content]:
    lines: list[list[Content]] = [[]]
    used = 0
    for text in entries:
        if lines[-1] and used + text.cell_length > width:
            lines.append([])
            used = 0
        lines[-1].append(text)
        used += text.cell_length
    return [Content("").join(line) for line in lines]
