"""`oai-tui billing rates`: the ceilings of projects and models."""

from __future__ import annotations

import json

import pytest

from oai_tui.simulator.model import RateLimit
from tests.cli.desk import Desk

SIX = [
    *("max_requests_per_1_minute", "max_tokens_per_1_minute", "max_images_per_1_minute"),
    *("max_audio_megabytes_per_1_minute", "max_requests_per_1_day"),
    "batch_1_day_max_input_tokens",
]


def rate(desk: Desk, project: str, model: str) -> RateLimit:
    """Return a rate limit as the platform has it."""
    id = next(id for id, each in desk.world.projects.items() if each.name == project)
    limits = desk.world.rate_limits_of(id).values()
    return next(each for each in limits if each.model == model)


def test_the_list_marks_what_comes_near_its_ceiling(desk: Desk) -> None:
    done = desk.run("billing", "rates")
    assert done.status == 0
    head, *lines = done.out.splitlines()
    names = ["MODEL", "PROJECT", "BUSIEST", "REQ/MIN", "TOK/MIN", "IMG/MIN", "MB/MIN"]
    assert head.split() == [*names, "REQ/DAY", "BATCH/DAY"]
    assert lines[-1] == "▲ Research · gpt-6-astra: 93 % of tokens a minute at 07:10 UTC"
    (marked,) = (line for line in lines[:-1] if "▲" in line)
    assert marked.split()[:4] == ["gpt-6-astra", "Research", "93", "%"]
    assert f"{len(lines) - 1} shown, 1 near a ceiling.\nEstimated from usage" in done.told
    assert "the platform tells ceilings but no counters" in done.told


def test_rows_for_scripts_have_the_platforms_own_names(desk: Desk) -> None:
    done = desk.run("billing", "rates", "--throttled", "--format", "json")
    (row,) = json.loads(done.out)
    assert [name for name in row if name in SIX] == SIX
    told = rate(desk, "Research", "gpt-6-astra")
    assert [row[name] for name in SIX] == [getattr(told, name) for name in SIX]
    assert (row["id"], row["model"], row["throttled"]) == (told.id, "gpt-6-astra", True)
    assert (row["peak_of"], row["peak_share"]) == ("max_tokens_per_1_minute", "0.9333")


def test_projects_and_models_choose_the_rows(desk: Desk) -> None:
    words = ("--project", "Research", "--project", "Web app", "--model", "gpt-5.6*")
    rows = json.loads(desk.run("billing", "rates", "list", *words, "--format", "json").out)
    assert {row["project"] for row in rows} == {"Research", "Web app"}
    assert {row["model"] for row in rows} == {"gpt-5.6", "gpt-5.6-luna", "gpt-5.6-mini"}
    assert len(rows) == 6


def test_without_usage_nothing_is_said_to_be_far_from_its_ceiling(desk: Desk) -> None:
    key = desk.world.management_only_key
    done = desk.run("billing", "rates", OPENAI_ADMIN_KEY=key)
    assert done.status == 1
    assert "shown, — near a ceiling" in done.told
    told = desk.run("billing", "rates", "--format", "json", OPENAI_ADMIN_KEY=key)
    rows = json.loads(told.out)
    assert {row["throttled"] for row in rows} == {None}


def test_what_a_narrow_terminal_has_no_room_for_is_named(desk: Desk) -> None:
    with desk.terminal("billing", "rates", "--project", "Research", cols=80) as terminal:
        assert terminal.wait_exit() == 0
        rows = terminal.screen[:11]
        assert "Left out for want of room: requests a day, batch input tokens a day." in (
            terminal.screen
        )
    assert all(len(row) <= 80 and not row.endswith("…") for row in rows)


def test_many_ceilings_are_set_at_once_by_a_factor_and_by_a_value(desk: Desk) -> None:
    mini, luna = (rate(desk, "Web app", f"gpt-5.6-{name}") for name in ("mini", "luna"))
    done = desk.run(
        *("billing", "rates", "set", "--project", "Web app", "--model", "gpt-5.6-*", "--yes"),
        *("--tokens-a-minute", "x1.5", "--requests-a-minute", "400"),
    )
    assert done.status == 0, done.told
    assert "  · gpt-5.6-luna in Web app: 5,000 requests a minute, 2,000,000" in done.told
    assert done.told.count("→ 400 requests a minute, ") == 4
    assert (mini.max_requests_per_1_minute, mini.max_tokens_per_1_minute) == (400, 7_500_000)
    assert (luna.max_requests_per_1_minute, luna.max_tokens_per_1_minute) == (400, 3_000_000)
    assert rate(desk, "Research", "gpt-5.6-mini").max_requests_per_1_minute == 10_000


