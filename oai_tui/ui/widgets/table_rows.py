"""The rows of a table: their order, the cursor among them and the marks on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Rows(Generic[T]):
    """Rows as they are shown. Cursor and marks hold on to ids, so new rows do not move them."""

    def __init__(self) -> None:
        self.items: Sequence[T] = ()
        self.cursor = 0
        self._id_of: Callable[[T], str] = str
        self._order: Sequence[int] = ()
        self._sort: Callable[[T], object] | None = None
        self._reverse = False
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

    def replace(self, items: Sequence[T], id_of: Callable[[T], str]) -> None:
        """Take new rows; the cursor stays on its id, else where it was."""
        kept = self.current_id
        self.items, self._id_of = items, id_of
        self._ids = frozenset(map(id_of, items))
        self._arrange(kept)

    def sort(self, key: Callable[[T], object] | None, reverse: bool) -> None:
        """Order the rows by a key, None as they were given; the cursor stays on its row."""
        kept = self.current_id
        self._sort, self._reverse = key, reverse
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

    def clear_marks(self) -> None:
        """Take every mark away, those of rows filtered away as well."""
        self._marks = frozenset()

    def _arrange(self, kept: str | None) -> None:
        if self._sort is None:
            self._order = range(len(self.items))
        else:
            self._order = sorted_indices(self.items, self._sort, self._reverse)
        found = None if kept is None else self.find(kept)
        self.move(self.cursor if found is None else found)


def sorted_indices(
    items: Sequence[T], key: Callable[[T], object], reverse: bool = False
) -> list[int]:
    """Return indices in the order of a key: stable, rows without a key last in both directions."""
    keys = [_safe_key(key, item) for item in items]
    known = [i for i, k in enumerate(keys) if k is not None]
    try:
        known.sort(key=lambda i: keys[i], reverse=reverse)  # type: ignore[arg-type,return-value]
    except (TypeError, ArithmeticError):
        known.sort(key=lambda i: str(keys[i]), reverse=reverse)
    return known + [i for i, k in enumerate(keys) if k is None]


def _safe_key(key: Callable[[T], object], item: T) -> object:
    try:
        found = key(item)
        return found if found == found else None  # a NaN has no place in an order
    except Exception:
        # The same row shows a `?`; it sorts with those that are not known.
        return None
