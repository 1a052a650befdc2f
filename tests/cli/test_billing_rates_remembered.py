"""`oai-tui billing rates` beside what it read before: what is young is not asked for again."""

from __future__ import annotations

import json

from oai_tui.simulator.model import RateLimit
from tests.cli.desk import Desk

LATER = "2026-11-22T12:44:00+00:00"
RATES = ("billing", "rates")
REFUSED = "403-plain@GET /organization/projects/*/rate_limits"


def limit_of(desk: Desk, project: str, model: str) -> RateLimit:
    id = next(id for id, each in desk.world.projects.items() if each.name == project)
    limits = desk.world.rate_limits_of(id).values()
    return next(each for each in limits if each.model == model)


def test_what_was_read_within_the_hour_is_told_with_its_age(desk: Desk) -> None:
    first = desk.run(*RATES)
    assert "--fresh" not in first.told
    desk.faults.set(REFUSED)
    again = desk.run(*RATES, OAI_TUI_NOW=LATER)
    assert again.status == 0
    assert again.out.splitlines()[0] == first.out.splitlines()[0]
    assert "Ceilings as last seen 40 min ago; --fresh asks again." in again.told
    fresh = desk.run(*RATES, "--fresh", OAI_TUI_NOW=LATER)
    assert fresh.status == 1
    assert "What was seen of them last is shown." in fresh.told


def test_a_change_starts_from_what_is_there_and_not_from_what_is_remembered(desk: Desk) -> None:
    limit = limit_of(desk, "Web app", "gpt-5.6")
    desk.run(*RATES)
    limit.max_requests_per_1_minute = 10
    chosen = ("--project", "Web app", "--model", "gpt-5.6")
    done = desk.run(*RATES, "set", *chosen, "--requests-a-minute", "x2", "--yes")
    assert "10 requests a minute → 20 requests a minute" in done.told
    desk.faults.set(REFUSED)
    (row,) = json.loads(desk.run(*RATES, *chosen, "--format", "json").out)
    assert row["max_requests_per_1_minute"] == 20


def test_the_use_of_the_day_is_told_and_what_cannot_be_compared_is_named(desk: Desk) -> None:
    done = desk.run(*RATES)
    assert (
        "Not compared, as no usage tells what counts: megabytes of audio a minute, batch input "
        "tokens a day." in done.told
    )
    rows = json.loads(desk.run(*RATES, "--project", "Data pipeline", "--format", "json").out)
    (mini,) = (row for row in rows if row["model"] == "gpt-5.6-mini")
    assert mini["requests_today"] > 0
    assert mini["batch_input_tokens_today"] > 0
    assert {row["requests_today"] for row in rows if row["throttled"] is None} == {None}