def test_a_ceiling_that_a_model_has_not_stays_away_and_is_named(desk: Desk) -> None:
    words = ("--project", "Web app", "--model", "whisper-1", "--model", "gpt-5.6")
    done = desk.run("billing", "rates", "set", *words, "--audio-a-minute", "+100", "--yes")
    assert done.status == 0
    assert "gpt-5.6 in Web app: the platform tells no megabytes of audio a minute" in done.told
    assert rate(desk, "Web app", "whisper-1").max_audio_megabytes_per_1_minute == 300
    assert rate(desk, "Web app", "gpt-5.6").max_audio_megabytes_per_1_minute is None


def test_one_that_fails_stops_no_other(desk: Desk) -> None:
    refused = rate(desk, "Research", "gpt-5.6")
    desk.faults.set(f"403-plain@POST /organization/projects/{refused.project_id}/rate_limits")
    words = ("--project", "Research", "--project", "Web app", "--model", "gpt-5.6", "--yes")
    done = desk.run("billing", "rates", "set", *words, "--tokens-a-minute", "50%")
    assert done.status == 1
    assert "gpt-5.6 in Research: This key lacks the permission" in done.told
    assert refused.max_tokens_per_1_minute == 2_000_000
    assert rate(desk, "Web app", "gpt-5.6").max_tokens_per_1_minute == 500_000
    assert "→ 500,000 tokens a minute." in done.told


@pytest.mark.parametrize(("typed", "tokens"), [("y\n", 1_001_000), ("n\n", 1_000_000)])
def test_on_a_terminal_old_and_new_are_seen_before_a_yes(
    desk: Desk, typed: str, tokens: int
) -> None:
    words = ("--project", "Web app", "--model", "gpt-5.6", "--tokens-a-minute", "+1000")
    with desk.terminal("billing", "rates", "set", *words) as terminal:
        terminal.wait_for("Set gpt-5.6 in Web app? [y/N]")
        assert "1,000,000 tokens a minute → 1,001,000 tokens a minute" in terminal.text
        terminal.type(typed)
        assert terminal.wait_exit() == (0 if typed == "y\n" else 1)
    assert rate(desk, "Web app", "gpt-5.6").max_tokens_per_1_minute == tokens


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--requests-a-day", "5"), "Which rate limits?"),
        (("--model", "*"), "Nothing is to be changed"),
        (("--model", "none", "--requests-a-minute", "5"), "No rate limit is chosen"),
        (("--model", "*", "--requests-a-minute", "much"), "neither a ceiling nor a change"),
        (("--model", "*", "--requests-a-minute", "-99999999"), "would be no ceiling"),
        (("--project", "none", "--requests-a-minute", "5"), "There is no project “none”"),
    ],
)
def test_wrong_use_changes_nothing(desk: Desk, words: tuple[str, ...], told: str) -> None:
    desk.faults.set("500@POST /organization/projects")
    done = desk.run("billing", "rates", "set", *words, "--yes")
    assert done.status == 2
    assert told in done.told


def test_without_a_terminal_it_takes_a_yes_and_read_only_refuses(desk: Desk) -> None:
    words = ("billing", "rates", "set", "--model", "gpt-5.6", "--tokens-a-minute", "x2")
    assert "Say --yes" in desk.run(*words).told
    assert "Read-only" in desk.run("--read-only", *words, "--yes").told
    assert rate(desk, "Web app", "gpt-5.6").max_tokens_per_1_minute == 1_000_000


def test_what_is_so_already_is_left_alone(desk: Desk) -> None:
    words = ("--project", "Web app", "--model", "gpt-5.6", "--tokens-a-minute", "1M")
    done = desk.run("billing", "rates", "set", *words)
    assert (done.status, done.told) == (0, "All of that is so already.\n")
