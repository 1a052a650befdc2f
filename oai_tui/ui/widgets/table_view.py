"""What is seen of a table: its head and the rows in sight, drawn when they come into sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from oai_tui.ui.widgets.table_columns import Column, Layout, fit, lay_out
from oai_tui.ui.widgets.table_paint import Ink, Piece, TightStrip, header_pieces, row_pieces
from oai_tui.ui.widgets.table_rows import Rows

T = TypeVar("T")


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
        &:focus .table--cursor { background: $primary 30%; }
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
        self._sorted_by: tuple[str, bool] | None = None
        self._shift = 0
        self._placed: Layout[T] | None = None
        self._inks: dict[str, Ink] = {}
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
    def sorted_by(self) -> tuple[str, bool] | None:
        """The key of the column the rows are sorted by, and whether from the last to the first."""
        return self._sorted_by

    @property
    def placeholder(self) -> str:
        """What stands in the middle while there are no rows."""
        return self._placeholder

    @placeholder.setter
    def placeholder(self, text: str) -> None:
        self._placeholder = text
        if not self._rows:
            self.refresh()

    def set_rows(self, rows: Sequence[T], id_of: Callable[[T], str]) -> None:
        """Show other rows. Cursor and marks stay with their ids, and what is seen in its place."""
        seen = self._cursor_is_seen()
        self._rows.replace(rows, id_of)
        self.virtual_size = Size(0, len(rows) + 1)
        self.scroll_to(y=self.scroll_y, animate=False, force=True)
        if seen:
            self._show_cursor()
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the styles read, because theme or focus changed them."""
        super().notify_style_update()
        self._inks.clear()

    def on_resize(self) -> None:
        """Choose the columns anew and keep the cursor in sight."""
        self._placed = None
        self._show_cursor()

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is seen: the head, a row, the placeholder or nothing."""
        width = self.size.width
        position = self.scroll_offset.y + y - 1
        if y == 0:
            key, reverse = self._sorted_by or ("", False)
            pieces = header_pieces(self._layout_now, key, reverse, width - self._gutter)
            pieces.insert(0, (" " * self._gutter, "table--header"))
        elif position < len(self._rows):
            pieces = self._row_pieces(position, y)
        elif not self._rows and y == self.size.height // 2:
            text = fit(self._placeholder, min(cell_len(self._placeholder), width))
            pieces = [(text.center(width), "table--muted")]
        else:
            return Strip.blank(width, self.rich_style)
        on_cursor = y > 0 and position == self.cursor and bool(self._rows)
        return Strip(self._ink("table--cursor" if on_cursor else "").draw(pieces), width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of a region in few bytes."""
        return [
            self._tightened(y, strip) for y, strip in enumerate(super().render_lines(crop), crop.y)
        ]

    def _tightened(self, y: int, strip: Strip) -> TightStrip:
        # The same strip must come back while a line does not change: it caches its own bytes.
        source, tight = self._tight.get(y, (None, None))
        if source is not strip or tight is None:
            tight = TightStrip(strip, strip.cell_length)
            self._tight[y] = strip, tight
        return tight

    def _row_pieces(self, position: int, y: int) -> list[Piece]:
        mark = "▌" if position == self.cursor else " "
        pieces: list[Piece] = [(mark, "table--accent")]
        if self._markable:
            pieces.append(("●" if self._rows.is_marked(position) else " ", "table--accent"))
        pieces.append((" ", "table--text"))
        end: Piece = ("▐" if self._is_thumb(y) else " ", "table--muted")
        return pieces + row_pieces(
            self._layout_now, self._rows[position], self.size.width - self._gutter, end
        )

    def _is_thumb(self, y: int) -> bool:
        hidden = len(self._rows) - self._page
        if hidden <= 0:
            return False
        size = max(1, self._page * self._page // len(self._rows))
        start = round((self._page - size) * self.scroll_offset.y / hidden)
        return start <= y - 1 < start + size

    def _ink(self, line: str) -> Ink:
        if line not in self._inks:
            names = self.COMPONENT_CLASSES
            self._inks[line] = Ink(names, self.get_component_rich_style, line)
        return self._inks[line]

    @property
    def _gutter(self) -> int:
        return 3 if self._markable else 2

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def _layout_now(self) -> Layout[T]:
        if self._placed is None:
            keep = self._sorted_by[0] if self._sorted_by else None
            room = self.size.width - self._gutter - 1
            self._placed = lay_out(self._columns, room, self._shift, keep)
        return self._placed

    def _lay_out_again(self) -> None:
        self._placed = None
        self.refresh()

    def _cursor_is_seen(self) -> bool:
        return 0 <= self.cursor - self.scroll_offset.y < self._page

    def _show_cursor(self, top: int | None = None) -> None:
        top = self.scroll_offset.y if top is None else top
        top = max(self.cursor - self._page + 1, min(top, self.cursor))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, force=True)

    def _refresh_row(self, position: int) -> None:
        y = position - self.scroll_offset.y
        if 0 <= y < self._page:
            self.refresh(Region(0, y + 1, self.size.width, 1))
