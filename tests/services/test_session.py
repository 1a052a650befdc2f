"""What a session finds of the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from oai_tui.core.budget import Budget
from oai_tui.core.cuts import Grain
from oai_tui.core.kinds import Dimension
from oai_tui.core.money import Money
from oai_tui.core.secret import Secret
from oai_tui.services.session import Session, connect, open_session
from oai_tui.services.setup import Setup
from oai_tui.services.start import setup_of
from oai_tui.store.paths import Folders
from oai_tui.vault.credential import Credential
from tests.canary import leaks
from tests.services.estate import run

MINE = "sk-admin-" + "m" * 40 + "1234"
THEIRS = "sk-admin-" + "t" * 40 + "5678"


def opened(setup: Setup, key: str) -> Session:
    secret = Secret(key)
    credential = Credential(secret, setup.base_url.origin)
    return open_session(setup, credential, "environment", connect(setup, secret))


async def remembered(setup: Setup, key: str) -> object:
    """Return what a session with this key finds, and leave something for the next."""
    session = opened(setup, key)
    found = session.cache.get("inventory")
    session.cache.put("inventory", b"keys of this organization", setup.clock())
    await session.close()
    return found


def test_what_another_key_saw_is_not_shown(tmp_path: Path) -> None:
    setup = setup_of({}, Folders.under(tmp_path))
    assert run(remembered(setup, MINE)) is None
    assert run(remembered(setup, MINE))
    assert run(remembered(setup, THEIRS)) is None
    assert run(remembered(setup, MINE))
    for file in setup.folders.cache.iterdir():
        assert not leaks(MINE, file.read_bytes())


def test_what_was_seen_goes_over_to_the_key_that_takes_the_place_of_another(tmp_path: Path) -> None:
    setup = setup_of({}, Folders.under(tmp_path))
    day = datetime(2026, 11, 1, tzinfo=UTC)
    costs = (Dimension.LINE_ITEM,)

    async def exchange() -> None:
        session = opened(setup, MINE)
        session.cache.put("inventory", b"keys of this organization", setup.clock())
        session.ledger.put_costs(costs, day, day + timedelta(days=1), [], setup.clock())
        session.use(Secret(THEIRS))
        assert session.cache.get("inventory")
        await session.close()

    async def after(key: str) -> tuple[bool, bool]:
        session = opened(setup, key)
        day_known = session.ledger.known(costs, Grain.DAY, day, day + timedelta(days=1)).asked
        found = session.cache.get("inventory") is not None, bool(day_known)
        await session.close()
        return found

    run(exchange())
    assert run(after(THEIRS)) == (True, True)
    assert run(after(MINE)) == (False, False)


def test_a_session_has_a_bill_brakes_and_a_log_of_its_own(tmp_path: Path) -> None:
    setup = setup_of({}, Folders.under(tmp_path))
    folder = setup.folders.state

    async def bill() -> None:
        session = opened(setup, MINE)
        assert session.trouble == ""
        session.use(Secret(THEIRS))
        await session.own_figures.set_budget(Budget(Money.parse("60")))
        assert session.changes
        assert [change.by for change in session.changes.recent()] == [Secret(THEIRS).masked()]
        await session.close()

    run(bill())
    for file in folder.rglob("*"):
        assert not file.is_file() or not leaks(THEIRS, file.read_bytes())


def test_without_a_log_of_changes_the_bill_is_still_read(tmp_path: Path) -> None:
    setup = setup_of({}, Folders.under(tmp_path))
    setup.folders.state.mkdir(parents=True)
    (setup.folders.state / "changes").write_text("")

    async def bill() -> None:
        session = opened(setup, MINE)
        assert session.changes is None
        assert "No limit can be changed here" in session.unlogged
        assert session.billing.remembered() is None
        await session.close()

    run(bill())
