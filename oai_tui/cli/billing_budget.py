"""The budgets of the profile, which only this program knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from oai_tui.cli.billing import billing
from oai_tui.cli.billing_changes import consented
from oai_tui.cli.estate import with_session
from oai_tui.cli.options import yes_option
from oai_tui.cli.root import setup_from
from oai_tui.cli.telling import problems_told, say
from oai_tui.core.errors import WrongInput

if TYPE_CHECKING:
    from oai_tui.core.budget import Budget
    from oai_tui.core.money import Money
    from oai_tui.services.session import Session
    from oai_tui.services.setup import Setup

LOCAL = "It is local: it warns here and in --check, and refuses nothing."
_AMOUNT = "Dollars such as 60 or 1,500.50; none takes it away."


@billing.command(short_help="Show or set your own budgets for a day and a month.")
@click.option("--daily", metavar="AMOUNT", help=_AMOUNT)
@click.option("--monthly", metavar="AMOUNT", help=_AMOUNT)
@yes_option
@click.pass_context
def budget(context: click.Context, daily: str | None, monthly: str | None, yes: bool) -> None:
    """Show or set your own budgets for a day and a month (UTC).

    The platform has neither: they are kept in the settings of the profile, warn here and in
    billing --check, and refuse nothing.
    """
    from oai_tui.services.billing.own_figures import budget_words

    typed = {"daily": daily, "monthly": monthly}
    with problems_told():
        change = {name: _amount(text) for name, text in typed.items() if text is not None}
        setup = setup_from(context)
        seen = _budget(setup)
    if not change:
        click.echo(f"local budget: {budget_words(seen)}")
        return
    wanted = replace(seen, **change)
    if wanted == seen:
        say(f"The local budget is {budget_words(seen)} already.")
        return

    async def run(session: Session) -> None:
        await session.own_figures.set_budget(wanted)

    with problems_told():
        question = f"Set the local budget: {budget_words(seen)} → {budget_words(wanted)}?"
        consented([LOCAL], question, yes=yes)
    with_session(context, run)
    with problems_told():
        is_now = budget_words(_budget(setup))
    say(f"The local budget: {budget_words(seen)} → {is_now}.")


def _amount(text: str) -> Money | None:
    """Return the amount typed, None for none. Raises WrongInput."""
    from oai_tui.core.money import Money

    if text.strip().casefold() == "none":
        return None
    amount = Money.parse(text)
    if not amount.dollars:
        raise WrongInput("A budget of nothing is always spent.", "Say none to have no budget.")
    return amount


def _budget(setup: Setup) -> Budget:
    from oai_tui.store.settings import Profile

    return setup.settings.load().profiles.get(setup.profile, Profile()).budget
