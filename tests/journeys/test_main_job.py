"""The main job, by keyboard, in a terminal: sign in, see, make, revoke, look at use and bill."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.journeys.driving import SIZES, person, platform, sign_in, started
from tests.secret_service import secret_service
from tests.terminal import Terminal
from tests.vault.canary import CANARY, in_text


@pytest.mark.parametrize("size", SIZES)
def test_the_demo_does_the_main_job(tmp_path: Path, size: tuple[int, int]) -> None:
    with started(person(tmp_path), "demo", size=size) as terminal:
        terminal.wait_for("The demo's own key is filled in")
        terminal.press("enter")
        terminal.wait_for("read usage and costs")
        terminal.press("enter")
        do_the_main_job(terminal, tmp_path)


@pytest.mark.secret_service
@pytest.mark.parametrize("size", SIZES)
def test_the_main_job_on_a_socket_with_the_key_in_a_key_store(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with platform() as served, secret_service(tmp_path) as store:
        environment = person(tmp_path, **store, OPENAI_BASE_URL=served.base_url)
        environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.SecretService.Keyring"
        with started(environment, size=size) as terminal:
            sign_in(terminal, CANARY)
            do_the_main_job(terminal, tmp_path)
            assert not in_text(terminal.raw.decode())
        with started(environment, size=size) as terminal:
            terminal.wait_for("need attention")
            terminal.press("q")
            assert terminal.wait_exit() == 0
    assert served.world.admin_keys["key_canary"].last_used_at is not None


def do_the_main_job(terminal: Terminal, folder: Path) -> None:
    """Make a key, save it, revoke it; look at last month's usage and at the bill; leave."""
    terminal.wait_for("checkout-copy")
    terminal.wait_for("as of 12:04 UTC")
    listed = re.search(r"Keys   (\d+)", terminal.text)
    assert listed
    keys = int(listed[1])
    terminal.press("n")
    terminal.wait_for("New key")
    terminal.wait_for("research-agent")
    terminal.type("night-shift")
    terminal.press("enter")
    terminal.wait_for("is made")
    terminal.press("f")
    terminal.wait_for("file, such as")
    terminal.type(str(folder / "night.key"))
    terminal.press("enter")
    terminal.wait_for("readable by you only")
    terminal.press("esc")
    terminal.wait_for(f"Keys   {keys + 1}")
    saved = (folder / "night.key").read_text()
    assert saved.startswith("sk-svcacct-")
    assert (folder / "night.key").stat().st_mode & 0o777 == 0o600

    terminal.press("/")
    terminal.wait_for("to the list")
    terminal.type("night-shift")
    terminal.wait_for(f"1 of {keys + 1}")
    terminal.press("enter")
    terminal.wait_quiet()
    terminal.press("X")
    terminal.wait_for("Revoke this key?")
    terminal.press("y")
    terminal.wait_for("Revoked night-shift")
    terminal.press("esc")
    terminal.wait_for(f"Keys   {keys} ")

    terminal.press("2")
    terminal.wait_for("24 Oct – 22 Nov 2026")
    terminal.wait_for("gpt-5.6-mini")
    terminal.press("d")
    terminal.wait_for("Last month")
    terminal.type("last-month")
    terminal.wait_quiet()
    terminal.press("enter")
    terminal.wait_for("October 2026")
    terminal.wait_for("31 days")

    terminal.press("3")
    terminal.wait_for("hard limit")
    assert re.search(r"SPENT\s+\$1,\d{3}\.\d\d", terminal.text)
    assert re.search(r"LEFT\s+\$\d[\d,]*\.\d\d", terminal.text)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert saved.strip() not in terminal.raw.decode()
