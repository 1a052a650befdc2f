"""`oai-tui doctor` and `cache clear`."""

from __future__ import annotations

import re

from tests.cli.desk import Desk


def marks(out: str) -> dict[str, str]:
    """Return the mark of each line by its subject."""
    return {line[3:15].strip(): line[:3].strip() for line in out.splitlines() if line[0] != " "}


def taken(out: str, subject: str) -> str:
    found = re.search(rf"^ok {subject} +(.+) of at most", out, re.MULTILINE)
    assert found, out
    return found[1]


def test_it_tells_on_one_screen_what_works(desk: Desk) -> None:
    desk.sign_in_for_good()
    done = desk.run("doctor")
    assert (done.status, done.told) == (0, "")
    assert len(done.out.splitlines()) < 24
    found = marks(done.out)
    assert found["key store"] == found["management"] == found["usage"] == "ok"
    assert "admin key, from keyring" in done.out


def test_a_locked_key_store_is_told_with_the_way_out_and_fails(desk: Desk) -> None:
    desk.sign_in_for_good()
    (desk.home / "safe.locked").touch()
    done = desk.run("doctor")
    assert done.status == 1
    assert "!  key store   locked: " in done.out
    assert marks(done.out)["key"] == "✖"


def test_what_is_wrong_names_no_key_of_the_app(desk: Desk) -> None:
    done = desk.run("doctor", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert done.status == 1
    assert "Check the network, then try again.\n" in done.out


def test_a_terminal_without_the_mark_gets_a_letter(desk: Desk) -> None:
    done = desk.shell("oai-tui doctor", OPENAI_ADMIN_KEY="", PYTHONIOENCODING="ascii:replace")
    assert done.status == 1
    assert marks(done.out)["key"] == "x"


def test_what_was_begun_is_told_with_where_to_see_to_it(desk: Desk) -> None:
    desk.run("keys", "rotate", desk.account_key().name, "--deliver", "file:key.txt", "--yes")
    done = desk.run("doctor")
    assert marks(done.out)["journal"] == "!"
    assert "0 creations, 1 rotation" in done.out
    assert "oai-tui keys rotations" in done.out


def test_clearing_forgets_answers_and_figures_of_this_profile_only(desk: Desk) -> None:
    desk.run("keys", "list")
    desk.run("usage", "--since", "90d")
    desk.run("--profile", "other", "usage", "--since", "7d")
    before = desk.run("doctor").out
    done = desk.run("cache", "clear", "--yes")
    assert (done.status, done.out) == (0, "")
    assert re.fullmatch(r"Forgotten for profile default; .+ are free again\.\n", done.told)
    after = desk.run("doctor").out
    assert taken(after, "cache") != taken(before, "cache")
    assert taken(after, "ledger") != taken(before, "ledger")
    desk.faults.set("reset-before")
    assert desk.run("usage", "--since", "7d").out == ""
    assert desk.run("--profile", "other", "usage", "--since", "7d").status == 0


def test_clearing_asks_first_and_leaves_the_journal(desk: Desk) -> None:
    desk.run("keys", "rotate", desk.account_key().name, "--deliver", "file:key.txt", "--yes")
    done = desk.run("cache", "clear")
    assert (done.status, done.out) == (2, "")
    assert "Say --yes" in done.told
    desk.run("cache", "clear", "--yes")
    assert marks(desk.run("doctor").out)["journal"] == "!"
