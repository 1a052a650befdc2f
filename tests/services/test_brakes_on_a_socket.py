"""Brakes against a platform on a socket: beside the official client, and killed on the way."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openai
import pytest

from oai_tui.api import spend
from oai_tui.core.changes import Outcome
from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import Money
from oai_tui.services.billing.brakes import Brakes, ChangedMeanwhile
from oai_tui.simulator.model import SpendLimit as Set
from oai_tui.simulator.server import Running, running
from oai_tui.store.changes import ChangeLog
from tests.api.talking import client_of

NOW = 1_795_350_000
SEEN = SpendLimit(Money(Decimal(2500)), "enforcing")
LOWER = Money(Decimal("1999.99"))
LIMIT = "/organization/spend_limit"
SETTER = """
import asyncio, sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from oai_tui.api.client import Client
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.limits import SpendLimit
from oai_tui.core.money import Money
from oai_tui.core.secret import Secret
from oai_tui.services.billing.brakes import Brakes
from oai_tui.store.changes import ChangeLog
async def main():
    log = ChangeLog(Path(sys.argv[1]), "work", "here")
    async with Client(BaseUrl.parse(sys.argv[2]), Secret(sys.stdin.readline().strip())) as client:
        brakes = Brakes(client, log, lambda: datetime.now(UTC), by=str, name_of=str)
        await brakes.set_limit(SpendLimit(Money(Decimal(2500))), Money(Decimal("1999.99")))
asyncio.run(main())
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(now=NOW) as found:
        yield found


@pytest.fixture(autouse=True)
def _as_seeded(served: Running) -> Iterator[None]:
    served.faults.clear()
    served.world.spend_limits[None] = Set(250_000)
    yield
    served.faults.clear()


def do(served: Running, folder: Path, act: Callable[[Brakes], Coroutine[Any, Any, Any]]) -> Any:
    async def run() -> Any:
        async with client_of(address=served.base_url, key=served.admin_key) as client:
            log = ChangeLog(folder, "work", "here")
            brakes = Brakes(client, log, lambda: datetime.now(UTC), by=str, name_of=str)
            return await act(brakes)

    return asyncio.run(run())


def refreshed(served: Running) -> SpendLimit | None:
    async def run() -> SpendLimit | None:
        async with client_of(address=served.base_url, key=served.admin_key) as client:
            return await spend.spend_limit(client)

    return asyncio.run(run())


def test_the_official_client_sees_our_cents_and_we_see_its(served: Running, tmp_path: Path) -> None:
    there: Any = openai.OpenAI(
        base_url=served.base_url,
        admin_api_key=served.admin_key,
        api_key=served.admin_key,
        max_retries=0,
    ).admin.organization.spend_limit
    do(served, tmp_path, lambda brakes: brakes.set_limit(SEEN, LOWER))
    assert there.retrieve().threshold_amount == 199_999
    there.update(threshold_amount=150_005, currency="USD", interval="month")
    with pytest.raises(ChangedMeanwhile, match=r"\$1,500.05 a month \(enforcing\) now, \$1,999.99"):
        do(served, tmp_path, lambda b: b.set_limit(SpendLimit(LOWER), SEEN.amount))
    found = refreshed(served)
    assert found == SpendLimit(Money(Decimal("1500.05")), "enforcing")
    assert found
    assert do(served, tmp_path, lambda b: b.remove_limit(found)).is_now == "no limit"
    with pytest.raises(openai.NotFoundError):
        there.retrieve()


@pytest.mark.parametrize(
    ("fault", "cents", "outcome"),
    [("timeout-after", 199_999, Outcome.DONE), ("hang", 250_000, Outcome.REFUSED)],
)
def test_killed_after_sending_it_is_known_at_the_next_start_what_came_of_it(
    served: Running, tmp_path: Path, fault: str, cents: int, outcome: Outcome
) -> None:
    served.faults.set(f"{fault}@POST {LIMIT}")
    process = subprocess.Popen(
        [sys.executable, "-c", SETTER, str(tmp_path), served.base_url],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    process.stdin.write(f"{served.admin_key}\n")
    process.stdin.flush()
    log = ChangeLog(tmp_path, "work", "here")
    until = time.monotonic() + 120
    while not log.recent() or served.world.spend_limits[None].cents != cents:
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < until
    assert log.abandoned() == (), "its process is alive"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=120)
    served.faults.clear()
    assert [change.outcome for change in log.recent()] == [Outcome.ASKED]
    (said,) = do(served, tmp_path, lambda brakes: brakes.settle_open())
    assert "was cut off: the hard limit of the organization" in said
    assert [change.outcome for change in log.recent()] == [outcome]
    assert served.world.spend_limits[None].cents == cents
