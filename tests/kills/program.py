"""The program without a screen: signs in, does one thing, and at its next start clears up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from oai_tui.api import keys as api
from oai_tui.api import projects as projects_api
from oai_tui.api.client import Client
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.creation import CreationKind
from oai_tui.core.errors import WrongInput
from oai_tui.core.keys import ApiKey
from oai_tui.core.rotation import Rotation
from oai_tui.core.secret import Secret
from oai_tui.services.creation import KeyMaker, Order
from oai_tui.services.delivery import save_to_file
from oai_tui.services.kept import kept
from oai_tui.services.revocation import revoke
from oai_tui.services.rotation import Action, Rotator, Wish
from oai_tui.services.setup import Setup
from oai_tui.store.journal import Journal
from oai_tui.store.paths import Folders
from oai_tui.store.settings import SettingsFile
from oai_tui.vault.memory import MemoryPlace
from tests.kills.bomb import Bomb, WatchedJournal, WatchedSafe, WatchedWire
from tests.safe import Safe


@dataclass(frozen=True)
class Target:
    """What there is to work on: a service account with a key, and the admin key signed in with."""

    base_url: str
    project_id: str
    account_id: str
    key_id: str
    admin_id: str


class Own:
    """Whoever is signed in."""

    def __init__(self, client: Client, secret: Secret) -> None:
        self.client = client
        self.secret = secret

    def use(self, secret: Secret) -> None:
        self.client.use(secret)
        self.secret = secret


class Program:
    """One start of the program on a folder, from signing in to its end.

    Without a bomb nothing is watched and requests go to the socket directly.
    """

    def __init__(
        self,
        folder: Path,
        target: Target,
        bomb: Bomb | None,
        clock: Callable[[], datetime],
        *,
        spoil: str = "",
        sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self.folder = folder
        self.files = folder / target.key_id
        self.target = target
        self.clock = clock
        self.base_url = BaseUrl.parse(target.base_url)
        self.safe = WatchedSafe(folder, bomb) if bomb else Safe(folder)
        self.journal = WatchedJournal(folder / "state", bomb) if bomb else Journal(folder / "state")
        self._wire = WatchedWire(self.base_url.origin, bomb, spoil) if bomb else None
        self._sleep = sleep or _at_once
        self._places = (self.safe, MemoryPlace())

    async def sign_in(self) -> None:
        found, problems = await kept(self._places, "work", self.base_url)
        assert found, problems
        self.client = self._connect(found.credential.secret)
        self.own = Own(self.client, found.credential.secret)
        folders = Folders.under(self.folder)
        setup = Setup(
            profile="work",
            base_url=self.base_url,
            base_url_from="",
            read_only=False,
            folders=folders,
            settings=SettingsFile(folders.config),
            places=self._places,
            clock=self.clock,
        )
        self.rotator = Rotator(
            setup, self.client, self.journal, self.own, "keyring", self._connect, sleep=self._sleep
        )
        self.maker = KeyMaker(self.client, self.journal, "work", self.clock)

    async def close(self) -> None:
        self.rotator.close()
        await self.client.close()
        if self._wire:
            await self._wire.close()
        self.journal.close()

    async def rotate(self) -> None:
        """Rotate the service account's key into a .env and a file, and revoke the old one."""
        key = await api.project_key(self.client, self.target.project_id, self.target.key_id)
        await self._exchange(
            key, f"env:{self.files}/app.env:OPENAI_API_KEY", f"file:{self.files}/new.key"
        )

    async def rotate_own(self) -> None:
        """Rotate the admin key the program is signed in with, and revoke the old one."""
        key = await api.admin_key(self.client, self.target.admin_id)
        await self._exchange(key)

    async def create(self) -> None:
        """Make a key and save it to a file."""
        await projects_api.first_project(self.client)
        order = Order(
            CreationKind.SERVICE_ACCOUNT_KEY, "ci", self.target.project_id, self.target.account_id
        )
        made = await self.maker.make(order)
        save_to_file(made.key.secret, f"{self.files}/made.key")
        self.maker.delivered(made)

    async def resume(self) -> None:
        """Go on with what was left, and look again later."""
        await self.recover(wants_undo=False)
        await self.recover_later()

    async def undo(self) -> None:
        """Undo what was left and can be undone, and look again later."""
        await self.recover(wants_undo=True)
        await self.recover_later()

    async def recover(self, *, wants_undo: bool) -> None:
        """Clear up what an earlier start has left, as a person would who is asked."""
        listed = await self.listed()
        for orphan in self.maker.orphans(listed, whole=True):
            if orphan.key:
                await revoke(self.client, orphan.key, self.own.secret)
                self.maker.settle(orphan, revoked=True)
        for rotation in self.rotator.unfinished():
            await self._end(await self.rotator.settle(rotation, listed, whole=True), wants_undo)

    async def recover_later(self) -> None:
        """Look once more when what is not listed was certainly never made."""
        if not (self.rotator.unfinished() or self.journal.unfinished("work", self.base_url.origin)):
            return
        at = self.clock() + timedelta(minutes=11)
        listed = await self.listed()
        self.maker.orphans(listed, whole=True, as_of=at)
        for rotation in self.rotator.unfinished():
            await self.rotator.settle(rotation, listed, whole=True, as_of=at)

    async def listed(self) -> list[ApiKey]:
        found = await api.admin_keys(self.client)
        for project in await projects_api.projects(self.client):
            async for page in api.project_keys(self.client, project):
                found += page
        return found

    async def _exchange(self, key: ApiKey | None, *destinations: str) -> None:
        if key is None:
            raise WrongInput("There is no such key any more.")
        wish = Wish("ci", destinations=destinations)
        rotation = await self.rotator.start(self.rotator.propose(key), wish)
        rotation = await self.rotator.advance(rotation)
        await self.rotator.revoke(rotation, even_if_moving=True)

    async def _end(self, rotation: Rotation, wants_undo: bool) -> None:
        while not rotation.is_finished:
            todo = await self.rotator.next_of(rotation)
            can_undo = Action.UNDO in (todo.action, *todo.others)
            if todo.action is Action.UNDO or (wants_undo and can_undo):
                rotation = await self.rotator.undo(rotation)
            elif todo.action is Action.DELIVER:
                rotation, _ = await self.rotator.deliver(rotation, todo.destination)
            elif todo.action is Action.REVOKE:
                rotation = await self.rotator.revoke(rotation, even_if_moving=True)
            elif todo.action is Action.SETTLE:
                return
            else:
                rotation = await self.rotator.advance(rotation)

    def _connect(self, secret: Secret) -> Client:
        return Client(
            self.base_url,
            secret,
            app=self._wire,
            deadline=0.25 if self._wire else 10,
            sleep=_at_once,
            clock=self.clock,
        )


async def _at_once(seconds: float) -> None:
    """Wait no time at all: what is waited for does not depend on the real time."""


SCRIPTS = {
    "rotation": Program.rotate,
    "self-rotation": Program.rotate_own,
    "creation": Program.create,
    "resume": Program.resume,
    "undo": Program.undo,
}


async def perform(program: Program, script: str) -> None:
    """Sign in and do one of the scripts."""
    await program.sign_in()
    try:
        await SCRIPTS[script](program)
    finally:
        await program.close()
