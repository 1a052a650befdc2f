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
    _key("g", "group(1)", "group", "group", "Group by model, project, key or user"),
    _quiet("G", "group(-1)", "group-back", "group back", "Group by the one before"),
    _key("m", "metric(1)", "metric", "metric", "Tokens, input, output, cached, requests or cost"),
    _quiet("M", "metric(-1)", "metric-back", "metric back", "The figure before"),
    _key("c", "turn", "cumulative", "cumulative", "Daily or cumulative, or both side by side"),
)
