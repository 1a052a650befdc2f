"""The session that signing in opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from oai_tui.api.client import Client, Waiting
from oai_tui.core.errors import StoreProblem
from oai_tui.core.kinds import Dimension
from oai_tui.core.secret import Secret
from oai_tui.services.activity import ActivityLog
from oai_tui.services.billing import BillingDesk
from oai_tui.services.billing.brakes import Brakes
from oai_tui.services.creation import KeyMaker
from oai_tui.services.directory import Directory
from oai_tui.services.rotation import Rotator
from oai_tui.services.setup import Setup
from oai_tui.services.usage import UsageDesk
from oai_tui.store.balance import BalanceFile
from oai_tui.store.cache import Cache
from oai_tui.store.changes import ChangeLog
from oai_tui.store.journal import Journal
from oai_tui.store.ledger import Ledger
from oai_tui.vault.credential import Credential


@dataclass(slots=True)
class _InUse:
    """The masked key in use, for whoever writes down who did something."""

    masked: str

    def __call__(self) -> str:
        return self.masked


@dataclass(slots=True)
class Session:
    """Being signed in: one key, one origin, and everything that works with them.

    `trouble` says what does not work although signing in did, such as a journal that cannot be
    written; without a journal no key is made and none rotated, and without `changes`, the log of
    what was changed from here, no limit, alert or rate limit is touched.
    """

    setup: Setup
    secret: Secret
    place: str
    client: Client
    cache: Cache
    ledger: Ledger
    usage: UsageDesk
    maker: KeyMaker | None
    billing: BillingDesk
    brakes: Brakes
    activity: ActivityLog
    changes: ChangeLog | None = None
    directory: Directory = field(default_factory=Directory)
    trouble: str = ""
    rotator: Rotator | None = None
    _journal: Journal | None = None
    _in_use: _InUse = field(default_factory=lambda: _InUse(""))

    def use(self, secret: Secret) -> None:
        """Go on with another key of the same organization."""
        if secret != self.secret:
            self.client.use(secret)
            self.cache.hand_to(secret.masked())
            self.ledger.hand_to(secret.masked())
            self._in_use.masked = secret.masked()
            self.secret = secret

    async def close(self) -> None:
        """Let go of connections and files."""
        if self.rotator:
            self.rotator.close()
        await self.client.close()
        self.cache.close()
        self.ledger.close()
        if self._journal:
            self._journal.close()


def connect(setup: Setup, secret: Secret, on_wait: Waiting | None = None) -> Client:
    """Return a client for the platform this program was started for."""
    app = setup.demo.app if setup.demo else None
    return Client(setup.base_url, secret, app=app, clock=setup.clock, on_wait=on_wait)


def open_session(setup: Setup, credential: Credential, place: str, client: Client) -> Session:
    """Open the files of a profile around a client that is signed in."""
    seen_with = credential.secret.masked()
    cache = Cache(setup.folders.cache, setup.profile, setup.base_url.origin, seen_with)
    journal, trouble = _journal(setup)
    maker = None
    if journal:
        maker = KeyMaker(client, journal, setup.profile, setup.clock)
    ledger = Ledger(setup.folders.cache, setup.profile, setup.base_url.origin, seen_with)
    directory = Directory()
    usage = UsageDesk(client, ledger, setup.clock, directory.name_of, setup.local_zone)
    changes, unlogged = _changes(setup)
    in_use = _InUse(seen_with)
    balances = BalanceFile(setup.folders.state, setup.profile, setup.base_url.origin)
    session = Session(
        setup,
        credential.secret,
        place,
        client,
        cache,
        ledger,
        usage,
        maker,
        BillingDesk(
            client,
            usage,
            cache,
            directory,
            balances,
            setup.settings,
            setup.profile,
            setup.clock,
            changes,
            in_use,
        ),
        Brakes(
            client,
            changes,
            setup.clock,
            by=in_use,
            name_of=partial(directory.name_of, Dimension.PROJECT),
            read_only=setup.read_only,
        ),
        ActivityLog(client, directory, cache, setup.clock, changes),
        changes,
        directory,
        trouble=" ".join(part for part in (trouble, unlogged, cache.trouble) if part),
        _journal=journal,
        _in_use=in_use,
    )
    if journal:
        opened = partial(connect, setup)
        session.rotator = Rotator(setup, client, journal, session, place, opened)
    return session


def _journal(setup: Setup) -> tuple[Journal | None, str]:
    try:
        journal = Journal(setup.folders.state)
    except StoreProblem as problem:
        return None, f"No key can be made here: {problem}"
    if journal.set_aside:
        return journal, f"The journal was damaged and is kept as {journal.set_aside.name}."
    return journal, ""


def _changes(setup: Setup) -> tuple[ChangeLog | None, str]:
    try:
        changes = ChangeLog(setup.folders.state, setup.profile, setup.base_url.origin)
    except StoreProblem as problem:
        return None, f"No limit can be changed here: {problem}"
    return changes, changes.trouble
