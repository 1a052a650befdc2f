"""What the keyboard does on the list of keys."""

from __future__ import annotations

from textual.binding import Binding

from oai_tui.ui.widgets.key_filters import QUICK_FILTERS


def _key(
    keys: str, action: str, label: str, name: str, tooltip: str, shown_as: str | None = None
) -> Binding:
    return Binding(keys, action, label, id=f"keys.{name}", key_display=shown_as, tooltip=tooltip)


def _quiet(keys: str, action: str, label: str, name: str, tooltip: str) -> Binding:
    return Binding(keys, action, label, id=f"keys.{name}", show=False, tooltip=tooltip)


KEYS_KEYS = (
    _key("n", "new", "new", "new", "Make a key"),
    _key("R", "rotate", "rotate", "rotate", "Rotate the marked keys, or this one"),
    _key("X", "revoke", "revoke", "revoke", "Revoke the marked keys for good, or this one"),
    _key("e", "extend", "expiry", "expiry", "Change expiry and scopes"),
    _key("slash", "filter", "filter", "filter", "Show the keys that match what you type", "/"),
    _key("y", "copy_id", "copy id", "copy-id", "Send the id to the terminal's clipboard"),
    _quiet("p", "projects", "projects", "projects", "Make, rename and archive projects"),
    _quiet("x", "export", "export", "export", "Write the shown rows to a file, as CSV or JSON"),
    _key("o", "orphan", "unfinished", "orphan", "See to a key whose making was interrupted"),
    _quiet("escape", "clear", "clear", "clear", "Take back the filters one by one, then the marks"),
    *(
        _quiet(each.key, f"quick({each.name!r})", each.label, f"show-{each.name}", each.tooltip)
        for each in QUICK_FILTERS
    ),
    _quiet("P", "archived", "archived", "archived", "Read the archived projects as well, or not"),
)
