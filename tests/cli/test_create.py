"""`oai-tui keys create`."""

from __future__ import annotations

import stat

import pytest

from oai_tui.simulator.model import Key
from tests.canary import leaks
from tests.cli.desk import Desk

FOR_CI = ("keys", "create", "--name", "job", "--project", "Web app", "--account", "ci")


def test_standard_output_is_the_key_and_nothing_else(desk: Desk) -> None:
    done = desk.run(*FOR_CI, "--deliver", "show", "--yes", "--expires", "90d", shows=True)
    made = desk.one("job-")
    assert (done.status, done.out) == (0, f"{made.value}\n")
    assert made.expires_at == made.created_at + 90 * 86400
    assert made.id in done.told
    assert desk.run("keys", "list").told.count("\n") == 1, "nothing is unfinished"


def test_a_new_account_and_an_admin_key_are_made_as_well(desk: Desk) -> None:
    new_account = ("--project", "Web app", "--new-account", "--scopes", "read")
    done = desk.run(
        "keys", "create", "--name", "robot", *new_account, "--deliver", "file:a", "--yes"
    )
    assert done.status == 0, done.told
    robot = desk.one("robot-")
    assert isinstance(robot, Key)
    assert robot.scopes
    done = desk.run("keys", "create", "--name", "boss", "--admin", "--deliver", "file:b", "--yes")
    assert done.status == 0
    assert (desk.home / "b").read_text().strip() == desk.one("boss-").value
    assert stat.S_IMODE((desk.home / "b").stat().st_mode) == 0o600


def test_a_key_goes_to_several_places_and_one_that_fails_stops_no_other(desk: Desk) -> None:
    desk.settings('[commands.store]\nrun = ["sh", "-c", "cat > stored; echo kept"]\n')
    desk.settings('[commands.broken]\nrun = ["sh", "-c", "cat; exit 3"]\n')
    places = ("command:broken", "command:store", "env:app/.env:OPENAI_API_KEY")
    (desk.home / "app").mkdir()
    done = desk.run(*FOR_CI, "--yes", *(word for place in places for word in ("--deliver", place)))
    value = desk.one("job-").value
    assert done.status == 1
    assert "command broken" in done.told
    assert "Not every place has the key." in done.told
    assert (desk.home / "stored").read_text().strip() == value
    assert (desk.home / "app" / ".env").read_text() == f"OPENAI_API_KEY={value}\n"
    assert desk.run("keys", "list").told.count("\n") == 1, "somebody has it"


def test_where_it_went_is_where_its_first_rotation_takes_it(desk: Desk) -> None:
    desk.run(*FOR_CI, "--deliver", "env:.env:TOKEN", "--yes")
    old = desk.one("job-")
    done = desk.run("keys", "rotate", old.id, "--yes")
    assert done.status == 0, done.told
    (new,) = (key for key in desk.named("job-") if key.id != old.id)
    assert (desk.home / ".env").read_text() == f"TOKEN={new.value}\n"
    assert new.name.count("-") == 1, "named as the key was named, with a nonce of its own"


def test_a_key_shown_once_is_not_shown_by_itself_the_next_time(desk: Desk) -> None:
    desk.run(*FOR_CI, "--deliver", "show", "--yes", shows=True)
    done = desk.run("keys", "rotate", desk.one("job-").id, "--yes")
    assert done.status == 2
    assert "not said where" in done.told


def test_a_key_that_got_nowhere_is_named_until_it_is_revoked(desk: Desk) -> None:
    desk.settings('[commands.broken]\nrun = ["false"]\n')
    done = desk.run(*FOR_CI, "--deliver", "command:broken", "--yes")
    made = desk.one("job-")
    assert done.status == 1
    assert f"oai-tui keys revoke {made.id}" in done.told
    assert f"oai-tui keys revoke {made.id}" in desk.run("keys", "list").told
    assert desk.run("keys", "revoke", made.id, "--yes").status == 0
    assert not desk.lives(made.id)
    assert made.id not in desk.run("keys", "list").told


def test_a_key_that_got_nowhere_is_offered_to_who_is_there(desk: Desk) -> None:
    desk.settings('[commands.broken]\nrun = ["false"]\n')
    with desk.terminal(*FOR_CI, "--deliver", "command:broken") as terminal:
        terminal.wait_for("Make it? [y/N]")
        terminal.type("y\n")
        terminal.wait_for("Show it here instead? [y/N]")
        assert not leaks(desk.one("job-").value, terminal.raw)
        terminal.type("y\n")
        assert terminal.wait_exit() == 0
        assert desk.one("job-").value in "".join(terminal.screen)


