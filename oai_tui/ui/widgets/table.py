"""A table that draws only the rows that are seen, so that 10,000 keys are as quick as 100."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from oai_tui.ui.widgets.table_columns import Cell, Column
from oai_tui.ui.widgets.table_keys import TABLE_KEYS
from oai_tui.ui.widgets.table_messages import R, RowMessage, TableMessage
from oai_tui.ui.widgets.table_view import TableView

__all__ = ["Cell", "Column", "Table"]

T = TypeVar("T")

MOST_LEVELS = 3
"""Columns that rows can be sorted by at a time."""


class Table(TableView[T], can_focus=True):
    """Rows of one kind under a fixed head, with a cursor, marks and sorting."""

    BINDING_GROUP_TITLE = "Lists"
    BINDINGS: ClassVar[list[BindingType]] = [*TABLE_KEYS]

    class Highlighted(RowMessage[R]):
        """The cursor came to another row."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest place of the cursor counts."""
            return isinstance(message, Table.Highlighted) and message.table is self.table

    class Chosen(RowMessage[R]):
        """A row was chosen, with enter or a double click."""

    class Marked(TableMessage[R]):
        """Marks came or went; the table's `marked` has them."""

    class Sorted(TableMessage[R]):
        """The order changed; the table's `sorted_by` has it."""

    def set_columns(self, columns: Sequence[Column[T]]) -> None:
        """Show other columns; the order stays as long as its column does."""
        self._columns = tuple(columns)
        self.sort_on(*self._sorting)

    def set_rows(self, rows: Sequence[T], id_of: Callable[[T], str]) -> None:
        """Show other rows. Cursor and marks stay with their ids, and what is seen in its place."""
        before = self._rows.current_id
        super().set_rows(rows, id_of)
        if self._rows.current_id != before:
            self._tell_highlighted()

    def sort_by(self, key: str | None, reverse: bool = False) -> None:
        """Sort by a column, or with None go back to the order given; the cursor keeps its row."""
        self.sort_on(*([(key, reverse)] if key else []))

    def sort_on(self, *levels: tuple[str, bool]) -> None:
        """Sort by several columns, the first one first, each with whether it is turned round."""
        sorts = {c.key: c.sort for c in self._columns if c.sort}
        before, self._sorting = self._sorting, tuple(each for each in levels if each[0] in sorts)
        self._rows.sort(*((sorts[key], reverse) for key, reverse in self._sorting))
        self._lay_out_again()
        self._show_cursor()
        self._repaint()
        if self._sorting != before:
            self.post_message(self.Sorted(self))

    def move_to(self, position: int) -> None:
        """Put the cursor on a position, or the nearest there is, and bring it into sight."""
        self._move(position, self.scroll_offset.y)

    def move_to_id(self, row_id: str) -> bool:
        """Put the cursor on the row with this id; tell whether there is one."""
        position = self._rows.find(row_id)
        if position is not None:
            self.move_to(position)
        return position is not None

    def clear_marks(self) -> None:
        """Take every mark away."""
        self._rows.clear_marks()
        self._repaint()
        self.post_message(self.Marked(self))

    def action_move(self, step: int) -> None:
        """Move the cursor by a number of rows."""
        self.move_to(self.cursor + step)

    def action_page(self, pages: float) -> None:
        """Move cursor and rows together by a number of pages."""
        step = int(max(1, self._page * abs(pages))) * (1 if pages > 0 else -1)
        self._move(self.cursor + step, self.scroll_offset.y + step)

    def action_first(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.move_to(len(self._rows))

    def action_shift(self, step: int) -> None:
        """Bring in columns that were left out, or go back."""
        self._shift = self._layout_now.shift + step
        self._lay_out_again()
        self._repaint()

    def action_choose(self) -> None:
        """Tell that the row under the cursor was chosen."""
        if (row := self.current) is not None:
            self.post_message(self.Chosen(self, row))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer marks only where something can be done with them."""
        return self._markable if action in ("mark", "mark_all") else True

    def action_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away."""
        if self._markable and self._rows:
            self._rows.toggle_mark()
            self._repaint()
            self.post_message(self.Marked(self))

    def action_mark_all(self) -> None:
        """Mark every row, or take all marks away where every row has one."""
        if self._markable and self._rows:
            self._rows.mark_all()
            self._repaint()
            self.post_message(self.Marked(self))

    def action_sort_next(self) -> None:
        """Sort by the sortable column that follows the first one, and by no other."""
        self._sort_by_next(self._sorting[:1], ())

    def action_sort_reverse(self) -> None:
        """Turn the order of the last level round."""
        if self._sorting:
            *before, (key, reverse) = self._sorting
            self.sort_on(*before, (key, not reverse))

    def action_sort_further(self) -> None:
        """Add a level, for rows that are equal by the levels before it."""
        if len(self._sorting) < MOST_LEVELS:
            self._sort_by_next(self._sorting[-1:], self._sorting)

    def action_sort_other(self) -> None:
        """Take the sortable column that follows for the last level."""
        self._sort_by_next(self._sorting[-1:], self._sorting[:-1])

    def _sort_by_next(
        self, last: tuple[tuple[str, bool], ...], kept: tuple[tuple[str, bool], ...]
    ) -> None:
        """Sort by the levels kept and then by the column after the `last`, past those kept."""
        keys = [c.key for c in self._columns if c.sort]
        after = keys.index(last[0][0]) + 1 if last else 0
        free = [key for key in keys[after:] + keys[:after] if key not in dict(kept)]
        if free:
            self.sort_on(*kept, (free[0], False))

    def on_click(self, event: events.Click) -> None:
        """Sort by the column whose head is clicked, go to a row, choose it on a double click.

        With shift a click on a head adds a level, or turns the one there is.
        """
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        position = self.scroll_offset.y + offset.y - 1
        if offset.y == 0:
            self._sort_at(offset.x, further=event.shift)
        elif position < len(self._rows):
            again = position == self.cursor and event.chain == 2
            self.move_to(position)
            if again:
                self.action_choose()

    def _sort_at(self, x: int, *, further: bool) -> None:
        for slot in self._layout_now.slots:
            if slot.column.sort and 0 <= x - self._gutter - slot.x < slot.width:
                now, key = dict(self._sorting), slot.column.key
                level = key, now.get(key) is False
                if not further:
                    self.sort_on(level)
                elif key in now or len(now) < MOST_LEVELS:
                    self.sort_on(*{**now, **dict([level])}.items())

    def _move(self, position: int, top: int) -> None:
        moved = self._rows.move(position)
        self._show_cursor(min(top, max(0, len(self._rows) - self._page)))
        if moved:
            self._repaint()
            self._tell_highlighted()

    def _tell_highlighted(self) -> None:
        if (row := self.current) is not None:
            self.post_message(self.Highlighted(self, row))
