"""The keys of the usage screen. The footer shows those that a first visit needs."""

from __future__ import annotations

from textual.binding import Binding


def _key(
    key: str, action: str, name: str, label: str, tooltip: str, shown_as: str | None = None
) -> Binding:
    return Binding(
        key, action, label, id=f"usage.{name}", tooltip=tooltip, key_display=shown_as, show=True
    )


def _quiet(key: str, action: str, name: str, label: str, tooltip: str) -> Binding:
    return Binding(key, action, label, id=f"usage.{name}", tooltip=tooltip, show=False)


USAGE_KEYS = (
    _key("d", "dates", "dates", "dates", "Choose the days"),
    _key(
        "left_square_bracket",
        "earlier",
        "earlier",
        "move",
        "Move the days: [ back, ] forward",
        "[ ]",
    ),
    _quiet("right_square_bracket", "later", "later", "later", "Move the days forward"),
    _quiet("t", "now", "now", "to now", "As many days, ending today"),
    _key("plus,equals_sign", "zoom_in", "zoom", "zoom", "Zoom into the bar read out", "+ -"),
    _quiet("minus", "zoom_out", "zoom-out", "zoom out", "Zoom out again, or to what is wider"),
    _key("m", "metric(1)", "metric", "metric", "The next figure there is: tokens, cost, …"),
    _quiet("M", "metric(-1)", "metric-back", "metric back", "The figure before"),
    _key("g", "group(1)", "group", "group", "Group by the next: model, project, key, user, …"),
    _quiet("G", "group(-1)", "group-back", "group back", "Group by the one before"),
    _quiet("f", "figures", "figures", "figures", "All figures of these days, to choose from"),
    _quiet("backspace,escape", "leave", "leave", "leave", "Leave the row that was gone into"),
    _quiet("i", "details", "details", "details", "Everything known of the row"),
    _quiet("y", "copy_id", "copy", "copy id", "Send the id of the row to the terminal"),
    _quiet("v", "compare", "compare", "compare", "With the period before, or without"),
    _key("c", "turn", "cumulative", "sum", "Bars or adding up, or both side by side"),
    _quiet("z", "zone", "zone", "zone", "Local days, or UTC days"),
    _key("x", "export", "export", "export", "Write it to a file: CSV, JSON, SVG, text"),
)
