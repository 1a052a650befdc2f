"""Hours recorded from the live service: socket, ledger and command give what they add up to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from oai_tui.cli import cli
from tests.journeys.driving import person
from tests.recorded_hours import FILE, recorded_hours

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the recorded answers are not here")
KEY = "sk-admin-0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def platform() -> Iterator[str]:
    with recorded_hours() as base_url:
        yield base_url


@pytest.mark.parametrize(
    ("zone", "environment", "hours", "largest"),
    [
        ("utc", {}, 0, (date(2026, 1, 15), 22_307_667)),
        ("UTC-06:00", {}, -6, (date(2026, 1, 14), 19_357_444)),
        ("local", {"TZ": "Etc/GMT+6"}, -6, (date(2026, 1, 14), 19_357_444)),
    ],
)
def test_the_sums_are_right_in_every_zone(
    platform: str,
    tmp_path: Path,
    zone: str,
    environment: dict[str, str],
    hours: int,
    largest: tuple[date, int],
) -> None:
    surroundings = person(tmp_path, OPENAI_BASE_URL=platform, OPENAI_ADMIN_KEY=KEY, **environment)
    typed = ["usage", "--since", "2026-01-01", "--until", "2026-01-31", "--zone", zone]
    ended = CliRunner().invoke(cli, [*typed, "--format", "json"], env=surroundings)
    assert (ended.exit_code, ended.stderr) == (0, "")
    sums, days = Counter[str](), Counter[date]()
    for row in json.loads(ended.stdout):
        names = ("input_tokens", "output_tokens", "input_cached_tokens", "num_model_requests")
        sums.update({name: row[name] for name in names})
        start = datetime.fromtimestamp(row["start_time"], UTC) + timedelta(hours=hours)
        assert (start.hour, row["end_time"] - row["start_time"]) == (0, 86400)
        days[start.date()] += row["input_tokens"] + row["output_tokens"]
    assert sums == {
        "input_tokens": 40_343_881,
        "output_tokens": 554_143,
        "input_cached_tokens": 36_715_776,
        "num_model_requests": 1_268,
    }
    assert len(days) == 23
    assert days.most_common(1) == [largest]
