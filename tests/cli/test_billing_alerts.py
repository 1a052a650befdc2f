"""`oai-tui billing alerts`: listed, made, changed and deleted."""

from __future__ import annotations

import json

import pytest

from oai_tui.simulator.model import Alert
from tests.cli.desk import Desk


def alerts(desk: Desk) -> list[Alert]:
    """Return the alerts that the platform has, the smallest first."""
    return sorted(desk.world.alerts.values(), key=lambda alert: alert.cents)


def project_id(desk: Desk, name: str) -> str:
    return next(id for id, each in desk.world.projects.items() if each.name == name)


def test_the_list_has_recipients_and_the_day_an_alert_is_passed(desk: Desk) -> None:
    alerts(desk)[0].cents = 143_000
    done = desk.run("billing", "alerts")
    assert (done.status, done.told) == (0, "")
    head, first, second = done.out.splitlines()
    names = ["ID", "WHOSE", "AMOUNT", "USED", "REACHED", "MAILS", "SUBJECT"]
    assert head.split() == names
    assert "$1,430.00  100 %  22 Nov" in first
    assert "finance@acme-research.example  OpenAI spend" in first
    assert "60 %  not in Nov" in second
    rows = json.loads(desk.run("billing", "alerts", "list", "--format", "json").out)
    assert [row["amount"] for row in rows] == ["1430.00", "2375.00"]
    assert rows[0]["reached_on"] == "2026-11-22"
    assert rows[1]["recipients"] == "finance@acme-research.example"


def test_none_and_unknown_are_told_apart(desk: Desk) -> None:
    key = desk.world.usage_only_key
    unknown = desk.run("billing", "alerts", OPENAI_ADMIN_KEY=key)
    assert unknown.status == 1
    assert "lacks the permission" in unknown.told
    assert "There are no" not in unknown.told
    desk.world.alerts.clear()
    done = desk.run("billing", "alerts")
    assert (done.status, done.out, done.told) == (0, "", "There are no spend alerts.\n")


def test_an_alert_is_made_for_a_project_with_all_that_get_the_mail(desk: Desk) -> None:
    done = desk.run(
        *("billing", "alerts", "create", "1,500.50", "--project", "Research", "--yes"),
        *("--to", "a@acme.io", "--to", "b@acme.io, A@acme.io", "--prefix", "Careful"),
    )
    assert done.status == 0, done.told
    mails = "$1,500.50 a month, mails a@acme.io, b@acme.io, subject “Careful”"
    assert f"spend alert of Research: no alert → {mails}." in done.told
    made = alerts(desk)[0]
    assert (made.cents, made.project_id) == (150_050, project_id(desk, "Research"))
    assert (made.recipients, made.subject_prefix) == (["a@acme.io", "b@acme.io"], "Careful")


def test_an_alert_that_is_passed_already_is_said_to_be(desk: Desk) -> None:
    done = desk.run("billing", "alerts", "create", "100", "--to", "a@acme.io")
    assert done.status == 2
    assert "$1,432.41 is spent this month: it is passed already." in done.told
    assert "Say --yes" in done.told
    assert len(alerts(desk)) == 2


def test_what_is_not_named_stays_when_an_alert_is_changed(desk: Desk) -> None:
    alert = alerts(desk)[0]
    done = desk.run("billing", "alerts", "edit", alert.id, "--amount", "1800", "--yes")
    assert done.status == 0, done.told
    assert "$2,000.00 a month, mails finance@acme-research.example" in done.told
    assert "→ $1,800.00 a month, mails finance@acme-research.example" in done.told
    assert (alert.cents, alert.subject_prefix) == (180_000, "OpenAI spend")
    desk.run("billing", "alerts", "edit", alert.id, "--to", "a@acme.io", "--prefix", "", "--yes")
    assert (alert.cents, alert.recipients) == (180_000, ["a@acme.io"])
    assert not alert.subject_prefix
    done = desk.run("billing", "alerts", "edit", alert.id, "--amount", "1800")
    assert done.status == 0
    assert "is that already" in done.told


def test_an_alert_of_a_project_is_found_by_its_id_alone(desk: Desk) -> None:
    options = ("--to", "a@acme.io", "--project", "Default project", "--yes")
    desk.run("billing", "alerts", "create", "900", *options)
    alert = alerts(desk)[0]
    assert desk.run("billing", "alerts", "edit", alert.id, "--amount", "950", "--yes").status == 0
    assert alert.cents == 95_000
    assert desk.run("billing", "alerts", "delete", alert.id, "--yes").status == 0
    assert alert not in alerts(desk)


def test_one_that_cannot_be_deleted_stops_no_other(desk: Desk) -> None:
    first, second = alerts(desk)
    desk.faults.set(f"403-plain@DELETE /organization/spend_alerts/{first.id}")
    done = desk.run("billing", "alerts", "delete", first.id, second.id, first.id, "--yes")
    assert done.status == 1
    assert alerts(desk) == [first]
    assert f"The spend alert of the organization ({first.id}): " in done.told
    assert "lacks the permission" in done.told
    assert "$2,375.00 a month, mails finance@acme-research.example" in done.told
    assert "→ no alert." in done.told


@pytest.mark.parametrize(("typed", "left"), [("y\n", 1), ("n\n", 2), ("\x03", 2)])
def test_on_a_terminal_only_a_yes_deletes(desk: Desk, typed: str, left: int) -> None:
    alert = alerts(desk)[0]
    with desk.terminal("billing", "alerts", "delete", alert.id) as terminal:
        terminal.wait_for("[y/N]")
        assert f"Delete the spend alert of the organization ({alert.id})?" in terminal.text
        terminal.type(typed)
        assert terminal.wait_exit() == (0 if left == 1 else 1)
    assert len(alerts(desk)) == left


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("create", "100", "--to", "nobody"), "is not an e-mail address"),
        (("create", "lots", "--to", "a@acme.io"), "is not an amount of money"),
        (("create", "100"), "Missing option '--to'"),
        (("edit", "ID"), "Nothing is to be changed"),
        (("edit", "alert_none", "--amount", "5"), "There is no spend alert “alert_none”"),
        (("delete", "ID", "alert_none"), "There is no spend alert “alert_none”"),
    ],
)
def test_wrong_use_changes_nothing(desk: Desk, words: tuple[str, ...], told: str) -> None:
    before = [(alert.id, alert.cents) for alert in alerts(desk)]
    typed = [alerts(desk)[0].id if word == "ID" else word for word in words]
    done = desk.run("billing", "alerts", *typed, "--yes")
    assert done.status == 2
    assert told in done.told
    assert [(alert.id, alert.cents) for alert in alerts(desk)] == before


def test_read_only_changes_no_alert(desk: Desk) -> None:
    id = alerts(desk)[0].id
    for words in (
        ("create", "5", "--to", "a@acme.io"),
        ("edit", id, "--amount", "5"),
        ("delete", id),
    ):
        done = desk.run("--read-only", "billing", "alerts", *words, "--yes")
        assert done.status == 2
        assert "Read-only" in done.told
    assert [alert.cents for alert in alerts(desk)] == [200_000, 237_500]
