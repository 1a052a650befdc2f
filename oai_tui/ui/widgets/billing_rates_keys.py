"""The keys of the page of rate limits. Every one has an id, so that it can be another."""

from __future__ import annotations

from textual.binding import Binding

EDIT = "rates.edit"

RATES_KEYS = (
    Binding("e", "edit", "edit", id=EDIT, tooltip="Change the marked ceilings, or these"),
    Binding(
        "f",
        "throttled",
        "throttled",
        id="rates.throttled",
        tooltip="Only what comes near a ceiling, or all",
    ),
    Binding(
        "slash",
        "filter",
        "filter",
        id="rates.filter",
        key_display="/",
        tooltip="Show the rate limits that match what you type",
    ),
    Binding(
        "escape",
        "clear",
        "clear",
        id="rates.clear",
        show=False,
        tooltip="Take back the filters one by one, then the marks",
    ),
    Binding(
        "y",
        "copy_id",
        "copy id",
        id="rates.copy-id",
        show=False,
        tooltip="Send the id to the terminal's clipboard",
    ),
)
