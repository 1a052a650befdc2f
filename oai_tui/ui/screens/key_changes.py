"""What is done to keys: making one, revoking one, seeing to one whose making was interrupted."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from oai_tui.core.errors import OutcomeUnknown, PlatformDown, Problem, TooSlow, Unreachable
from oai_tui.core.keys import ApiKey, Project
from oai_tui.services.creation import Made, Orphan
from oai_tui.services.revocation import is_in_use, revoke
from oai_tui.ui.dialogs.new_key import NewKeyForm
from oai_tui.ui.dialogs.orphan import OrphanDialog
from oai_tui.ui.dialogs.revoke import Revoke
from oai_tui.ui.dialogs.show_key import ShowKey
from oai_tui.ui.screens.base import DataScreen

IN_USE = (
    "This is the key you are signed in with. Sign in with another admin key "
    "(ctrl+p, Sign in again) to revoke it."
)


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
        maker = self._screen.session.maker
        if maker is None:
            self._warn(self._screen.session.trouble)
            return False
        form = NewKeyForm(self._screen.session, projects, project_id)
        made = await self._screen.app.push_screen_wait(form)
        if not isinstance(made, Made):
            return made is not None
        self.made_id = made.key.id
        if await self._screen.app.push_screen_wait(ShowKey(made, form.full_name(made))):
            trouble = maker.delivered(made)
            if trouble:
                self._screen.notify(trouble, severity="warning", markup=False)
        return True

    async def revoke(self, key: ApiKey) -> bool:
        """Ask, then revoke a key; never the one in use."""
        session = self._screen.session
        if is_in_use(key, session.secret):
            self._warn(IN_USE)
            return False
        if not await self._screen.app.push_screen_wait(Revoke(key, session.setup.clock())):
            return False
        await self._revoke(key)
        return True

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

    async def _revoke(self, key: ApiKey) -> bool:
        screen = self._screen
        screen.head(Content.styled(f"revoking {key.name or key.id} …", "$text-warning"))
        try:
            await screen.oai.change(revoke(screen.session.client, key, screen.session.secret))
        except Problem as problem:
            screen.oai.tell(_outcome(problem, key))
            return False
        screen.notify(f"Revoked {key.name} ({key.id}).", markup=False)
        return True

    def _warn(self, text: str) -> None:
        self._screen.notify(text, severity="error", timeout=10, markup=False)


def _outcome(problem: Problem, key: ApiKey) -> Problem:
    """Return what a failed revocation means: an answer that never came says nothing."""
    if not isinstance(problem, Unreachable | TooSlow | PlatformDown):
        return problem
    return OutcomeUnknown(
        f"{problem.what} It is not known whether {key.name or key.id} was revoked.",
        "Look whether it is still listed once the list was read again.",
        problem.request_id,
    )
