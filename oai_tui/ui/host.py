"""What every screen may ask of the app: the session, and to run a change to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from textual.reactive import reactive

from oai_tui.core.errors import Problem
from oai_tui.ui.guard import GuardedApp
from oai_tui.ui.widgets.topbar import Identity

if TYPE_CHECKING:
    from oai_tui.services.rotation.queue import RotationQueue
    from oai_tui.services.session import Session
    from oai_tui.services.setup import Setup

T = TypeVar("T")

QUIT_WAITS = 35.0
"""Seconds that quitting waits for a change under way: a little more than a request may take."""

READ_ONLY = "Read-only: nothing can be changed here. Start without --read-only for that."

READING = ("load", "names")
"""The groups of workers that only read, and so may be broken off."""


class Host(GuardedApp):
    """The app as its screens know it.

    `key_troubles` says what kept a place from giving the key that may be in it. `rotations` are
    those of the session, None without a journal; `rotation_news` counts their changes, `rotating`
    is how many of them somebody has to see to.
    """

    notice: reactive[str] = reactive("")
    rotation_news: reactive[int] = reactive(0)
    rotating: reactive[int] = reactive(0)
    identity: reactive[Identity] = reactive(Identity())

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.setup = setup
        self.session: Session | None = None
        self.key_troubles: tuple[Problem, ...] = ()
        self.rotations: RotationQueue | None = None
        self._changes: set[asyncio.Task[Any]] = set()
        self._waiting_until = 0.0
        self._waiting_why = ""
        self._hint = ""

    async def signed_in(self, session: Session) -> None:
        """Go on with a session, in place of the one before."""
        before, self.session = self.session, session
        session.client.on_wait = self._announce_wait
        self.identity = Identity(
            profile=session.setup.profile,
            key=session.secret.masked(),
            place=session.place,
            address="" if self._is_usual_place() else session.client.base_url.origin,
            is_demo=session.setup.demo is not None,
            read_only=session.setup.read_only,
        )
        if before:
            await self._close(before)
        self.rotations, self.rotating = None, 0
        await self.switch_mode("keys")
        self.call_after_refresh(self._find_rotations, session)
        self.call_after_refresh(self._settle_changes, session)
        if session.trouble:
            self.notify(session.trouble, severity="warning", timeout=20, markup=False)

    async def _find_rotations(self, session: Session) -> None:
        """Look in the journal for what was left unfinished, once the list is on the terminal."""
        # Late: nothing of it is needed before the list is seen.
        from oai_tui.services.rotation.queue import RotationQueue

        if session.rotator is None or session is not self.session:
            return
        queue = RotationQueue(
            session.rotator, session.client, session.setup.clock, self._rotations_changed
        )
        self.rotations = queue
        try:
            await queue.reload()
        except Problem as problem:
            self.tell(problem)

    async def _settle_changes(self, session: Session) -> None:
        """Look what became of limits and alerts whose change was cut off, and say it."""
        if session is not self.session:
            return
        changes, sentences = session.changes, []
        try:
            if changes and any(change.is_open for change in changes.recent()):
                sentences = [*await session.brakes.settle_open()]
        except Problem as problem:
            self.tell(problem)
        sentences.append(changes.trouble if changes else session.unlogged)
        for sentence in filter(None, sentences):
            self.notify(sentence, severity="warning", timeout=30, markup=False)

    def _rotations_changed(self) -> None:
        queue = self.rotations
        self.rotating = queue.unfinished if queue else 0
        self.rotation_news += 1
        if self.session:  # whose own key may be another one now
            self.identity = replace(self.identity, key=self.session.secret.masked())

    def change(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Run a change of the organization to its end, whatever happens to the screen it is of."""
        task = asyncio.create_task(work)
        self._changes.add(task)
        task.add_done_callback(self._changes.discard)
        return asyncio.shield(task)

    @property
    def is_changing(self) -> bool:
        """Whether a change of the organization is under way."""
        return bool(self._changes)

    def tell(self, problem: Problem) -> None:
        """Say in a corner that something did not work."""
        request = f"\nrequest {problem.request_id}" if problem.request_id else ""
        self.notify(f"{problem}{request}", severity="error", timeout=15, markup=False)

    def hint(self, text: str) -> None:
        """Say in a corner what a key did or why it did nothing, once however often it is pressed.

        It is taken back when another screen is shown, over which it would mean something else.
        """
        self._take_back_hint()
        self._hint = text
        self.notify(text, markup=False)

    def say_read_only(self, key: str, changing: Mapping[str, str]) -> None:
        """Say why a key does nothing where nothing may be changed.

        `changing` are the actions that change something, by id, with their usual keys.
        """
        setup = self.setup
        keys = (setup.keymap.get(id, (usual,)) for id, usual in changing.items())
        if setup.read_only and any(key in each for each in keys):
            self.hint(READ_ONLY)

    def _take_back_hint(self) -> None:
        for said in list(self._notifications):
            if said.message == self._hint:
                self._unnotify(said)

    async def action_go(self, mode: str) -> None:
        """Show another screen; what was said of this one is not left standing over it."""
        if self.current_mode != mode:
            self._take_back_hint()
            await self.switch_mode(mode)

    async def action_quit(self) -> None:
        """End the program, once the changes under way have their answer."""
        if self._changes:
            self.notify("A change is under way; leaving as soon as it is answered.", markup=False)
            await asyncio.wait(self._changes, timeout=QUIT_WAITS)
        self.exit()

    async def on_unmount(self) -> None:
        """Let go of connections and files."""
        if self.session:
            await self.session.close()

    async def _close(self, session: Session) -> None:
        """Let go of a session once nothing asks anything over its connection any more."""
        for worker in self.workers:
            if worker.group in READING:
                worker.cancel()
        if self._changes:
            await asyncio.wait(self._changes, timeout=QUIT_WAITS)
        await session.close()

    def _is_usual_place(self) -> bool:
        return self.setup.base_url.is_official or self.setup.demo is not None

    def _announce_wait(self, seconds: float, why: str) -> None:
        if seconds < 1:
            return
        self._waiting_until = self._loop_time() + seconds
        self._waiting_why = why.rstrip(".")
        self._count_down()

    def _count_down(self) -> None:
        left = round(self._waiting_until - self._loop_time())
        if left <= 0:
            self.notice = ""
            return
        self.notice = f"{self._waiting_why} · again in {left} s"
        self.set_timer(1, self._count_down)

    @staticmethod
    def _loop_time() -> float:
        return asyncio.get_running_loop().time()
