"""The keys of a table. Every one has an id, so that the settings file can give it another key."""

from __future__ import annotations

from textual.binding import Binding


def _key(keys: str, action: str, name: str, description: str, tooltip: str) -> Binding:
    return Binding(keys, action, description, id=f"table.{name}", show=False, tooltip=tooltip)


TABLE_KEYS = (
    _key("down,j", "move(1)", "down", "Down", "Go one row down"),
    _key("up,k", "move(-1)", "up", "Up", "Go one row up"),
    _key("pagedown", "page(1)", "page-down", "Page down", "Go one page down"),
    _key("pageup", "page(-1)", "page-up", "Page up", "Go one page up"),
    _key("ctrl+d", "page(0.5)", "half-page-down", "Half page down", "Go half a page down"),
    _key("ctrl+u", "page(-0.5)", "half-page-up", "Half page up", "Go half a page up"),
    _key("home", "first", "first", "First", "Go to the first row"),
    _key("end", "last", "last", "Last", "Go to the last row"),
    _key("right,l", "shift(1)", "right", "More columns", "Show the columns left out"),
    _key("left,h", "shift(-1)", "left", "Columns back", "Go back to the columns before"),
    _key("enter", "choose", "choose", "Open", "Open the row under the cursor"),
    _key("space", "mark", "mark", "Mark", "Mark the row, or take its mark away"),
    _key("asterisk", "mark_all", "mark-all", "Mark all", "Mark all rows shown, or none"),
    _key("s", "sort_next", "sort", "Sort", "Sort by the next column alone"),
    _key("S", "sort_reverse", "reverse", "Reverse", "Turn the order of the last level round"),
    _key("full_stop", "sort_further", "sort-further", "Then by", "Sort further: add a level"),
    _key("comma", "sort_other", "sort-other", "Other", "Another column for the last level"),
)
