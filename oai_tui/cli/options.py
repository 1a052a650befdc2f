"""Options that several commands for keys have."""

from __future__ import annotations

import click

from oai_tui.cli.telling import say

yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")
scopes_option = click.option(
    "--scopes",
    metavar="S,…",
    help="What the key may do: all, read, or names such as api.files.read.",
)


def scopes_of(text: str | None) -> tuple[str, ...]:
    """Return the scopes a text names, none (everything) without a text. Raises WrongInput."""
    from oai_tui.core.scopes import parse, unchecked

    found = parse(text) if text else ()
    if unknown := unchecked(found):
        say(f"Not known to this program, sent as typed: {', '.join(unknown)}.")
    return found
