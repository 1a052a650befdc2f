"""What is seen of a table: its head and the rows in sight, drawn when they come into sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from oai_tui.ui.widgets.table_columns import Column, Layout, fit, lay_out
from oai_tui.ui.widgets.table_paint import (
    Ink,
    Piece,
    TightStrip,
    changed_cells,
    header_pieces,
    row_pieces,
)
from oai_tui.ui.widgets.table_rows import Rows

T = TypeVar("T")

ROOMY = 60
"""Columns of the window from which a blank is kept before the thumb."""


class TableView(ScrollView, Generic[T], inherit_bindings=False):
    """Rows under a fixed head, a cursor and marks. Texts are never parsed as markup."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--text",
        "table--muted",
        "table--good",
        "table--warn",
        "table--bad",
        "table--accent",
        "table--header",
        "table--sorted",
        "table--cursor",
    }
    DEFAULT_CSS = """
    TableView {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size: 0 0;
        background: $background;
        color: $foreground;

        .table--muted, .table--header { color: $text-muted; }
        .table--good { color: $text-success; }
        .table--warn { color: $text-warning; }
        .table--bad { color: $text-error; }
        .table--accent { color: $text-accent; }
        .table--sorted { color: $text-accent; text-style: bold; }
        .table--cursor { background: $foreground 8%; }
        &:focus .table--cursor { background: $accent-muted; }
    }
    """

    def __init__(
        self,
        columns: Sequence[Column[T]] = (),
        *,
        placeholder: str = "",
        markable: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Make a table; the placeholder stands in its middle while there are no rows."""
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._placeholder = placeholder
        self._markable = markable
        self._rows: Rows[T] = Rows()
        self._sorting: tuple[tuple[str, bool], ...] = ()
        self._shift = 0
        self._placed: Layout[T] | None = None
        self._inks: dict[str, Ink] = {}
        self._lines: LRUCache[tuple[int, bool, bool, bool], Strip] = LRUCache(512)
        self._drawn: dict[int, Strip] = {}
        self._tight: dict[int, tuple[Strip, TightStrip]] = {}

    @property
    def rows(self) -> Sequence[T]:
        """The rows as they were given."""
        return self._rows.items

    @property
    def current(self) -> T | None:
        """The row under the cursor; None where there are no rows."""
        return self._rows.current

    @property
    def cursor(self) -> int:
        """The position of the cursor among the rows as they are shown, from 0."""
        return self._rows.cursor

    @property
    def marked(self) -> frozenset[str]:
        """The ids of the marked rows; a row that is not in the table is never among them."""
        return self._rows.marked

    @property
    def kept_marks(self) -> frozenset[str]:
        """The ids of all marked rows, those that are filtered away included."""
        return self._rows.kept_marks

    @property
    def marked_rows(self) -> list[T]:
        """The marked rows, in the order in which they are shown."""
        places = range(len(self._rows)) if self.marked else ()
        return [self._rows[place] for place in places if self._rows.is_marked(place)]

    @property
    def shown_rows(self) -> list[T]:
        """The rows in the order in which they are shown."""
        return [self._rows[place] for place in range(len(self._rows))]

    @property
    def sorted_by(self) -> tuple[str, bool] | None:
        """The key of the column the rows are sorted by, and whether from the last to the first."""
        return self._sorting[0] if self._sorting else None

    @property
    def sorting(self) -> tuple[tuple[str, bool], ...]:
        """The same for every level, the first one first."""
        return self._sorting

    @property
    def placeholder(self) -> str:
        """What stands in the middle while there are no rows."""
        return self._placeholder

    @placeholder.setter
    def placeholder(self, text: str) -> None:
        self._placeholder = text
        self._repaint()

    def set_rows(self, rows: Sequence[T], id_of: Callable[[T], str]) -> None:
        """Show other rows. Cursor and marks stay with their ids, and what is seen in its place."""
        seen, line = self._cursor_is_seen(), self.cursor - self.scroll_offset.y
        self._rows.replace(rows, id_of)
        self._lines.clear()
        self.virtual_size = Size(0, len(rows) + 1)
        self.scroll_to(y=self.scroll_y, animate=False, force=True)
        if seen:
            # Rows that come or go above the cursor's must not move it under the eye.
            self._show_cursor(self.cursor - line)
        self._repaint()

    def notify_style_update(self) -> None:
        """Forget the styles read, because theme or focus changed them."""
        super().notify_style_update()
        self._inks.clear()
        self._lines.clear()

    def on_resize(self) -> None:
        """Choose the columns anew and keep the cursor in sight."""
        self._lay_out_again()
        self._show_cursor()
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint only what scrolling changes."""
        if round(old_value) != round(new_value):
            self._repaint()

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen: the head, a row, the placeholder or nothing."""
        self._drawn[y] = self._line(y)
        return self._drawn[y]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of a region in few bytes."""
        return [self._tightened(y, s) for y, s in enumerate(super().render_lines(crop), crop.y)]

    def _repaint(self) -> None:
        # What is on the terminal is compared with what should be: over a slow line every cell
        # that is not sent is time won, and a refresh that brought nothing new sends nothing.
        changed: list[Region] = []
        for y in range(self.size.height):
            drawn, line = self._drawn.get(y), self._line(y)
            if drawn is not line:
                width = changed_cells(drawn, line) if drawn else self.size.width
                changed.append(Region(0, y, width, 1))
        if dirty := [region for region in changed if region.width]:
            self.refresh(*dirty)

    def _tightened(self, y: int, strip: Strip) -> TightStrip:
        # The same strip must come back while a line does not change: it caches its own bytes.
        source, tight = self._tight.get(y, (None, None))
        if source is not strip or tight is None:
            tight = TightStrip(strip, strip.cell_length)
            self._tight[y] = strip, tight
        return tight

    def _line(self, y: int) -> Strip:
        position = self.scroll_offset.y + y - 1
        if 0 <= position < len(self._rows) and y > 0:
            key = (
                position,
                position == self.cursor,
                self._rows.is_marked(position),
                self._thumb(y),
            )
        elif y == 0:
            return self._strip(self._header_pieces())
        elif not self._rows and y == self.size.height // 2:
            text = fit(self._placeholder, min(cell_len(self._placeholder), self.size.width))
            return self._strip([(text.center(self.size.width), "table--muted")])
        else:
            return Strip.blank(self.size.width, self.rich_style)
        if key not in self._lines:
            self._lines[key] = self._strip(self._row_pieces(*key), on_cursor=key[1])
        return self._lines[key]

    def _strip(self, pieces: list[Piece], on_cursor: bool = False) -> Strip:
        line = "table--cursor" if on_cursor else ""
        if line not in self._inks:
            self._inks[line] = Ink(self.COMPONENT_CLASSES, self.get_component_rich_style, line)
        return Strip(self._inks[line].draw(pieces)).adjust_cell_length(
            self.size.width, self.rich_style
        )

    def _header_pieces(self) -> list[Piece]:
        width = self.size.width - self._gutter
        blank: Piece = (" " * self._gutter, "table--header")
        return [blank, *header_pieces(self._layout_now, self._sorting, width)]

    def _row_pieces(self, position: int, on_cursor: bool, marked: bool, thumb: bool) -> list[Piece]:
        signs = "▌" if on_cursor else " "
        if self._markable:
            signs += "●" if marked else " "
        return [
            (f"{signs} ", "table--accent"),
            *row_pieces(
                self._layout_now,
                self._rows[position],
                self.size.width - self._gutter,
                ("▐" if thumb else " ", "table--muted"),
            ),
        ]

    def _thumb(self, y: int) -> bool:
        hidden = len(self._rows) - self._page
        if hidden <= 0:
            return False
        size = max(1, self._page * self._page // len(self._rows))
        start = round((self._page - size) * self.scroll_offset.y / hidden)
        return start <= y - 1 < start + size

    @property
    def _gutter(self) -> int:
        return 3 if self._markable else 2

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def _layout_now(self) -> Layout[T]:
        if self._placed is None:
            keep = [key for key, _ in self._sorting]
            # The thumb of the scroll bar, and a blank before it where there is room for one.
            beside = 2 if self.size.width >= ROOMY else 1
            room = self.size.width - self._gutter - beside
            self._placed = lay_out(self._columns, room, self._shift, keep)
        return self._placed

    def _lay_out_again(self) -> None:
        self._placed = None
        self._lines.clear()

    def _cursor_is_seen(self) -> bool:
        return 0 <= self.cursor - self.scroll_offset.y < self._page

    def _show_cursor(self, top: int | None = None) -> None:
        top = self.scroll_offset.y if top is None else top
        top = max(0, self.cursor - self._page + 1, min(top, self.cursor))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)
