"""The last question before keys are gone for good, and how it went with each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from oai_tui.core.estate import EstateRow
from oai_tui.core.text import UNKNOWN, count, money, when
from oai_tui.services.revocation import KeptWithAccount, revoke
from oai_tui.services.session import Session
from oai_tui.ui.dialogs.delete_account import DeleteAccount
from oai_tui.ui.dialogs.key_lines import use_lines
from oai_tui.ui.dialogs.one_by_one import OneByOne
from oai_tui.ui.widgets.field import Field

RECENT = timedelta(days=1)
"""A key used since is taken to be in use: revoking it needs something typed."""

FOR_GOOD = "Whatever uses {0} stops working. This cannot be undone."


class Revoke(OneByOne):
    """Names the keys and what may break with them; the answer given is No.

    A key in use needs its name typed; several keys, any of them in use, `revoke` and their number.
    """

    DOING = "Revoking"
    AUTO_FOCUS = "#no"
    DEFAULT_CSS = """
    Revoke #account { display: none; }
    Revoke.-done.-kept #account { display: block; }
    """

    def __init__(
        self, session: Session, rows: Sequence[EstateRow], left_out: Sequence[str] = ()
    ) -> None:
        super().__init__(session, rows)
        self._now = session.setup.clock()
        self._left_out = tuple(left_out)
        self._recent = tuple(row for row in rows if _is_recent(row, self._now))

    def compose(self) -> ComposeResult:
        """Lay out the keys, what it means and the answers."""
        several = len(self.rows) > 1
        with Vertical(classes="dialog danger") as box:
            box.border_title = (
                f"Revoke these {len(self.rows)} keys?" if several else "Revoke this key?"
            )
            box.border_subtitle = (
                "pgup pgdn scroll · esc keeps them · F1 help"
                if several
                else "esc keeps it · F1 help"
            )
            yield self.told_list()
            yield Static(self._warning(), id="warning", classes="asking", markup=False)
            if self._recent:
                yield Field(
                    placeholder=f"to do it, type {self._phrases[0]}",
                    compact=True,
                    id="typed",
                    classes="asking",
                )
            yield Static(id="told", markup=False)
            buttons = self.buttons(
                f"No, keep {'them' if several else 'it'}",
                f"Yes, revoke {'them' if several else 'it'}{'' if self._recent else ' (y)'}",
            )
            yield buttons

    def on_mount(self) -> None:
        """Begin where something is typed, if it is asked for; enter does nothing there yet."""
        account = Button("Delete the account …", id="account", variant="error", compact=True)
        self.query_one(".buttons").mount(account)
        self.query_one("#yes", Button).disabled = bool(self._recent)
        for field in self.query(Field):
            field.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let one letter revoke only what nobody seems to use."""
        if action == "answer":
            is_asking = not (self.is_doing or self.has_class("-done"))
            return is_asking and not (self._recent and parameters == (True,))
        return True

    def lines(self) -> Content:
        """Return the facts of one key, or a line for each of several."""
        if len(self.rows) > 1:
            return use_lines(self.rows, self._now)
        return _facts(self.rows[0], self._now, bool(self._recent))

    async def change(self, row: EstateRow) -> str:
        """Revoke one key."""
        await revoke(self.session.client, row.key, self.session.secret)
        if len(self.rows) > 1:
            return "revoked"
        return f"Revoked {row.key.name} ({row.key.id})."

    def finish(self) -> None:
        """Offer the other way where the platform keeps a key for its service account."""
        super().finish()
        self.set_class(bool(self._kept), "-kept")
        if self._kept and (owner := self._kept[0].key.owner):
            self.query_one("#account", Button).label = f"Delete account {owner.label} …"

    def action_answer(self, yes: bool) -> None:
        """Take the answer."""
        if not yes:
            self.dismiss(False)
        elif not self.query_one("#yes", Button).disabled:
            self.start(self.rows)

    @property
    def _kept(self) -> tuple[EstateRow, ...]:
        failed = ((row, self.outcome(row).problem) for row in self.rows)
        return tuple(row for row, problem in failed if isinstance(problem, KeptWithAccount))

    @property
    def _phrases(self) -> tuple[str, ...]:
        """What has to be typed, any of it."""
        if len(self.rows) > 1:
            return (f"revoke {len(self.rows)}",)
        key = self.rows[0].key
        return tuple(text for text in (key.name, key.id) if text)

    def _warning(self) -> Content:
        several = len(self.rows) > 1
        text = FOR_GOOD.format("them" if several else "it")
        if several and self._recent:
            text = f"{len(self._recent)} of them used within a day: in use. {text}"
        left = "".join(f"\nLeft out: {why}" for why in self._left_out)
        return Content.assemble(
            Content.styled(f"\n{text}", "$text-error"), Content.styled(left, "$text-warning")
        )

    @on(Input.Changed, "#typed")
    def _typed(self, event: Input.Changed) -> None:
        typed = " ".join(event.value.split())
        self.query_one("#yes", Button).disabled = typed not in self._phrases

    @on(Input.Submitted, "#typed")
    def _submitted(self) -> None:
        self.action_answer(True)

    @on(Button.Pressed, "#account")
    def _delete_account(self) -> None:
        row = self._kept[0]
        self.app.push_screen(
            DeleteAccount(self.session, row.key), lambda gone: self._account_gone(row, gone)
        )

    def _account_gone(self, gone_with: EstateRow, gone: bool | None) -> None:
        """Count every key of the account as revoked, and tell."""
        owner = gone_with.key.owner
        if not (gone and owner):
            return
        for row in self.rows:
            if row.key.owner and row.key.owner.id == owner.id:
                self.settle(row, f"revoked with its service account {owner.label}")
        self.finish()


def _is_recent(row: EstateRow, now: datetime) -> bool:
    used = row.key.last_used_at
    return used is not None and now - used < RECENT


def _facts(row: EstateRow, now: datetime, is_recent: bool) -> Content:
    key, facts = row.key, row.facts
    used = f"last seen used {when(key.last_used_at, now)}" if key.last_used_at else "not seen used"
    lines = (
        ("name", key.name or UNKNOWN),
        ("id", key.id),
        ("key", key.masked),
        ("project", key.project.name if key.project else "the whole organization (admin key)"),
        ("owner", key.owner.label if key.owner else UNKNOWN),
        ("use", Content.styled(f"{used}: it is in use", "$text-error") if is_recent else used),
        ("30 days", f"{money(facts.cost)} · {count(facts.requests)} requests (UTC days)"),
    )
    return Content("\n").join(
        Content.assemble(Content.styled(f"{label:<9}", "$text-muted"), text)
        for label, text in lines
    )
