"""The parts of the README that follow from the code; `python -m tests.readme` writes them anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import format_key

from oai_tui.cli import cli
from oai_tui.ui.app import OaiApp
from oai_tui.ui.dialogs.show_key import ShowKey
from oai_tui.ui.screens.activity import ActivityScreen
from oai_tui.ui.screens.base import DataScreen
from oai_tui.ui.screens.billing import BillingScreen
from oai_tui.ui.screens.keys import KeysScreen
from oai_tui.ui.screens.login import LoginScreen
from oai_tui.ui.screens.rotations import RotationsScreen
from oai_tui.ui.screens.usage import UsageScreen
from oai_tui.ui.widgets.billing_history_page import HistoryPage
from oai_tui.ui.widgets.billing_limits_page import LimitsPage
from oai_tui.ui.widgets.billing_overview_page import OverviewPage
from oai_tui.ui.widgets.billing_rates_page import RatesPage
from oai_tui.ui.widgets.table import Table

README = Path(__file__).resolve().parents[1] / "README.md"
PLACES: tuple[tuple[str, tuple[type[DOMNode], ...]], ...] = (
    ("everywhere", (OaiApp, DataScreen)),
    ("signing in", (LoginScreen,)),
    ("lists", (Table,)),
    ("keys", (KeysScreen,)),
    ("a new key", (ShowKey,)),
    ("usage", (UsageScreen,)),
    ("billing", (BillingScreen,)),
    ("overview", (OverviewPage,)),
    ("limits and alerts", (LimitsPage,)),
    ("rate limits", (RatesPage,)),
    ("history", (HistoryPage,)),
    ("activity", (ActivityScreen,)),
    ("rotations", (RotationsScreen,)),
)


def keys_table() -> str:
    """Return every key with what it does and its id."""
    lines = ["| where | key | what it does | id |", "|---|---|---|---|"]
    for place, classes in PLACES:
        for owner in classes:
            for binding in owner.BINDINGS:
                if isinstance(binding, Binding) and binding.id:
                    what = binding.tooltip or binding.description
                    lines.append(f"| {place} | {_keys(binding)} | {what} | `{binding.id}` |")
    return "\n".join(lines)


def commands_table() -> str:
    """Return every command with its first sentence."""
    lines = ["| command | what it does |", "|---|---|"]
    lines.append("| `oai-tui` | Open the app. |")
    for words, command in _commands("oai-tui", cli):
        lines.append(f"| `{words}` | {command.get_short_help_str(200)} |")
    return "\n".join(lines)


def renewed(text: str) -> str:
    """Return the README with the parts between its marks written anew."""
    for name, part in (("keys", keys_table()), ("commands", commands_table())):
        head, begin, rest = text.partition(f"<!-- {name}: begin -->\n")
        _, end, tail = rest.partition(f"<!-- {name}: end -->")
        assert begin, name
        assert end, name
        text = f"{head}{begin}{part}\n{end}{tail}"
    return text


def _commands(words: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with the words that run it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{words} {name}", command
            yield from _commands(f"{words} {name}", command)
        else:
            yield f"{words} {name}", command


def _keys(binding: Binding) -> str:
    if binding.key_display:
        return f"`{binding.key_display}`"
    return " ".join(f"`{format_key(key)}`" for key in binding.key.split(","))


if __name__ == "__main__":
    README.write_text(renewed(README.read_text()))
