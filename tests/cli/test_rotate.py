"""`oai-tui keys rotate` and `keys rotations`."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from oai_tui.simulator.model import AdminKey, Key
from tests.cli.desk import Desk
from tests.journeys.driving import SECONDS


def id_of(new: Key | AdminKey) -> str:
    return new.name.rpartition("-")[2]


def test_a_key_is_rotated_in_two_commands_and_never_missing(desk: Desk) -> None:
    old = desk.account_key()
    (desk.home / ".env").write_text(f"# mine\nTOKEN={old.value}\nOTHER=1\n")
    done = desk.run("keys", "rotate", old.name, "--deliver", "env:.env:TOKEN", "--yes")
    assert (done.status, done.out) == (0, "")
    new = desk.new_of(old)
    assert (desk.home / ".env").read_text() == f"# mine\nTOKEN={new.value}\nOTHER=1\n"
    assert desk.lives(old.id)
    assert f"--resume {id_of(new)}" in done.told
    assert "1 unfinished rotation:" in desk.run("keys", "list").told
    old.last_used_at = None
    old.traffic = None
    done = desk.run("keys", "rotations", "--resume", id_of(new), "--yes")
    assert done.status == 0, done.told
    assert not desk.lives(old.id)
    assert desk.lives(new.id)
    assert desk.events("api_key.created", "api_key.deleted")[-2:] == [
        "api_key.created",
        "api_key.deleted",
    ]
    assert desk.run("keys", "rotations").told == "Nothing is being rotated.\n"


def test_the_value_is_standard_output_where_it_is_to_be_shown(desk: Desk) -> None:
    old = desk.account_key()
    done = desk.run("keys", "rotate", old.id, "--deliver", "show", "--yes", shows=True)
    assert done.out == f"{desk.new_of(old).value}\n"


def test_what_was_chosen_is_in_the_plan_and_in_the_key(desk: Desk) -> None:
    old = desk.account_key()
    wishes = ("--expires", "30d", "--scopes", "read", "--keep-old", "--deliver", "file:a")
    done = desk.run("keys", "rotate", old.id, *wishes, "--yes")
    new = desk.new_of(old)
    assert "It expires 22 Dec 2026 12:04 UTC, in 30 d; scopes: read only." in done.told
    assert new.expires_at == desk.in_a_month
    assert new.scopes
    assert desk.lives(old.id)
    assert desk.run("keys", "rotations").told == "Nothing is being rotated.\n"


def test_the_unfinished_ones_are_listed_in_every_form(desk: Desk) -> None:
    old = desk.account_key()
    desk.run("keys", "rotate", old.id, "--deliver", "file:a", "--yes")
    new = desk.new_of(old)
    told = desk.run("keys", "rotations").out
    assert told.startswith("ID ")
    assert "Revoke the old key once nobody uses it" in told
    (row,) = json.loads(desk.run("keys", "rotations", "--format", "json").out)
    assert (row["id"], row["old_id"], row["new_id"]) == (id_of(new), old.id, new.id)
    assert (row["step"], row["in_doubt"]) == ("waiting", False)
    (line,) = csv.DictReader(io.StringIO(desk.run("keys", "rotations", "--format", "csv").out))
    assert list(line) == list(row)


def test_waiting_ends_with_the_old_keys_revoked_all_at_once(desk: Desk) -> None:
    names = ("etl-old", "kiosk")
    old = [desk.one(name) for name in names]
    done = desk.run(
        "keys", "rotate", *names, "--deliver", "show", "--wait", "1s", "--yes", shows=True
    )
    assert done.status == 0, done.told
    assert len(done.out.split()) == 2
    assert done.told.index("etl-old: revoked") > done.told.index("kiosk: waiting")
    assert not any(desk.lives(key.id) for key in old)
    assert all(desk.new_of(key).value in done.out for key in old)
    assert "All of them:" in done.told


def test_an_old_key_that_is_still_used_is_not_revoked_by_waiting(desk: Desk) -> None:
    old = desk.account_key()
    old.last_used_at = SECONDS + 30
    old.traffic = None
    done = desk.run("keys", "rotate", old.id, "--deliver", "file:a", "--wait", "1s", "--yes")
    new = desk.new_of(old)
    resume = f"keys rotations --resume {id_of(new)}"
    assert done.status == 1
    assert f"{resume} --even-if-used" in done.told
    assert desk.lives(old.id)
    assert desk.run(*resume.split(), "--yes").status == 1
    assert desk.run(*resume.split(), "--yes", "--even-if-used").status == 0
    assert not desk.lives(old.id)


def test_one_that_fails_stops_no_other(desk: Desk) -> None:
    first, second = desk.one("etl-old"), desk.one("kiosk")
    assert isinstance(first, Key)
    desk.faults.set(f"500@POST /organization/projects/{first.project_id}")
    done = desk.run(
        *("keys", "rotate", first.id, second.id, "--deliver", "show", "--yes"), shows=True
    )
    assert done.status == 1
    assert "request req_" in done.told
    assert done.out == f"{desk.new_of(second).value}\n"
    assert len(json.loads(desk.run("keys", "rotations", "--format", "json").out)) == 2


def test_a_key_that_cannot_be_rotated_stops_no_other(desk: Desk) -> None:
    key = desk.account_key()
    desk.run("keys", "rotate", key.id, "--deliver", "file:a", "--yes")
    done = desk.run("keys", "rotate", key.id, "kiosk", "--deliver", "file:b", "--yes")
    assert done.status == 1
    assert "in a rotation that is unfinished" in done.told
    assert (desk.home / "b").read_text().strip() == desk.new_of(desk.one("kiosk")).value


def test_no_key_is_written_over_another(desk: Desk) -> None:
    for place in ("env:.env:TOKEN", "file:a"):
        done = desk.run("keys", "rotate", "etl-old", "kiosk", "--deliver", place, "--yes")
        assert done.status == 2
        assert "Two new keys cannot both go to" in done.told
    assert not (desk.home / ".env").exists()


def test_a_value_that_got_nowhere_waits_in_the_key_store(desk: Desk) -> None:
    desk.sign_in_for_good()
    desk.settings('[commands.broken]\nrun = ["false"]\n')
    old = desk.account_key()
    done = desk.run("keys", "rotate", old.id, "--deliver", "command:broken", "--yes")
    new = desk.new_of(old)
    assert done.status == 1
    assert f"--resume {id_of(new)}" in done.told
    again = desk.run("keys", "rotations", "--resume", new.id, "--yes")
    assert again.status == 1, "the same command fails again"
    done = desk.run("keys", "rotations", "--resume", new.id, "--deliver", "file:a", "--yes")
    assert (desk.home / "a").read_text().strip() == new.value
    assert new.value not in (desk.home / "safe.json").read_text()
    assert desk.lives(new.id)


def test_a_value_that_nothing_could_keep_is_told_as_gone(desk: Desk) -> None:
    desk.settings('[commands.broken]\nrun = ["false"]\n')
    old = desk.account_key()
    done = desk.run("keys", "rotate", old.id, "--deliver", "command:broken", "--yes")
    new = desk.new_of(old)
    assert f"keys rotations --undo {id_of(new)}" in done.told
    assert desk.run("keys", "rotations", "--resume", new.id, "--yes").status == 1
    assert desk.lives(old.id)
    assert desk.run("keys", "rotations", "--undo", id_of(new), "--yes").status == 0
    assert not desk.lives(new.id)
    assert desk.lives(old.id)


def test_a_value_that_got_nowhere_is_offered_to_who_is_there(desk: Desk) -> None:
    desk.settings('[commands.broken]\nrun = ["false"]\n')
    old = desk.account_key()
    with desk.terminal("keys", "rotate", old.id, "--deliver", "command:broken") as terminal:
        terminal.wait_for("Rotate 1 key? [y/N]")
        terminal.type("y\n")
        terminal.wait_for("Show it here instead? [y/N]")
        terminal.type("y\n")
        assert terminal.wait_exit() == 0
        assert desk.new_of(old).value in "".join(terminal.screen)
        assert "Both keys live" in terminal.text


def test_a_rotation_is_forgotten_with_its_consequences_told(desk: Desk) -> None:
    old = desk.account_key()
    desk.run("keys", "rotate", old.id, "--deliver", "file:a", "--yes")
    new = desk.new_of(old)
    done = desk.run("keys", "rotations", "--forget", old.name, "--yes")
    assert "Both keys go on living" in done.told
    assert desk.lives(old.id)
    assert desk.lives(new.id)
    assert desk.run("keys", "rotations").told == "Nothing is being rotated.\n"


def test_an_answer_that_never_came_is_found_by_the_next_command(desk: Desk) -> None:
    old = desk.account_key()
    desk.faults.set("reset-after@POST /organization/projects")
    done = desk.run("keys", "rotate", old.id, "--deliver", "file:a", "--yes")
    desk.faults.clear()
    assert done.status == 1
    assert "in doubt" in desk.run("keys", "rotations").out
    new = desk.new_of(old)
    assert desk.run("keys", "rotations", "--undo", id_of(new), "--yes").status == 0
    assert not desk.lives(new.id)
    assert desk.lives(old.id)


def test_the_key_signed_in_with_takes_its_own_place(desk: Desk) -> None:
    desk.sign_in_for_good()
    old = desk.one("oai-tui")
    done = desk.run("keys", "rotate", "oai-tui", "--yes")
    assert done.status == 0, done.told
    new = desk.new_of(old)
    assert new.value in (desk.home / "safe.json").read_text()
    done = desk.run("keys", "rotations", "--resume", id_of(new), "--yes", "--even-if-used")
    assert done.status == 0, done.told
    assert not desk.lives(old.id)
    assert old.value not in (desk.home / "safe.json").read_text()
    assert desk.run("keys", "list").status == 0


def test_ctrl_c_in_the_waiting_leaves_a_rotation_to_go_on_with(desk: Desk) -> None:
    old = desk.account_key()
    with desk.terminal(
        "keys", "rotate", old.id, "--deliver", "file:a", "--wait", "30m"
    ) as terminal:
        terminal.wait_for("Rotate 1 key? [y/N]")
        terminal.type("y\n")
        terminal.wait_for("to go;")
        terminal.type("\x03")
        assert terminal.wait_exit() == 1
        assert re.search(r"keys rotations --resume \w{5}", terminal.text)
    new = desk.new_of(old)
    assert desk.lives(old.id)
    old.last_used_at, old.traffic = None, None
    assert desk.run("keys", "rotations", "--resume", id_of(new), "--yes").status == 0
    assert not desk.lives(old.id)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rotate", "kiosk", "--wait", "30m", "--keep-old"), "Leave out --keep-old"),
        (("rotate", "kiosk", "--wait", "never"), "needs an end"),
        (("rotate", "kiosk", "--wait", "soon"), "no length of time"),
        (("rotate", "kiosk", "--deliver", "mail:me"), "no place to deliver"),
        (("rotate", "nobody"), "There is no key"),
        (
            ("rotate", "audit 2025", "--scopes", "read", "--deliver", "file:a"),
            "has all permissions",
        ),
        (("rotations", "--resume", "x"), "No unfinished rotation"),
        (("rotations", "--resume", "x", "--undo", "y"), "Only one thing"),
        (("rotations", "--undo", "x", "--deliver", "show"), "go with --resume"),
    ],
)
def test_wrong_use_makes_nothing(desk: Desk, arguments: tuple[str, ...], told: str) -> None:
    living = len(desk.named(""))
    done = desk.run("keys", *arguments, "--yes")
    assert done.status == 2
    assert told in done.told
    assert len(desk.named("")) == living


def test_without_a_terminal_it_takes_a_yes_and_a_place(desk: Desk) -> None:
    old = desk.account_key()
    assert "--deliver" in desk.run("keys", "rotate", old.id, "--yes").told
    assert "--yes" in desk.run("keys", "rotate", old.id, "--deliver", "file:a").told
    desk.run("keys", "rotate", old.id, "--deliver", "file:a", "--yes")
    for action in ("--resume", "--undo", "--forget"):
        done = desk.run("keys", "rotations", action, old.id)
        assert done.status == 2
        assert "Say --yes" in done.told
    assert desk.lives(old.id)
