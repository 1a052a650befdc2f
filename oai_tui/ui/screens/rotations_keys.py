"""What the keyboard does on the queue of rotations."""

from __future__ import annotations

from textual.binding import Binding


def _key(keys: str, action: str, label: str, name: str, tooltip: str) -> Binding:
    return Binding(keys, action, label, id=f"rotations.{name}", tooltip=tooltip)


ROTATIONS_KEYS = (
    _key("d", "deliver", "deliver", "deliver", "Deliver the new key to one more place"),
    _key("X", "revoke", "revoke old", "revoke", "Revoke the old keys of the marked, or of this"),
    _key("K", "decide('keep')", "keep old", "keep", "End the rotation with the old key alive"),
    _key("u", "decide('undo')", "undo", "undo", "Revoke the new key; the old one stays"),
    _key("f", "decide('forget')", "forget", "forget", "Follow the rotation no more"),
    Binding(
        "escape",
        "back",
        "back",
        id="rotations.back",
        show=False,
        tooltip="Take back marks, then to the keys",
    ),
)
