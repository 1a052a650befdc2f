"""What is done to keys: made, changed, revoked, and seen to when their making was interrupted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from oai_tui.core.errors import Problem
from oai_tui.core.estate import EstateRow
from oai_tui.core.keys import ApiKey, KeyKind, Project
from oai_tui.services.changing import why_unchangeable
from oai_tui.services.creation import Made, Orphan
from oai_tui.services.inventory import Inventory
from oai_tui.services.revocation import is_in_use, revoke
from oai_tui.ui.dialogs.extend import Extend
from oai_tui.ui.dialogs.new_key import NewKeyForm
from oai_tui.ui.dialogs.orphan import OrphanDialog
from oai_tui.ui.dialogs.projects import Projects
from oai_tui.ui.dialogs.revoke import Revoke
from oai_tui.ui.dialogs.show_key import ShowKey
from oai_tui.ui.screens.base import DataScreen

IN_USE = "the key you are signed in with; rotate it (R), which gives you another"


class KeyChanges:
    """Asks, changes and tells, on behalf of the screen that lists the keys.

    Every method runs in a worker of that screen and returns whether the list may have changed.
    """

    def __init__(self, screen: DataScreen) -> None:
        self._screen = screen
        self.made_id = ""
        """The id of the key made last, until somebody has taken note of it."""

    async def make(self, projects: Iterable[Project], project_id: str) -> bool:
        """Ask what key to make, make it, and show it once."""
        session = self._screen.session
        maker = session.maker
        if maker is None:
            self._warn(session.trouble)
            return False
        form = NewKeyForm(session, projects, project_id)
        made = await self._screen.app.push_screen_wait(form)
        if not isinstance(made, Made):
            return made is not None
        self.made_id = made.key.id
        show = ShowKey(made, form.full_name(made), session.setup.commands)
        if taken := await self._screen.app.push_screen_wait(show):
            trouble = maker.delivered(made, taken)
            if trouble:
                self._screen.notify(trouble, severity="warning", markup=False)
        return True

    async def revoke(self, rows: Sequence[EstateRow]) -> bool:
        """Ask, then revoke keys one after another; never the one in use."""
        session = self._screen.session
        left_out = [(row, self._why_kept(row.key)) for row in rows]
        going = [row for row, why in left_out if not why]
        reasons = [f"{_named(row)}: {why}." for row, why in left_out if why]
        if not going:
            self._warn(" ".join(reasons) or "There is no key to revoke.")
            return False
        return await self._screen.app.push_screen_wait(Revoke(session, going, reasons))

    async def extend(self, rows: Sequence[EstateRow]) -> bool:
        """Ask for another expiry and other scopes, and give them to keys one after another."""
        session = self._screen.session
        now = session.setup.clock()
        left_out = [(row, why_unchangeable(row.key, now)) for row in rows]
        changing = [row for row, why in left_out if not why]
        reasons = [f"{_named(row)}: {why}" for row, why in left_out if why]
        if not changing:
            self._warn(". ".join(reasons) or "There is no key to change.")
            return False
        return await self._screen.app.push_screen_wait(Extend(session, changing, reasons))

    async def projects(self, known: Inventory) -> bool:
        """Show the projects, to be made, renamed and archived."""
        is_whole = known.is_complete and not known.gaps
        dialog = Projects(self._screen.session, known.projects, known.keys, is_whole=is_whole)
        return await self._screen.app.push_screen_wait(dialog)

    async def settle(self, orphan: Orphan) -> bool:
        """Show what was interrupted and do what the person says."""
        maker = self._screen.session.maker
        assert maker
        choice = await self._screen.app.push_screen_wait(OrphanDialog(orphan))
        revoked = choice == "revoke" and orphan.key is not None and await self._revoke(orphan.key)
        if revoked or choice == "forget":
            try:
                maker.settle(orphan, revoked=revoked)
            except Problem as problem:
                self._screen.oai.tell(problem)
        return choice != "later"

    def _why_kept(self, key: ApiKey) -> str:
        if is_in_use(key, self._screen.session.secret):
            return IN_USE
        if key.is_live:
            return ""
        if key.kind is KeyKind.ACCOUNT:
            return "a service account without a key, so there is nothing to revoke"
        return "deleted already"

    async def _revoke(self, key: ApiKey) -> bool:
        screen = self._screen
        screen.head(Content.styled(f"revoking {key.name or key.id} …", "$text-warning"))
        try:
            await screen.oai.change(revoke(screen.session.client, key, screen.session.secret))
        except Problem as problem:
            screen.oai.tell(problem)
            return False
        screen.notify(f"Revoked {key.name} ({key.id}).", markup=False)
        return True

    def _warn(self, text: str) -> None:
        self._screen.notify(text, severity="error", timeout=10, markup=False)


def _named(row: EstateRow) -> str:
    return row.key.name or row.id
