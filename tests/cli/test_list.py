"""`oai-tui keys list` and `keys show`."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.desk import Desk

FIELDS = [
    *("id", "name", "kind", "project_id", "project", "owner_type", "owner", "redacted_value"),
    *("created_at", "last_used_at", "expires_at", "health"),
    *("requests_30d", "cost_30d", "currency"),
]


def test_what_needs_attention_comes_first_and_is_counted_beside_the_rows(desk: Desk) -> None:
    done = desk.run("keys", "list")
    assert done.status == 0
    head, *rows = done.out.splitlines()
    assert head.split()[:3] == ["ID", "NAME", "HEALTH"]
    order = ["spending", "expired", "owner gone", "expiring", "not seen", "stale", "in use"]
    seen = [next(i for i, word in enumerate(order) if f"  {word} " in row) for row in rows[:7]]
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert done.told == f"{len(rows)} shown, 7 of them need attention.\n"


def test_json_and_csv_are_the_rows_and_nothing_else(desk: Desk) -> None:
    done = desk.run("keys", "list", "--format", "json")
    rows = json.loads(done.out)
    assert [list(row) for row in rows] == [FIELDS] * len(rows)
    assert done.told == ""
    table = list(csv.DictReader(io.StringIO(desk.run("keys", "list", "--format", "csv").out)))
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    assert list(table[0]) == FIELDS


def test_a_filter_is_that_of_the_app(desk: Desk) -> None:
    done = desk.run("keys", "list", "--format", "json", 'owner:"Alice Chen"', "!stale")
    found = {row["name"]: row["owner"] for row in json.loads(done.out)}
    assert set(found.values()) == {"Alice Chen"}
    assert "alice-phone" in found
    assert "alice-laptop" not in found


@pytest.mark.parametrize(("form", "out"), [("json", "[]\n"), ("csv", ",".join(FIELDS) + "\n")])
def test_nothing_found_is_still_well_formed(desk: Desk, form: str, out: str) -> None:
    assert desk.run("keys", "list", "nothing-like-that", "--format", form).out == out


def test_a_part_that_cannot_be_read_is_told_and_fails(desk: Desk) -> None:
    whole = desk.run("keys", "list", "--format", "json")
    desk.faults.set("403-envelope@/organization/admin_api_keys")
    done = desk.run("keys", "list", "--format", "json")
    assert done.status == 1
    assert len(json.loads(done.out)) >= len(json.loads(whole.out)) - 3
    assert "dmin keys" in done.told


def test_a_failure_names_its_request(desk: Desk) -> None:
    done = desk.run("keys", "list", OPENAI_ADMIN_KEY="sk-admin-nobody-has-this-one")
    assert (done.status, done.out) == (1, "")
    assert "request req_" in done.told


def test_a_command_names_no_key_to_press(desk: Desk) -> None:
    done = desk.run("keys", "list", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.status == 1
    assert "cannot be reached. Check the network, then try again.\n" in done.told


def test_nobody_signed_in_is_told_the_two_ways_in(desk: Desk) -> None:
    done = desk.run("keys", "list", OPENAI_ADMIN_KEY="")
    assert done.status == 1
    assert "oai-tui login" in done.told
    assert "OPENAI_ADMIN_KEY" in done.told


def test_a_locked_key_store_is_told_as_locked(desk: Desk) -> None:
    desk.sign_in_for_good()
    assert desk.run("keys", "list").status == 0
    (desk.home / "safe.locked").touch()
    done = desk.run("keys", "list")
    assert done.status == 1
    assert "is locked" in done.told


def test_one_key_is_shown_with_its_history(desk: Desk) -> None:
    key = desk.account_key()
    done = desk.run("keys", "show", key.name)
    assert done.status == 0
    assert f"id            {key.id}" in done.out
    assert "history       " in done.out
    (row,) = json.loads(desk.run("keys", "show", key.id, "--format", "json").out)
    assert list(row) == FIELDS
    assert row["id"] == key.id


def test_a_name_that_several_keys_have_is_not_guessed(desk: Desk) -> None:
    both = desk.named("ci-deploy")
    done = desk.run("keys", "show", "ci-deploy")
    assert (done.status, done.out) == (2, "")
    assert all(key.id in done.told for key in both)
    assert desk.run("keys", "show", both[0].id).status == 0


def test_a_name_is_not_trusted_while_a_part_of_the_list_is_missing(desk: Desk) -> None:
    key = desk.account_key()
    desk.faults.set("403-envelope@/organization/admin_api_keys")
    done = desk.run("keys", "revoke", key.name, "--yes", "--even-if-used")
    assert done.status == 2
    assert "there may be another" in done.told
    assert desk.lives(key.id)


@pytest.mark.parametrize("word", ["", "nope", "a\x1b[2Jb"])
def test_a_key_that_is_not_there_is_told_harmlessly(desk: Desk, word: str) -> None:
    done = desk.run("keys", "show", word)
    assert done.status == 2
    assert "There is no key" in done.told
    assert "\x1b" not in done.told


def test_letters_that_a_terminal_does_not_have_and_a_closed_pipe_do_no_harm(desk: Desk) -> None:
    done = desk.shell("oai-tui keys list | head -2", PYTHONIOENCODING="ascii")
    assert done.out.startswith("ID ")
    assert "Traceback" not in done.told
    done = desk.shell("oai-tui keys list", PYTHONIOENCODING="latin-1")
    assert done.status == 0
    assert "????" in done.out


def test_a_narrow_terminal_shows_the_health_of_every_key(desk: Desk) -> None:
    with desk.terminal("keys", "list", "zapier", cols=80) as terminal:
        assert terminal.wait_exit() == 0
        head, *rows = terminal.screen[:3]
        assert head.startswith("ID ")
        assert "HEALTH" in head
        assert "owner gone" in rows[0]
        assert "not seen" in rows[1]


def test_the_shell_completes_commands_and_options(desk: Desk) -> None:
    asks = '_OAI_TUI_COMPLETE=bash_complete COMP_WORDS="{0}" COMP_CWORD={1} oai-tui'
    assert desk.shell(asks.format("oai-tui keys rotat", 2)).out.split() == [
        "plain,rotate",
        "plain,rotations",
    ]
    assert "--keep-old" in desk.shell(asks.format("oai-tui keys rotate --", 3)).out
    assert "complete -o nosort -F" in desk.shell("_OAI_TUI_COMPLETE=bash_source oai-tui").out
