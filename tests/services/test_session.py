"""What a session finds of the one before."""

from __future__ import annotations

from pathlib import Path

from oai_tui.core.secret import Secret
from oai_tui.services.session import connect, open_session
from oai_tui.services.setup import Setup
from oai_tui.services.start import setup_of
from oai_tui.store.paths import Folders
from oai_tui.vault.credential import Credential
from tests.canary import leaks
from tests.services.estate import run

MINE = "sk-admin-" + "m" * 40 + "1234"
THEIRS = "sk-admin-" + "t" * 40 + "5678"


async def remembered(setup: Setup, key: str) -> object:
    """Return what a session with this key finds, and leave something for the next."""
    secret = Secret(key)
    session = open_session(
        setup, Credential(secret, setup.base_url.origin), "environment", connect(setup, secret)
    )
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
