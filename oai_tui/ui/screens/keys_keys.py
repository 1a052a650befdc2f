"""What the keyboard does on the list of keys."""

from __future__ import annotations

from textual.binding import Binding


def _key(
    keys: str, action: str, label: str, name: str, tooltip: str, shown_as: str | None = None
) -> Binding:
    return Binding(keys, action, label, id=f"keys.{name}", key_display=shown_as, tooltip=tooltip)


KEYS_KEYS = (
    _key("n", "new", "new", "new", "Make a key"),
    _key("X", "revoke", "revoke", "revoke", "Revoke the key for good"),
    _key("slash", "filter", "filter", "filter", "Show the keys that match what you type", "/"),
    _key("y", "copy_id", "copy id", "copy-id", "Send the id to the terminal's clipboard"),
    _key("o", "orphan", "unfinished", "orphan", "See to a key whose making was interrupted"),
    Binding(
        "escape",
        "clear",
        "clear filter",
        id="keys.clear",
        show=False,
        tooltip="Show all keys again",
    ),
)
