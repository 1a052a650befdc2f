"""How the program was started, and the session that signing in opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from oai_tui.api.client import Client, Waiting
from oai_tui.api.exchange import AsgiApp
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import StoreProblem
from oai_tui.core.secret import Secret
from oai_tui.services.creation import KeyMaker
from oai_tui.services.directory import Directory
from oai_tui.services.usage import UsageDesk
from oai_tui.store.cache import Cache
from oai_tui.store.journal import Journal
from oai_tui.store.paths import Folders
from oai_tui.store.settings import SettingsFile
from oai_tui.vault.credential import Credential
from oai_tui.vault.place import Place


@dataclass(frozen=True, slots=True)
class Demo:
    """A platform inside this process, and the key that opens it."""

    app: AsgiApp
    admin_key: Secret


@dataclass(frozen=True, slots=True)
class Setup:
    """How the program was started. `base_url_from` names what decided the address.

    `places` are where a key is looked for, in that order; those that can keep one are offered at
    sign-in.
    """

    profile: str
    base_url: BaseUrl
    base_url_from: str
    read_only: bool
    folders: Folders
    settings: SettingsFile
    places: tuple[Place, ...]
    clock: Callable[[], datetime]
    theme: str = ""
    keymap: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    demo: Demo | None = None


@dataclass(slots=True)
class Session:
    """Being signed in: one key, one origin, and everything that works with them.

    `trouble` says what does not work although signing in did, such as a journal that cannot be
    written; without a journal no key is made.
    """

    setup: Setup
    secret: Secret
    place: str
    client: Client
    cache: Cache
    usage: UsageDesk
    maker: KeyMaker | None
    directory: Directory = field(default_factory=Directory)
    trouble: str = ""
    _journal: Journal | None = None

    async def close(self) -> None:
        """Let go of connections and files."""
        await self.client.close()
        self.cache.close()
        if self._journal:
            self._journal.close()


def connect(setup: Setup, secret: Secret, on_wait: Waiting | None = None) -> Client:
    """Return a client for the platform this program was started for."""
    app = setup.demo.app if setup.demo else None
    return Client(setup.base_url, secret, app=app, clock=setup.clock, on_wait=on_wait)


def open_session(setup: Setup, credential: Credential, place: str, client: Client) -> Session:
    """Open the files of a profile around a client that is signed in."""
    cache = Cache(setup.folders.cache, setup.profile, setup.base_url.origin)
    journal, trouble = _journal(setup)
    maker = None
    if journal:
        maker = KeyMaker(client, journal, setup.profile, setup.clock)
    usage = UsageDesk(client, cache, setup.clock)
    return Session(
        setup,
        credential.secret,
        place,
        client,
        cache,
        usage,
        maker,
        trouble=trouble,
        _journal=journal,
    )


def _journal(setup: Setup) -> tuple[Journal | None, str]:
    try:
        journal = Journal(setup.folders.state)
    except StoreProblem as problem:
        return None, f"No key can be made here: {problem}"
    if journal.set_aside:
        return journal, f"The journal was damaged and is kept as {journal.set_aside.name}."
    return journal, ""
