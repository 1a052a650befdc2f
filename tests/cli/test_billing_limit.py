"""`oai-tui billing limit`: the hard limits, read, set and removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import openai
import pytest

from oai_tui.core.base_url import BaseUrl
from oai_tui.core.changes import Action, Change
from oai_tui.simulator.model import SpendLimit
from oai_tui.store.changes import ChangeLog
from tests.cli.desk import Desk

SPENT = "$1,432.41"


@pytest.fixture
def research(desk: Desk) -> str:
    return next(id for id, each in desk.world.projects.items() if each.name == "Research")


@pytest.fixture
def official(desk: Desk) -> Iterator[openai.OpenAI]:
    """Somebody else at the same organization, with the official client."""
    with openai.OpenAI(
        admin_api_key=desk.world.admin_key, base_url=desk.base_url, api_key="sk-none"
    ) as client:
        yield client


def cents(desk: Desk, project_id: str | None = None) -> int | None:
    """Return the limit that the platform has, None for none."""
    limit = desk.world.spend_limits.get(project_id)
    return limit.cents if limit else None


def test_the_list_has_what_is_spent_of_each_and_says_who_has_none(desk: Desk) -> None:
    done = desk.run("billing", "limit")
    assert (done.status, done.told) == (0, "")
    head, *lines, none = done.out.splitlines()
    assert head.split() == ["WHOSE", "LIMIT", "SPENT", "USED", "LEFT", "REACHED", "STATUS"]
    assert lines[0].split()[:5] == ["organization", "$2,500.00", SPENT, "57", "%"]
    assert lines[0].endswith("not in Nov  enforcing")
    assert [line.split()[0] for line in lines] == ["organization", "Research", "Évaluation"]
    assert none == "5 projects have no limit."


def test_the_list_tells_the_day_a_limit_was_or_will_be_reached(desk: Desk, research: str) -> None:
    desk.world.spend_limits = {None: SpendLimit(150_000), research: SpendLimit(10_000, "inactive")}
    lines = desk.run("billing", "limit", "list").out.splitlines()
    assert "  ≈ 23 Nov  " in lines[1]
    assert lines[2].endswith("inactive")
    desk.world.spend_limits[None] = SpendLimit(100_000)
    rows = json.loads(desk.run("billing", "limit", "--format", "json").out)
    assert (rows[0]["reached_on"], rows[0]["forecast_reached_on"]) == ("2026-11-15", None)


def test_rows_for_scripts_are_in_dollars_and_never_called_a_threshold(desk: Desk) -> None:
    rows = json.loads(desk.run("billing", "limit", "--format", "json").out)
    assert [row["object"] for row in rows] == ["organization.spend_limit"] + [
        "project.spend_limit"
    ] * 2
    first = rows[0]
    assert (first["amount"], first["currency"], first["interval"]) == ("2500.00", "usd", "month")
    assert Decimal(first["spent"]) + Decimal(first["left"]) == Decimal(first["amount"])
    assert "threshold_amount" not in first
    table = desk.run("billing", "limit", "--format", "csv").out.splitlines()
    assert table[0].split(",") == list(first)
    assert len(table) == 4


def test_a_limit_set_here_is_seen_by_the_official_client_in_cents(
    desk: Desk, official: openai.OpenAI, research: str
) -> None:
    done = desk.run("billing", "limit", "set", "1,500.50", "--yes")
    assert done.status == 0, done.told
    assert "$2,500.00 a month → $1,500.50 a month (enforcing).\n" in done.told
    assert official.admin.organization.spend_limit.retrieve().threshold_amount == 150_050
    assert desk.run("billing", "limit", "set", "800", "--project", "Research", "--yes").status == 0
    of_project = official.admin.organization.projects.spend_limit
    assert of_project.retrieve(research).threshold_amount == 80_000


def test_one_set_by_the_official_client_is_seen_and_removed_here(
    desk: Desk, official: openai.OpenAI
) -> None:
    desk.run("billing", "limit")
    limits = official.admin.organization.spend_limit
    limits.update(threshold_amount=123_456_789, currency="USD", interval="month")
    assert "  $1,234,567.89  " in desk.run("billing", "limit").out
    assert desk.run("billing", "limit", "remove", "--yes").status == 0
    with pytest.raises(openai.NotFoundError):
        limits.retrieve()


def test_a_limit_that_somebody_changed_since_is_told(desk: Desk) -> None:
    assert desk.run("billing", "limit", "set", "3000", "--yes").status == 0
    assert (
        "somebody changed it"
        not in desk.run("billing", "limit", OAI_TUI_NOW="2026-11-22T14:04").told
    )
    desk.world.spend_limits[None] = SpendLimit(150_000)
    told = desk.run("billing", "limit", OAI_TUI_NOW="2026-11-22T14:04").told
    assert "was set to $3,000.00 a month here" in told
    assert "now it is $1,500.00 a month: somebody changed it since." in told


def test_what_a_limit_does_is_said_before_it_is_asked(desk: Desk) -> None:
    done = desk.run("billing", "limit", "set", "1500")
    assert done.status == 2
    assert f"has spent {SPENT} this month so far: $67.59 would be left." in done.told
    assert "At this pace it is reached on 23 November." in done.told
    assert "429 organization_spend_limit_exceeded" in done.told
    assert "Say --yes" in done.told
    assert cents(desk) == 250_000


def test_below_what_is_spent_it_takes_more_than_a_yes(desk: Desk, research: str) -> None:
    project = ("--project", research)
    for whose, spent in (((), SPENT), (project, "$359.17")):
        done = desk.run("billing", "limit", "set", "100", *whose, "--yes")
        assert done.status == 2
        assert f"{spent} this month so far" in done.told
        assert "--even-if-spent" in done.told
    assert (cents(desk), cents(desk, research)) == (250_000, 100_000)
    done = desk.run("billing", "limit", "set", "100", *project, "--yes", "--even-if-spent")
    assert done.status == 0
    assert "429 project_spend_limit_exceeded" in done.told
    assert cents(desk, research) == 10_000


def test_an_unknown_spend_takes_more_than_a_yes_too(desk: Desk) -> None:
    key = desk.world.management_only_key
    done = desk.run("billing", "limit", "set", "9000", "--yes", OPENAI_ADMIN_KEY=key)
    assert done.status == 2
    assert "What is spent this month is not known" in done.told
    assert cents(desk) == 250_000


@pytest.mark.parametrize(
    ("typed", "status", "wanted"),
    [("100\n", 0, 10_000), ("$100.00\n", 0, 10_000), ("1000\n", 1, None), ("y\n", 1, None)],
)
def test_on_a_terminal_the_amount_is_typed_again(
    desk: Desk, typed: str, status: int, wanted: int | None
) -> None:
    with desk.terminal("billing", "limit", "set", "100") as terminal:
        terminal.wait_for("Type the amount again")
        assert "$2,500.00 a month → $100.00 a month" in terminal.text
        terminal.type(typed)
        assert terminal.wait_exit() == status
    assert cents(desk) == (wanted or 250_000)


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("\x03", 1)])
def test_on_a_terminal_only_a_yes_sets_it(desk: Desk, typed: str, status: int) -> None:
    with desk.terminal("billing", "limit", "set", "3000") as terminal:
        terminal.wait_for("[y/N]")
        terminal.type(typed)
        assert terminal.wait_exit() == status
        assert "Traceback" not in terminal.text
    assert cents(desk) == (300_000 if status == 0 else 250_000)


def test_a_change_that_was_begun_comes_to_its_end(desk: Desk) -> None:
    desk.run("billing", "--check")
    desk.faults.set("hold*1@POST /organization/spend_limit")
    (hold,) = desk.faults.active
    with desk.terminal("billing", "limit", "set", "3000", "--yes") as terminal:
        terminal.wait_for(lambda _: hold.times == 0)
        terminal.type("\x03")
        terminal.wait_for("Ending what was begun")
        desk.faults.clear()
        assert terminal.wait_exit() == 1
        assert "→ $3,000.00 a month" in terminal.text
    assert cents(desk) == 300_000
    assert "of $3,000.00 hard limit" in desk.run("billing", "--check").out


def test_what_is_so_already_is_left_alone(desk: Desk) -> None:
    desk.faults.set("500@POST /organization/spend_limit", "500@DELETE /organization/spend_limit")
    done = desk.run("billing", "limit", "set", "2500")
    assert (done.status, done.told) == (
        0,
        "The hard limit of the organization is $2,500.00 a month already.\n",
    )
    done = desk.run("billing", "limit", "remove", "--project", "Web app")
    assert (done.status, done.told) == (0, "There is no hard limit of Web app.\n")


def test_the_next_command_knows_what_was_changed(desk: Desk, research: str) -> None:
    assert desk.run("billing", "--check").status == 0
    desk.run("billing", "limit", "set", "100", "--project", research, "--yes", "--even-if-spent")
    assert desk.run("billing", "--check").status == 4
    desk.run("billing", "limit", "remove", "--project", research, "--yes")
    assert desk.run("billing", "--check").status == 0


@pytest.mark.parametrize(
    ("fault", "status", "told", "wanted"),
    [
        ("reset-after", 0, "→ $3,000.00 a month (enforcing). The answer to it was lost", 300_000),
        ("500", 1, "it was to be $3,000.00 a month", 250_000),
        ("403-plain", 1, "lacks the permission", 250_000),
    ],
)
def test_a_change_that_fails_midway_is_told_and_nothing_pretends(
    desk: Desk, fault: str, status: int, told: str, wanted: int
) -> None:
    desk.faults.set(f"{fault}@POST /organization/spend_limit")
    done = desk.run("billing", "limit", "set", "3000", "--yes")
    assert done.status == status
    assert told in done.told
    assert cents(desk) == wanted


def test_read_only_refuses_before_anything_is_asked(desk: Desk) -> None:
    desk.faults.set("reset-before")
    for words in (("set", "100"), ("remove",)):
        done = desk.run("--read-only", "billing", "limit", *words, "--yes")
        assert done.status == 2
        assert "Read-only: nothing is changed here." in done.told


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("0", "A limit is at least one cent"),
        ("12.345", "is not an amount of money"),
        ("1.500,00", "is not an amount of money"),
        ("2e3", "is not an amount of money"),
        ("many", "is not an amount of money"),
        ("", "No amount is typed"),
    ],
)
def test_what_is_no_amount_of_money_is_refused(desk: Desk, amount: str, told: str) -> None:
    done = desk.run("billing", "limit", "set", amount, "--yes", "--even-if-spent")
    assert done.status == 2
    assert told in done.told
    assert cents(desk) == 250_000


def test_a_project_is_meant_by_its_id_or_its_name_and_no_other_way(desk: Desk) -> None:
    done = desk.run("billing", "limit", "set", "900", "--project", "research", "--yes")
    assert done.status == 2
    assert "There is no project “research”." in done.told
    for each in list(desk.world.projects.values())[:2]:
        each.name = "twin"
    done = desk.run("billing", "limit", "set", "900", "--project", "twin", "--yes")
    assert done.status == 2
    assert "2 projects are called twin: proj_" in done.told


def test_what_is_left_is_exact_to_the_last_digit_that_was_told(desk: Desk) -> None:
    desk.world.spend_limits[None] = SpendLimit(10**20 + 1)
    rows = json.loads(desk.run("billing", "limit", "--format", "json").out)
    told = [tuple(Fraction(row[name]) for name in ("amount", "spent", "left")) for row in rows]
    assert told[0][0] == 10**18 + Fraction(1, 100)
    assert all(left == amount - spent for amount, spent, left in told)


@pytest.mark.parametrize(
    "words", [("set",), ("set", "5", "--project"), ("remove", "--project")], ids=" ".join
)
def test_a_key_typed_in_the_wrong_place_is_not_shown_again(
    desk: Desk, words: tuple[str, ...]
) -> None:
    done = desk.run("billing", "limit", *words, desk.world.admin_key, "--yes")
    assert done.status == 2
    assert "<key removed>" in done.told


def test_after_a_change_that_was_cut_off_no_limit_is_told_from_memory(desk: Desk) -> None:
    desk.run("billing")
    log = ChangeLog(
        desk.home / ".local/state/oai-tui", "default", BaseUrl.parse(desk.base_url).origin
    )
    asked_at = datetime.fromtimestamp(desk.world.now(), UTC)
    log.ask(Change(Action.SET_LIMIT, "the hard limit", "$2,500.00 a month", "", asked_at))
    log.close()
    desk.world.spend_limits[None] = SpendLimit(150_000)
    assert "of $1,500.00 hard limit" in desk.run("billing", "--check").out
