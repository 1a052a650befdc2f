"""`oai-tui keys extend` and `keys revoke`."""

from __future__ import annotations

import pytest

from oai_tui.simulator.model import Key
from tests.cli.desk import Desk


def test_an_expiry_and_scopes_are_given_from_now(desk: Desk) -> None:
    key = desk.account_key()
    done = desk.run("keys", "extend", key.name, "--expires", "30d", "--scopes", "read", "--yes")
    assert done.status == 0, done.told
    assert key.expires_at == desk.in_a_month
    assert key.scopes
    assert "expires 22 Dec 2026 12:04 UTC" in done.told


def test_a_key_that_cannot_be_changed_stops_no_other(desk: Desk) -> None:
    key = desk.account_key()
    done = desk.run("keys", "extend", "audit 2025", key.id, "--expires", "30d", "--yes")
    assert done.status == 1
    assert "admin keys cannot be changed by API; rotate it for another" in done.told
    assert key.expires_at == desk.in_a_month


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Nothing is to be changed"),
        (("--expires", "never"), "cannot be taken away"),
        (("--expires", "2y"), "more than a year"),
        (("--scopes", "bla"), "no name of a scope"),
    ],
)
def test_wrong_use_changes_nothing(desk: Desk, arguments: tuple[str, ...], told: str) -> None:
    key = desk.account_key()
    before = key.expires_at
    done = desk.run("keys", "extend", key.id, *arguments, "--yes")
    assert done.status == 2
    assert told in done.told
    assert key.expires_at == before


def test_keys_are_revoked_one_by_one_each_once(desk: Desk) -> None:
    before = len(desk.events("api_key.deleted"))
    done = desk.run("keys", "revoke", "etl-old", "kiosk", "etl-old", "--yes")
    assert done.status == 0
    assert done.told.count("revoked.") == 2
    assert desk.named("etl-old") + desk.named("kiosk") == []
    assert len(desk.events("api_key.deleted")) == before + 2


def test_one_that_fails_stops_no_other_and_names_its_request(desk: Desk) -> None:
    first, second = desk.one("etl-old"), desk.one("kiosk")
    assert isinstance(first, Key)
    desk.faults.set(f"500@DELETE /organization/projects/{first.project_id}")
    done = desk.run("keys", "revoke", first.id, second.id, "--yes")
    assert done.status == 1
    assert desk.lives(first.id)
    assert not desk.lives(second.id)
    assert "request req_" in done.told
    assert "Doing it again does no harm" in done.told


def test_a_key_in_use_takes_more_than_a_yes(desk: Desk) -> None:
    key = desk.one("tom-experiments")
    done = desk.run("keys", "revoke", key.id, "--yes")
    assert done.status == 2
    assert "--even-if-used" in done.told
    assert desk.lives(key.id)
    assert desk.run("keys", "revoke", key.id, "--yes", "--even-if-used").status == 0
    assert not desk.lives(key.id)


def test_the_key_in_use_here_is_never_revoked(desk: Desk) -> None:
    done = desk.run("keys", "revoke", "oai-tui", "--yes", "--even-if-used")
    assert done.status == 1
    assert "signed in with" in done.told
    assert desk.one("oai-tui")


def test_a_word_that_is_no_key_revokes_nothing(desk: Desk) -> None:
    assert desk.run("keys", "revoke", "etl-old", "no-such-key", "--yes").status == 2
    assert desk.one("etl-old")


def test_without_a_terminal_it_takes_a_yes(desk: Desk) -> None:
    for command in (("revoke", "etl-old"), ("extend", "kiosk", "--expires", "30d")):
        done = desk.run("keys", *command)
        assert done.status == 2
        assert "Say --yes" in done.told
    assert desk.one("etl-old")


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("\x04", 1)])
def test_on_a_terminal_only_a_yes_revokes(desk: Desk, typed: str, status: int) -> None:
    key = desk.one("etl-old")
    with desk.terminal("keys", "revoke", key.id) as terminal:
        terminal.wait_for("for good? [y/N]")
        assert key.id in terminal.text
        terminal.type(typed)
        assert terminal.wait_exit() == status
    assert desk.lives(key.id) is (status != 0)
