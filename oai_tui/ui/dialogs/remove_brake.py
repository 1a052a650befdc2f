"""Taking a brake away: it is named with its id, and what it then no longer stops."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from oai_tui.core.brakes import consequence, subject_of_alert, subject_of_limit
from oai_tui.core.limits import SpendAlert, SpendLimit
from oai_tui.services.billing.statement import Statement
from oai_tui.ui.dialogs.asking import Asking, was_and_is
from oai_tui.ui.dialogs.brake import BrakeDialog
from oai_tui.ui.widgets.billing_scopes import spend_of

if TYPE_CHECKING:
    from oai_tui.services.session import Session


class RemoveBrake(BrakeDialog):
    """Asks whether to take a limit or an alert away; the answer given is No."""

    def __init__(self, session: Session, asking: Asking, heading: str) -> None:
        super().__init__(session)
        self._only = asking
        self._heading = heading

    @property
    def heading(self) -> str:
        """What is asked, for the frame."""
        return self._heading

    @property
    def is_danger(self) -> bool:
        """Whether the frame warns from the start."""
        return True

    @property
    def has_form(self) -> bool:
        """Whether there is something filled in to go back to."""
        return False

    def form(self) -> Iterable[Widget]:
        """Return nothing: there is only the question."""
        return ()

    def read(self) -> Asking:
        """Return the one change this is about."""
        return self._only

    def on_mount(self) -> None:
        """Ask at once."""
        self.ask(self._only)


def limit_removal(
    session: Session, known: Statement, seen: SpendLimit, project_id: str = ""
) -> Asking:
    """Return the removal of a hard limit, with what nothing stops any more."""
    spend = spend_of(known, project_id)
    come = consequence(
        spend.name, seen.amount, None, spent=spend.spent, today=spend.today, reached=None
    )

    async def remove() -> Content:
        done = await session.brakes.remove_limit(seen, project_id)
        session.billing.forget(project_id)
        return was_and_is(done)

    first, *rest = come.lines
    word = seen.enforcement or "enforcement not told"
    whose = f"project {project_id}" if project_id else "every project"
    question = Content("\n").join(
        [
            Content.styled(f"Remove {subject_of_limit(spend.name)}?", "bold"),
            Content.styled(f"{seen.amount} a month · {word} · {whose}\n", "$text-muted"),
            Content.styled(first, "$text-error"),
            *map(Content, rest),
        ]
    )
    return Asking(
        remove, "Removing the limit and reading back …", question, "Yes, remove it", is_grave=True
    )


def alert_deletion(session: Session, known: Statement, alert: SpendAlert) -> Asking:
    """Return the deletion of an alert, with whom nobody tells any more."""
    spend = spend_of(known, alert.project_id)

    async def delete() -> Content:
        done = await session.brakes.delete_alert(alert)
        session.billing.forget(alert.project_id)
        return was_and_is(done)

    mailed = ", ".join(alert.recipients) or "nobody"
    whose = spend.name or "the organization"
    question = Content("\n").join(
        [
            Content.styled(f"Delete {subject_of_alert(spend.name)}?", "bold"),
            Content.styled(f"{alert.amount} a month · {alert.id}\n", "$text-muted"),
            Content.styled(
                f"No mail goes out any more when {whose} has spent {alert.amount} in a month: "
                f"{mailed} would not hear of it.",
                "$text-error",
            ),
            Content("Traffic is not touched: an alert stops nothing."),
        ]
    )
    return Asking(
        delete, "Deleting the alert and reading back …", question, "Yes, delete it", is_grave=True
    )
