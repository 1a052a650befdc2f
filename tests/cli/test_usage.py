"""`oai-tui usage`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.cli.desk import Desk

FIGURES = ["input_tokens", "output_tokens", "input_cached_tokens", "num_model_requests"]
DAYS = 30
COUNTING = ("completions", "decisions", "embeddings", "moderations")


def read(desk: Desk, *arguments: str) -> list[dict[str, Any]]:
    done = desk.run("usage", "--format", "json", *arguments)
    assert (done.status, done.told) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


def asked(desk: Desk, kind: str) -> Counter[str]:
    """Return the sums of a month of a kind, by asking the platform itself."""
    midnight = desk.in_a_month // 86400 * 86400 - 30 * 86400
    start = midnight - (DAYS - 1) * 86400
    query = f"start_time={start}&end_time={midnight + 86400}&bucket_width=1d&limit={DAYS}"
    request = Request(
        f"{desk.base_url}/organization/usage/{kind}?{query}",
        headers={"Authorization": f"Bearer {desk.world.admin_key}"},
    )
    with urlopen(request) as answer:
        page = json.load(answer)
    assert not page["has_more"]
    found = Counter[str]()
    for bucket in page["data"]:
        for row in bucket["results"]:
            found.update({name: row.get(name) or 0 for name in FIGURES})
    return found


def test_rows_sum_to_what_the_platform_says_by_whatever_they_are_grouped(desk: Desk) -> None:
    direct = sum((asked(desk, kind) for kind in COUNTING), Counter[str]())
    for group in ("model", "project", "key", "user", "kind", "tier", "batch"):
        rows = read(desk, "--group", group)
        for name in FIGURES[:3]:
            assert sum(row[name] for row in rows) == direct[name], (group, name)


def test_rows_have_the_platforms_names_and_csv_those_of_its_dashboard(desk: Desk) -> None:
    rows = read(desk, "--group", "project", "--since", "7d")
    head = ["start_time", "end_time", "project_id", "project_name"]
    assert [list(row) for row in rows] == [[*head, *FIGURES]] * len(rows)
    assert any(row["project_id"] is None for row in rows)
    done = desk.run("usage", "--group", "project", "--since", "7d", "--format", "csv")
    table = list(csv.DictReader(io.StringIO(done.out)))
    times = ["start_time", "end_time", "start_time_iso", "end_time_iso"]
    assert list(table[0]) == [*times, *head[2:], *FIGURES]
    for line, row in zip(table, rows, strict=True):
        assert line["project_id"] == (row["project_id"] or "")
        assert [int(line[name]) for name in FIGURES] == [row[name] for name in FIGURES]
    assert table[-1]["end_time_iso"] == "2026-11-23T00:00:00+00:00"


def test_another_figure_stands_alone(desk: Desk) -> None:
    rows = read(desk, "--metric", "images", "--group", "size", "--since", "7d")
    assert rows
    assert [list(row) for row in rows] == [["start_time", "end_time", "size", "images"]] * len(rows)


def test_a_table_has_all_groups_their_share_and_a_total(desk: Desk) -> None:
    done = desk.run("usage", "--since", "mtd", "--compare")
    head, *lines = done.out.splitlines()
    names = ["MODEL", "TOKENS", "INPUT", "OUTPUT", "CACHED", "REQUESTS", "SHARE", "CHANGE"]
    assert head.split() == names
    end = next(place for place, line in enumerate(lines) if line.startswith("total"))
    for column in range(1, 6):
        cells = [re.split(r" {2,}", line)[column] for line in lines[: end + 1]]
        *parts, whole = (int(cell.replace(",", "")) for cell in cells)
        assert sum(parts) == whole
    assert "100 %" in lines[end]
    said = " ".join(lines[end + 1 :])
    assert "1 Nov – 22 Nov 2026 · UTC days · as of 2026-11-22 12:04 UTC" in said
    assert "Provisional from 2026-11-22 on" in said
    assert "Changed most against 1 Oct – 22 Oct 2026: " in said


def test_a_table_by_step_has_a_row_for_each_group_in_each_cut(desk: Desk) -> None:
    lines = desk.run("usage", "--since", "2d", "--step", "hour", "--group", "kind").out.splitlines()
    assert lines[0].split()[:3] == ["HOUR", "KIND", "TOKENS"]
    hours = {line[:16] for line in lines[1:] if line.startswith("2026")}
    assert len(hours) == 24 + 13
    assert max(hours) == "2026-11-22 12:00"


def test_comparing_rows_come_before_those_of_the_period(desk: Desk) -> None:
    rows = read(desk, "--since", "yesterday", "--compare")
    starts = [row["start_time"] for row in rows]
    assert starts == sorted(starts)
    assert len(set(starts)) == 2
    assert rows[len(rows) - starts.count(starts[-1]) :] == read(desk, "--since", "yesterday")


def test_a_filter_takes_a_name_or_an_id_and_leaves_the_rest_out(desk: Desk) -> None:
    by_project = read(desk, "--group", "project", "--since", "7d")
    name, id = next((r["project_name"], r["project_id"]) for r in by_project if r["project_id"])
    wanted = sum(row["input_tokens"] for row in by_project if row["project_id"] == id)
    for word in (name, id):
        rows = read(desk, "--since", "7d", "--filter", f"project={word}")
        assert sum(row["input_tokens"] for row in rows) == wanted
    nobodys = read(desk, "--since", "7d", "--filter", "project_id=")
    free = sum(row["input_tokens"] for row in by_project if row["project_id"] is None)
    assert sum(row["input_tokens"] for row in nobodys) == free > 0


def test_a_name_that_two_have_is_not_guessed(desk: Desk) -> None:
    ids = [key.id for key in desk.named("ci-deploy")]
    done = desk.run("usage", "--filter", "key=ci-deploy")
    assert (done.status, done.out) == (2, "")
    assert all(id in done.told for id in ids)
    assert "Give the id." in done.told


def test_a_name_without_figures_is_told_and_has_none(desk: Desk) -> None:
    done = desk.run("usage", "--filter", "model=gpt-none", "--format", "json")
    assert (done.status, done.out) == (0, "[]\n")
    assert done.told == "There is nothing of a model “gpt-none” in these days.\n"


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        (["--group", "colour"], "There are: model, project, key, user, tier, batch, kind"),
        (["--group", "size"], "There are: model, project, key"),
        (["--metric", "money"], "There are: tokens, input, output, cached"),
        (["--filter", "web"], "Write it as project=NAME"),
        (["--filter", "model=a", "--filter", "model=b"], "Filter by each only once."),
        (["--since", "someday"], "today, yesterday, 7d, mtd, last-month"),
        (["--since", "2027-01"], "Today is 2026-11-22."),
        (["--since", "2026-11-03", "--until", "2026-11-01"], "Swap the two dates."),
        (["--since", "90d", "--step", "minute"], "Ask for fewer days, or for each hour."),
        (["--since", "7d", "--step", "hour", "--metric", "bytes", "--group", "project"], "day"),
        (["--zone", "Nowhere/Here"], "Europe/Berlin"),
        (["--step", "decade"], "'quarter'"),
    ],
)
def test_wrong_words_are_told_with_the_right_ones(
    desk: Desk, words: list[str], way_out: str
) -> None:
    done = desk.run("usage", *words)
    assert (done.status, done.out) == (2, "")
    assert way_out in done.told


def test_the_days_are_those_that_were_named(desk: Desk) -> None:
    def days(*words: str) -> tuple[str, str]:
        table = csv.DictReader(io.StringIO(desk.run("usage", *words, "--format", "csv").out))
        starts = sorted(row["start_time_iso"][:10] for row in table)
        return starts[0], starts[-1]

    assert days("--since", "last-month") == ("2026-10-01", "2026-10-31")
    assert days("--since", "last-month", "--until", "yesterday") == ("2026-10-01", "2026-11-21")
    assert days("--until", "2026-10") == ("2026-10-02", "2026-10-31")
    assert days("--since", "2026-11-20") == ("2026-11-20", "2026-11-22")


def test_days_of_a_place_sum_to_the_hours_they_hold(desk: Desk) -> None:
    rows = read(desk, "--since", "7d", "--zone", "America/New_York", "--group", "kind")
    assert {row["start_time"] % 86400 for row in rows} == {5 * 3600}
    days = ("--since", "2026-11-15", "--step", "hour", "--group", "kind")
    hours = read(desk, *days)
    first, last = rows[0]["start_time"], rows[-1]["end_time"]
    inside = [hour for hour in hours if first <= hour["start_time"] < last]
    for name in FIGURES:
        assert sum(row[name] for row in rows) == sum(hour[name] for hour in inside)


def test_the_list_of_keys_is_read_for_names_once_and_not_again(desk: Desk) -> None:
    def names() -> set[str]:
        return {row["api_key_name"] for row in read(desk, "--group", "key", "--since", "12mo")}

    first = names()
    assert {"batch-nightly", "(no key)"} < first
    assert any("deleted" in name for name in first)
    desk.faults.set("500@/organization/projects")
    assert names() == first
    desk.run("cache", "clear", "--yes")
    done = desk.run("usage", "--group", "key", "--since", "7d")
    assert "Not all names could be read." in done.told
    assert "batch-nightly" not in done.out


def test_a_part_that_is_missing_is_told_and_fails(desk: Desk) -> None:
    whole = read(desk, "--group", "kind", "--since", "7d")
    desk.run("cache", "clear", "--yes")
    desk.faults.set("403-envelope@/organization/usage/embeddings")
    done = desk.run("usage", "--group", "kind", "--since", "7d", "--format", "json")
    assert done.status == 1
    left = [row for row in whole if row["kind"] != "embeddings"]
    assert json.loads(done.out) == left
    assert "embeddings" in done.told


def test_nothing_that_can_be_read_is_a_failure_without_rows(desk: Desk) -> None:
    desk.faults.set("403-envelope@/organization/usage")
    done = desk.run("usage", "--format", "json")
    assert (done.status, done.out) == (1, "")
    assert "request req_" in done.told


def test_without_the_network_it_tells_what_it_knew(desk: Desk) -> None:
    known = read(desk, "--since", "7d")
    desk.faults.set("reset-before")
    words = ("usage", "--since", "7d", "--format", "json")
    done = desk.run(*words, OAI_TUI_NOW="2026-11-22T12:34")
    assert done.status == 1
    assert json.loads(done.out) == known
    assert "as last seen 30 min ago" in done.told


def test_a_terminal_sees_the_progress_and_lines_of_its_width(desk: Desk) -> None:
    with desk.terminal("usage", "--since", "12mo", "--group", "key", cols=80) as terminal:
        assert terminal.wait_exit() == 0
        shown = terminal.text
        assert b"reading figures: " in terminal.raw
    assert "reading" not in shown
    assert re.search(r"^total +[\d.]+ [MB] ", shown, re.MULTILINE), shown


def test_an_hour_that_comes_twice_has_rows_that_can_be_told_apart(desk: Desk) -> None:
    day = ("--since", "2026-10-25", "--until", "2026-10-25", "--zone", "Europe/Berlin")
    done = desk.run("usage", *day, "--step", "hour", "--group", "kind", "--metric", "requests")
    starts = [line[:21].strip() for line in done.out.splitlines() if " completions " in line]
    assert {"2026-10-25 02:00 CEST", "2026-10-25 02:00 CET"} < set(starts)
    assert len(starts) == len(set(starts))