@pytest.mark.parametrize("target", ["/dev/full", "closed"])
def test_a_key_that_cannot_be_written_is_not_lost_sight_of(desk: Desk, target: str) -> None:
    line = f"oai-tui {' '.join(FOR_CI[:4])} --admin --deliver show --yes"
    done = desk.shell(f"{line} | true" if target == "closed" else f"{line} > {target}")
    assert "could not be shown" in done.told
    assert f"oai-tui keys revoke {desk.one('job-').id}" in done.told
    assert "Traceback" not in done.told
    assert "Exception ignored" not in done.told


def test_an_answer_that_never_came_is_told_and_found_again(desk: Desk) -> None:
    desk.faults.set("reset-after@POST /organization/projects")
    done = desk.run(*FOR_CI, "--deliver", "file:a", "--yes")
    desk.faults.clear()
    assert done.status == 1
    assert "oai-tui keys list tells" in done.told
    assert not (desk.home / "a").exists()
    assert f"oai-tui keys revoke {desk.one('job-').id}" in desk.run("keys", "list").told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--name", "x"), "whom the key is for"),
        (("--name", "x", "--admin", "--new-account"), "whom the key is for"),
        (("--name", "x", "--admin", "--project", "Web app"), "belongs to no project"),
        (("--name", "x", "--account", "ci"), "in which project"),
        (("--name", "x", "--project", "nope", "--account", "ci"), "There are: Default project"),
        (("--name", "x", "--project", "Web app", "--account", "nope"), "There are: web-api, ci."),
        (("--name", "x", "--admin", "--scopes", "read"), "may do everything"),
        (("--name", "x", "--admin", "--expires", "3m"), "minutes or months"),
        (("--name", "a\x1b[2J", "--admin"), "only visible characters"),
        (("--name", "sk-proj-1234567890", "--admin"), "looks like a key"),
        (("--name", "x", "--admin", "--deliver", "mail:me"), "no place to deliver"),
        (("--name", "x", "--admin", "--deliver", "command:none"), "no command none"),
        (("--name", "x", "--admin", "--deliver", "clipboard"), "no terminal"),
        (("--name", "x", "--admin", "--deliver", "sk-proj-1234567890"), "looks like a key"),
    ],
)
def test_wrong_use_makes_nothing(desk: Desk, arguments: tuple[str, ...], told: str) -> None:
    deliver = () if "--deliver" in arguments else ("--deliver", "file:new")
    living = len(desk.named(""))
    done = desk.run("keys", "create", "--yes", *deliver, *arguments)
    assert (done.status, done.out) == (2, "")
    assert told in done.told
    assert len(desk.named("")) == living
    assert not (desk.home / "new").exists()


def test_a_place_that_cannot_take_it_is_told_before_anything_is_made(desk: Desk) -> None:
    done = desk.run(*FOR_CI, "--deliver", "file:no/such/folder", "--yes")
    assert done.status == 1
    assert not desk.named("job-")


def test_without_a_terminal_it_takes_a_yes_and_a_place(desk: Desk) -> None:
    assert "--yes" in desk.run(*FOR_CI, "--deliver", "file:a").told
    assert "--deliver" in desk.run(*FOR_CI, "--yes").told
    assert not desk.named("job-")


def test_ctrl_c_at_the_question_makes_nothing(desk: Desk) -> None:
    with desk.terminal(*FOR_CI) as terminal:
        terminal.wait_for("Make it? [y/N]")
        terminal.type("\x03")
        assert terminal.wait_exit() == 1
        assert "Make it?" in terminal.text
    assert not desk.named("job-")


def test_ctrl_c_while_the_key_is_made_waits_for_it(desk: Desk) -> None:
    desk.faults.set("hold*1@POST /organization/admin_api_keys")
    (hold,) = desk.faults.active
    line = ("keys", "create", "--name", "job", "--admin", "--deliver", "file:a", "--yes")
    with desk.terminal(*line) as terminal:
        terminal.wait_for(lambda _: hold.times == 0)
        terminal.type("\x03")
        terminal.wait_for("Ending what was begun")
        desk.faults.clear()
        assert terminal.wait_exit() == 1
    assert (desk.home / "a").read_text().strip() == desk.one("job-").value
    assert "revoke" not in desk.run("keys", "list").told


def test_read_only_makes_changes_and_revokes_nothing(desk: Desk) -> None:
    key = desk.account_key()
    for command in (
        ("create", "--name", "job", "--admin", "--deliver", "file:a"),
        ("extend", key.id, "--expires", "90d"),
        ("revoke", key.id, "--even-if-used"),
        ("rotate", key.id, "--deliver", "file:a"),
        ("rotations", "--forget", "x"),
    ):
        done = desk.run("--read-only", "keys", *command, "--yes")
        assert done.status == 2
        assert "Read-only" in done.told
    assert desk.lives(key.id)
