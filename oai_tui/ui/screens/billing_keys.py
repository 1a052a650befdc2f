"""The keys that work on every page of the bill; each has an id, so that it can be another one."""

from __future__ import annotations

from textual.binding import Binding


def _key(keys: str, action: str, name: str, description: str, tooltip: str) -> Binding:
    return Binding(keys, action, description, id=f"billing.{name}", tooltip=tooltip)


def _quiet(keys: str, action: str, name: str, description: str, tooltip: str) -> Binding:
    return Binding(keys, action, description, id=f"billing.{name}", show=False, tooltip=tooltip)


BILLING_KEYS = (
    _quiet("tab", "turn(1)", "next-page", "next page", "The next page"),
    _quiet("shift+tab", "turn(-1)", "page-before", "page before", "The page before"),
    _quiet("p", "page('overview')", "overview", "overview", "The overview, with the projects"),
    _quiet("a", "page('limits')", "limits", "limits", "All limits, budgets and alerts"),
    _quiet("t", "page('rates')", "rates", "rates", "The rate limits, by project and model"),
    _quiet("w", "page('history')", "history", "history", "What each month cost"),
    _key("L", "limit", "limit", "limit", "Set, change or remove a hard limit"),
    _key("b", "balance", "balance", "balance", "What was paid ahead, and what is left of it"),
    _key("B", "budget", "budget", "budget", "What you mean to spend a day and a month"),
    Binding("r", "refresh", "refresh", id="screen.refresh", show=False, tooltip="Ask again"),
)
