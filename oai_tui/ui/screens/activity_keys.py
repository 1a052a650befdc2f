"""What the keyboard does on the activity screen."""

from __future__ import annotations

from textual.binding import Binding


def _key(
    keys: str, action: str, label: str, name: str, tooltip: str, shown_as: str | None = None
) -> Binding:
    return Binding(
        keys, action, label, id=f"activity.{name}", key_display=shown_as, tooltip=tooltip
    )


def _quiet(keys: str, action: str, label: str, name: str, tooltip: str) -> Binding:
    return Binding(keys, action, label, id=f"activity.{name}", show=False, tooltip=tooltip)


ACTIVITY_KEYS = (
    _key("f", "kind(1)", "kind", "kind", "The next kind: keys, service accounts, limits, …"),
    _quiet("F", "kind(-1)", "kind back", "kind-back", "The kind before"),
    _key("w", "person", "who", "who", "Only what one person did"),
    _key("p", "project", "project", "project", "Only what is told of one project"),
    _key("d", "dates", "dates", "dates", "Only some days (UTC)"),
    _key("slash", "filter", "find", "find", "Only lines with what you type", "/"),
    _key("o", "open", "open", "open", "Go to the key, project or person the line is about"),
    _quiet("escape", "back", "back", "back", "Take the last filter back"),
    _quiet(
        "y",
        "copy_id",
        "copy id",
        "copy-id",
        "Send the id of what it is about to the terminal",
    ),
    _quiet("x", "export", "export", "export", "Write the lines shown to a file, as CSV or JSON"),
)
