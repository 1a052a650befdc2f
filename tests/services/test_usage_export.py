"""What is shown of usage and costs goes out in full, exactly, and harmlessly."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.cuts import Step, cuts
from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.kinds import Dimension
from oai_tui.core.metrics import Metric
from oai_tui.core.period import Period
from oai_tui.core.usage import Group, Pivot
from oai_tui.services.usage import Question, Report
from oai_tui.services.usage_export import (
    FORMATS,
    PICTURES,
    beside,
    names_in,
    rows_csv,
    rows_json,
    save_as,
    suggested,
)

PERIOD = Period(date(2026, 11, 20), date(2026, 11, 22))
BEFORE = Period(date(2026, 11, 17), date(2026, 11, 19))
MIDNIGHT = int(PERIOD.start.timestamp())
DAY = 86400
Figures = Mapping[str, Sequence[int | str]]
NAMES = {"": "(no project)", "proj_1": "=1+1", "proj_2": "Web"}


def pivot(period: Period, metric: Metric, by: Dimension, figures: Figures, *gone: int) -> Pivot:
    groups = []
    for id, texts in figures.items():
        numbers = tuple(map(Decimal, texts))
        groups.append(Group(id, NAMES.get(id, id), sum(numbers, Decimal(0)), numbers))
    return Pivot(period, metric, by, tuple(groups), cuts(period, Step.DAY), frozenset(gone))


def report(
    metric: Metric,
    figures: Figures,
    *gone: int,
    by: Dimension = Dimension.PROJECT,
    before: Figures | None = None,
) -> Report:
    question = Question(PERIOD, metric, by, compare=before is not None)
    shown = pivot(PERIOD, metric, by, figures, *gone)
    held = pivot(BEFORE, metric, by, before) if before is not None else None
    return Report(question, shown, Step.DAY, before=held)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_has_the_figures_of_every_metric_and_nobodys_has_no_id() -> None:
    reports = [
        report(Metric.INPUT, {"proj_2": (5, 0, 7), "": (1, 0, 0)}),
        report(Metric.REQUESTS, {"proj_2": (2, 0, 0), "proj_1": (0, 0, 4)}),
    ]
    last = {"start_time": MIDNIGHT + 2 * DAY, "end_time": MIDNIGHT + 3 * DAY}
    first = {"start_time": MIDNIGHT, "end_time": MIDNIGHT + DAY}
    web = {"project_id": "proj_2", "project_name": "Web"}
    nobody = {"project_id": None, "project_name": "(no project)"}
    other = {"project_id": "proj_1", "project_name": "=1+1"}
    assert json.loads(rows_json(reports)) == [
        {**first, **web, "input_tokens": 5, "num_model_requests": 2},
        {**first, **nobody, "input_tokens": 1, "num_model_requests": 0},
        {**last, **web, "input_tokens": 7, "num_model_requests": 0},
        {**last, **other, "input_tokens": 0, "num_model_requests": 4},
    ]


def test_what_is_not_known_is_no_zero() -> None:
    reports = [
        report(Metric.INPUT, {"proj_2": (5, 0, 0)}, 1, 2),
        report(Metric.REQUESTS, {"proj_2": (2, 3, 0)}, 2),
    ]
    rows = json.loads(rows_json(reports))
    assert [row["input_tokens"] for row in rows] == [5, None]
    assert [row["input_tokens"] for row in table(rows_csv(reports))] == ["5", ""]


def test_no_name_becomes_a_formula_and_no_amount_a_text() -> None:
    money = report(Metric.COST, {"proj_1": ("0.1", "-3.5", "0"), "proj_2": ("12.50", "0", "0E-40")})
    rows = table(rows_csv([money]))
    assert [row["project_name"] for row in rows] == ["'=1+1", "Web", "'=1+1"]
    assert [row["amount_value"] for row in rows] == ["0.1", "12.50", "-3.5"]
    assert {row["amount_currency"] for row in rows} == {"usd"}
    assert rows[0]["start_time_iso"] == "2026-11-20T00:00:00+00:00"


def test_money_keeps_every_digit() -> None:
    amount = "0.000000000000000000000000000000000000001"
    rows = json.loads(rows_json([report(Metric.COST, {"proj_2": (amount, "1E+3", "0")})]))
    assert [(row["amount"], row["currency"]) for row in rows] == [(amount, "usd"), ("1000", "usd")]


def test_the_period_before_comes_first() -> None:
    shown = report(Metric.INPUT, {"proj_2": (5, 0, 0)}, before={"proj_1": (0, 0, 9)})
    rows = json.loads(rows_json([shown]))
    assert [(row["start_time"], row["input_tokens"]) for row in rows] == [
        (MIDNIGHT - DAY, 9),
        (MIDNIGHT, 5),
    ]


def test_two_of_one_name_stay_told_apart_wherever_they_were() -> None:
    alone = pivot(PERIOD, Metric.INPUT, Dimension.KEY, {"ci": (1, 0, 0)})
    both = replace(alone, groups=(replace(alone.groups[0], name="ci (key_1)"),))
    assert names_in([both, alone]) == names_in([alone, both]) == {"ci": "ci (key_1)"}


def test_a_flag_is_one_and_a_group_of_ours_has_no_id() -> None:
    by = Dimension.BATCH
    shown = report(Metric.INPUT, {"true": (1, 0, 0), "": (2, 0, 0)}, by=by)
    assert [row["batch"] for row in json.loads(rows_json([shown]))] == [True, None]
    ours = report(Metric.INPUT, {"\0not told": (1, 0, 0)}, by=Dimension.TIER)
    assert [row["service_tier"] for row in json.loads(rows_json([ours]))] == [None]
    assert "\0" not in rows_csv([ours])


def test_tokens_are_written_as_what_they_are_made_of() -> None:
    question = Question(PERIOD)
    assert beside(question) == (Metric.INPUT, Metric.OUTPUT, Metric.CACHED, Metric.REQUESTS)
    assert beside(Question(PERIOD, Metric.IMAGES)) == (Metric.IMAGES,)
    tiers = Question(PERIOD, filters=((Dimension.SIZE, "1024x1024"),))
    assert Metric.INPUT not in beside(tiers)


@pytest.mark.parametrize("ending", [*FORMATS, *PICTURES])
def test_the_ending_says_what_is_written(tmp_path: Path, ending: str) -> None:
    shown = report(Metric.INPUT, {"proj_2": (5, 0, 7)})
    name = tmp_path / suggested(shown, ending)
    assert name.name == f"usage-input-tokens-by-project-2026-11-20-2026-11-22.{ending}"
    path = save_as(name, report=shown, picture=lambda kind: f"{kind}\x1b[31m ▇\n")
    assert path.stat().st_mode & 0o777 == 0o600
    wanted = {
        "csv": rows_csv([shown]),
        "json": rows_json([shown]),
        "svg": "svg\x1b[31m ▇\n",
        "txt": "txt[31m ▇\n",
    }
    assert path.read_text() == wanted[ending]
    with pytest.raises(StoreProblem):
        save_as(name, report=shown, picture=str)


@pytest.mark.parametrize("name", ["figures", "figures.xlsx", "", "csv"])
def test_any_other_ending_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongInput, match="ending"):
        save_as(name, report=report(Metric.INPUT, {}), picture=str)
