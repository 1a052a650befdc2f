"""The rows of a table: their order, the cursor among them and the marks on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

Level = tuple[Callable[[T], object], bool]
"""What rows are ordered by, and whether from the last to the first."""


class Rows(Generic[T]):
    """Rows as they are shown. Cursor and marks hold on to ids, so new rows do not move them."""

    def __init__(self) -> None:
        self.items: Sequence[T] = ()
        self.cursor = 0
        self._id_of: Callable[[T], str] = str
        self._order: Sequence[int] = ()
        self._levels: tuple[Level[T], ...] = ()
        self._keys: dict[Callable[[T], object], list[object]] = {}
        self._ids: frozenset[str] = frozenset()
        self._marks: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, position: int) -> T:
        return self.items[self._order[position]]

    def id_at(self, position: int) -> str:
        """Return the id of the row that is shown at a position."""
        return self._id_of(self[position])

    @property
    def current(self) -> T | None:
        """The row under the cursor; None where there are no rows."""
        return self[self.cursor] if self._order else None

    @property
    def current_id(self) -> str | None:
        """The id of the row under the cursor."""
        return self.id_at(self.cursor) if self._order else None

    @property
    def marked(self) -> frozenset[str]:
        """The ids of the marked rows that are here; a row filtered away is never among them."""
        return self._marks & self._ids

    @property
    def kept_marks(self) -> frozenset[str]:
        """The ids of all marked rows, those filtered away included."""
        return self._marks

    def replace(self, items: Sequence[T], id_of: Callable[[T], str]) -> None:
        """Take new rows; the cursor stays on its id, else where it was."""
        kept = self.current_id
        self.items, self._id_of = items, id_of
        self._ids = frozenset(map(id_of, items))
        self._keys.clear()
        self._arrange(kept)

    def sort(self, *levels: Level[T]) -> None:
        """Order the rows by levels, the first one first; the cursor stays on its row."""
        kept = self.current_id
        self._levels = levels
        self._arrange(kept)

    def find(self, row_id: str) -> int | None:
        """Return the position at which the row with this id is shown."""
        if row_id not in self._ids:
            return None
        return next((p for p in range(len(self)) if self.id_at(p) == row_id), None)

    def move(self, position: int) -> bool:
        """Put the cursor on a position, or the nearest there is; tell whether it moved."""
        position = max(0, min(position, len(self) - 1))
        moved, self.cursor = position != self.cursor, position
        return moved

    def is_marked(self, position: int) -> bool:
        """Tell whether the row at a position is marked."""
        return bool(self._marks) and self.id_at(position) in self._marks

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away."""
        if (row_id := self.current_id) is not None:
            self._marks ^= {row_id}

    def mark_all(self) -> None:
        """Mark every row that is here; where all are marked already, take the marks away."""
        self._marks = (
            self._marks - self._ids if self.marked == self._ids else self._marks | self._ids
        )

    def clear_marks(self) -> None:
        """Take every mark away, those of rows filtered away as well."""
        self._marks = frozenset()

    def _arrange(self, kept: str | None) -> None:
        self._order = range(len(self.items))
        for key, reverse in reversed(self._levels):
            self._order = in_order(self._order, self._keys_of(key), reverse)
        found = None if kept is None else self.find(kept)
        self.move(self.cursor if found is None else found)

    def _keys_of(self, key: Callable[[T], object]) -> list[object]:
        if key not in self._keys:
            self._keys[key] = [_safe_key(key, item) for item in self.items]
        return self._keys[key]


def in_order(indices: Sequence[int], keys: Sequence[object], reverse: bool = False) -> list[int]:
    """Return indices in the order of their keys: stable, without a key last in both directions."""
    known = [i for i in indices if keys[i] is not None]
    try:
        ordered = sorted(known, key=keys.__getitem__, reverse=reverse)  # type: ignore[arg-type]
    except (TypeError, ArithmeticError):
        ordered = sorted(known, key=lambda i: str(keys[i]), reverse=reverse)
    if len(known) < len(indices):
        ordered += [i for i in indices if keys[i] is None]
    return ordered


def _safe_key(key: Callable[[T], object], item: T) -> object:
    try:
        found = key(item)
        return found if found == found else None  # a NaN has no place in an order
    except Exception:
        # The same row shows a `?`; it sorts with those that are not known.
        return None
