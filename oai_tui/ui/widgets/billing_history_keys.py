"""The keys of the months of the bill."""

from __future__ import annotations

from textual.binding import Binding


def _key(keys: str, action: str, name: str, description: str, tooltip: str) -> Binding:
    return Binding(keys, action, description, id=f"history.{name}", tooltip=tooltip)


def _quiet(keys: str, action: str, name: str, description: str, tooltip: str) -> Binding:
    return Binding(keys, action, description, id=f"history.{name}", show=False, tooltip=tooltip)


HISTORY_KEYS = (
    _key("g", "group", "group", "group", "By project, or by line item"),
    _key("o", "other_list", "other-list", "lists", "From one list to the other"),
    _quiet("left_square_bracket", "later(-1)", "earlier", "earlier", "The month before"),
    _quiet("right_square_bracket", "later(1)", "later", "later", "The month after"),
    _key("escape,backspace", "leave", "leave", "months", "Back to the months"),
    _key("x", "export", "export", "export", "Write it to a file: CSV or JSON"),
    _quiet("y", "copy_link", "copy", "copy link", "Send the address of the invoices"),
)
