"""The session that signing in opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from oai_tui.api.client import Client, Waiting
from oai_tui.core.errors import StoreProblem
from oai_tui.core.kinds import Dimension
from oai_tui.core.secret import Secret
from oai_tui.services.creation import KeyMaker
from oai_tui.services.directory import Directory
from oai_tui.services.rotation import Rotator
from oai_tui.services.setup import Setup
from oai_tui.services.usage import UsageDesk
from oai_tui.store.cache import Cache
from oai_tui.store.journal import Journal
from oai_tui.store.ledger import Ledger
from oai_tui.vault.credential import Credential

if TYPE_CHECKING:
    from oai_tui.services.activity import ActivityLog
    from oai_tui.services.billing import BillingDesk
    from oai_tui.services.billing.brakes import Brakes
    from oai_tui.services.billing.own_figures import OwnFigures
    from oai_tui.services.billing.rates import RateDesk
    from oai_tui.store.changes import ChangeLog


@dataclass(slots=True)
class Session:
    """Being signed in: one key, one origin, and everything that works with them.

    `trouble` says what does not work although signing in did, such as a journal that cannot be
    written; without a journal no key is made and none rotated. `unlogged` says why there is no log
    of what was changed from here, without which no limit, alert or rate limit is touched.
    """

    setup: Setup
    secret: Secret
    place: str
    client: Client
    cache: Cache
    ledger: Ledger
    usage: UsageDesk
    maker: KeyMaker | None
    directory: Directory = field(default_factory=Directory)
    trouble: str = ""
    unlogged: str = ""
    rotator: Rotator | None = None
    _journal: Journal | None = None
    _changes: ChangeLog | None = None
    _billing: BillingDesk | None = None
    _own_figures: OwnFigures | None = None
    _brakes: Brakes | None = None
    _rates: RateDesk | None = None
    _activity: ActivityLog | None = None

    @property
    def changes(self) -> ChangeLog | None:
        """The log of what was changed from here, opened when it is first asked for.

        None where it cannot be opened; `unlogged` says why then.
        """
        if self._changes is None and not self.unlogged:
            from oai_tui.store.changes import ChangeLog

            setup = self.setup
            try:
                self._changes = ChangeLog(setup.folders.state, setup.profile, setup.base_url.origin)
            except StoreProblem as problem:
                self.unlogged = f"No limit can be changed here: {problem}"
        return self._changes

    @property
    def billing(self) -> BillingDesk:
        """The desk that tells the bill, opened when it is first asked for.

        What it is made of is read late: the first screen does without it.
        """
        if self._billing is None:
            from oai_tui.services.billing import BillingDesk

            self._billing = BillingDesk(
                self.client,
                self.usage,
                self.cache,
                self.directory,
                self.own_figures,
                self.setup.clock,
                self.changes,
            )
        return self._billing

    @property
    def own_figures(self) -> OwnFigures:
        """What a person types of the bill; opened when it is first asked for."""
        if self._own_figures is None:
            from oai_tui.services.billing.own_figures import OwnFigures
            from oai_tui.store.balance import BalanceFile

            setup = self.setup
            self._own_figures = OwnFigures(
                BalanceFile(setup.folders.state, setup.profile, setup.base_url.origin),
                setup.settings,
                setup.profile,
                setup.clock,
                self.changes,
                self._in_use,
            )
        return self._own_figures

    @property
    def brakes(self) -> Brakes:
        """What changes limits, alerts and rate limits; opened when it is first asked for."""
        if self._brakes is None:
            from oai_tui.services.billing.brakes import Brakes

            self._brakes = Brakes(
                self.client,
                self.changes,
                self.setup.clock,
                by=self._in_use,
                name_of=partial(self.directory.name_of, Dimension.PROJECT),
                read_only=self.setup.read_only,
            )
        return self._brakes

    @property
    def rates(self) -> RateDesk:
        """The desk that tells rate limits; opened when it is first asked for."""
        if self._rates is None:
            from oai_tui.services.billing.rates import RateDesk

            self._rates = RateDesk(self.client, self.cache, self.setup.clock)
        return self._rates

    @property
    def activity(self) -> ActivityLog:
        """What was changed by whom; opened when it is first asked for."""
        if self._activity is None:
            from oai_tui.services.activity import ActivityLog

            self._activity = ActivityLog(
                self.client, self.directory, self.cache, self.setup.clock, self.changes
            )
        return self._activity

    def _in_use(self) -> str:
        return self.secret.masked()

    def use(self, secret: Secret) -> None:
        """Go on with another key of the same organization."""
        if secret != self.secret:
            self.client.use(secret)
            self.cache.hand_to(secret.masked())
            self.ledger.hand_to(secret.masked())
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
        if self._changes:
            self._changes.close()


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
    usage = UsageDesk(client, ledger, setup.clock, directory.name_of, setup.local_zone())
    session = Session(
        setup,
        credential.secret,
        place,
        client,
        cache,
        ledger,
        usage,
        maker,
        directory,
        trouble=" ".join(part for part in (trouble, cache.trouble) if part),
        _journal=journal,
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
