"""Brakes at a simulated platform, and an outside world that meddles while they are changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from copy import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

from oai_tui.api import rate_limits, spend
from oai_tui.api.client import Client
from oai_tui.core.adjusting import RateChange
from oai_tui.core.changes import Outcome
from oai_tui.core.limits import Ceiling, RateLimit, SpendAlert, SpendLimit
from oai_tui.core.money import Money
from oai_tui.services.billing.brakes import Brakes
from oai_tui.store.changes import ChangeLog
from tests.api.talking import Waits
from tests.services.estate import Estate

LIMIT = "/organization/spend_limit"
SEEN = SpendLimit(Money(Decimal(2500)), "enforcing")
LOWER = Money(Decimal("1999.99"))
WANTED = SpendAlert("", Money(Decimal(50)), ("ops@acme.example",), "Careful")

Act = Callable[[Brakes], Coroutine[Any, Any, Any]]


class House:
    """A world, a log, and brakes for it that take no time to wait."""

    def __init__(self, folder: Path, *faults: str, key: str | None = None) -> None:
        self.estate = Estate(*faults)
        self.world, self.faults = self.estate.world, self.estate.faults
        self.key = key
        self.waits = Waits()
        self._folder = folder
        self.log = self._opened()

    def _opened(self) -> ChangeLog:
        return ChangeLog(self._folder, "work", "https://api.openai.com")

    def restart(self) -> None:
        """Go on as the next process would, with what is on disk."""
        self.log.close()
        self.log = self._opened()

    def beside(self, folder: Path) -> House:
        """Return the house of somebody else at the same platform, with a way to it of its own."""
        other = House(folder)
        other.estate, other.world, other.faults = copy(self.estate), self.world, self.faults
        return other

    def do(self, act: Act, *, read_only: bool = False, log: bool = True) -> Any:
        """Open brakes and change something with them; the process ends with the change."""
        return asyncio.run(self.doing(act, read_only=read_only, log=log))

    async def doing(self, act: Act, *, read_only: bool = False, log: bool = True) -> Any:
        """Do the same while other things go on."""
        async with self.estate.client(self.key) as client:
            brakes = Brakes(
                client,
                self.log if log else None,
                self.estate.clock,
                by=lambda: "sk-admin…7f3a",
                name_of=lambda id: self.world.projects[id].name,
                read_only=read_only,
                sleep=self.waits,
            )
            return await act(brakes)

    def set_limit(self, seen: SpendLimit | None = SEEN, wanted: Money = LOWER) -> Any:
        """Set the limit of the organization."""
        return self.do(lambda brakes: brakes.set_limit(seen, wanted))

    def alerts(self, project_id: str = "") -> list[SpendAlert]:
        """Return the alerts as the platform lists them."""
        return list(self.asked(lambda client: spend.spend_alerts(client, project_id)))

    def rates(self, name: str) -> list[RateLimit]:
        """Return the rate limits of a project as the platform lists them."""
        project = self.project(name)
        return list(self.asked(lambda client: rate_limits.rate_limits(client, project)))

    def asked(self, question: Callable[[Client], Coroutine[Any, Any, Any]]) -> Any:
        """Ask the platform something."""

        async def run() -> Any:
            async with self.estate.client(self.key) as client:
                return await question(client)

        return asyncio.run(run())

    def afterwards(self, method: str, path: str, happens: Callable[[], object]) -> None:
        """Have something happen once such a request is carried out, before its answer comes."""
        through, left = self.estate.app, [happens]

        async def meddling(scope: Any, receive: Any, send: Any) -> None:
            answer: list[Any] = []
            try:
                await through(scope, receive, _into(answer))
            finally:
                if left and is_asked(scope, method, path):
                    left.pop()()
            for message in answer:
                await send(message)

        self.estate.app = meddling

    def shows_late(self, path: str, looks: int) -> None:
        """Have the platform show as many looks as told how it was before a change."""
        through, before, stale = self.estate.app, list[Any](), [0]

        async def lagging(scope: Any, receive: Any, send: Any) -> None:
            if is_asked(scope, "GET", path):
                if stale[0]:
                    stale[0] -= 1
                else:
                    before.clear()
                    await through(scope, receive, _into(before))
                for message in before:
                    await send(message)
                return
            if is_asked(scope, "POST", path):
                stale[0] = looks
            await through(scope, receive, send)

        self.estate.app = lagging

    def held(self, method: str) -> tuple[asyncio.Event, asyncio.Event]:
        """Have requests wait at the platform; return what says that one came, what lets it on."""
        through, reached, gate = self.estate.app, asyncio.Event(), asyncio.Event()

        async def waiting(scope: Any, receive: Any, send: Any) -> None:
            if scope["method"] == method:
                reached.set()
                await gate.wait()
            await through(scope, receive, send)

        self.estate.app = waiting
        return reached, gate

    def cut_off(self, act: Act, *, carried_out: bool) -> None:
        """Have the process end in the middle of a change that the platform does not answer.

        It was `carried_out` by then, or never will be.
        """
        through, reached = self.estate.app, asyncio.Event()

        async def silent(scope: Any, receive: Any, send: Any) -> None:
            if scope["method"] == "POST":
                if carried_out:
                    await through(scope, receive, _into([]))
                reached.set()
                await asyncio.Event().wait()
            await through(scope, receive, send)

        async def run(brakes: Brakes) -> None:
            change = asyncio.create_task(act(brakes))
            async with asyncio.timeout(10):
                await reached.wait()
            assert not change.done()

        self.estate.app = silent
        self.do(run)
        self.estate.app = through
        self.restart()

    @property
    def cents(self) -> int | None:
        """The limit of the organization at the platform."""
        found = self.world.spend_limits.get(None)
        return found.cents if found else None

    @property
    def outcomes(self) -> list[Outcome]:
        """How the changes ended that are written down, the newest first."""
        return [change.outcome for change in self.log.recent()]

    def project(self, name: str) -> str:
        """Return the id of a project."""
        return next(each.id for each in self.world.projects.values() if each.name == name)


def is_asked(scope: Any, method: str, path: str) -> bool:
    """Whether a request is one of this method, to this path or below it."""
    return bool(scope["method"] == method and scope["path"].startswith(f"/v1{path}"))


def _into(answer: list[Any]) -> Callable[[Any], Coroutine[Any, Any, None]]:
    async def send(message: Any) -> None:
        answer.append(message)

    return send


def times_two(limit: RateLimit) -> RateChange:
    """Return a change to twice as many requests a minute."""
    return RateChange(limit, {Ceiling.REQUESTS: limit.ceilings[Ceiling.REQUESTS] * 2})
