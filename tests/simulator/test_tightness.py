"""One model of every organization works near its ceiling, whenever one looks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from oai_tui.simulator.platform import build
from oai_tui.simulator.world import Scale, World
from tests.simulator.admin_caller import NOW, Caller

HOUR = 3600


def busiest(caller: Caller, project: str, model: str) -> int:
    until = caller.world.now() // 60 * 60
    tokens: Counter[int] = Counter()
    for kind in ("completions", "decisions"):
        for bucket in caller.get(
            f"usage/{kind}",
            start_time=until - 6 * HOUR,
            end_time=until,
            bucket_width="1m",
            limit=360,
            project_ids=project,
            models=model,
            batch="false",
        )["data"]:
            for row in bucket["results"]:
                tokens[bucket["start_time"]] += row["input_tokens"] + row["output_tokens"]
    return max(tokens.values())


@pytest.mark.parametrize(
    ("seed", "scale", "later", "batch"),
    [
        (7, "small", 0, 0.0),
        (7, "small", 13, 0.5),
        (3, "small", 30, 0.0),
        (1, "small", 90, 0.0),
        (7, "large", 0, 0.0),
    ],
)
def test_its_busiest_minute_takes_nearly_all_of_it(
    seed: int, scale: Scale, later: int, batch: float
) -> None:
    caller = Caller(World.seeded(seed, scale, NOW + later * HOUR))
    caller.app = build(caller.world)
    for key in caller.world.keys.values():
        if key.traffic:
            key.traffic = replace(key.traffic, batch_share=batch)
    near = []
    for project in list(caller.world.projects):
        for row in caller.get(f"projects/{project}/rate_limits")["data"]:
            if row["model"] == "gpt-6-astra" and row["max_tokens_per_1_minute"] < 200_000:
                near.append((project, row))
    ((project, row),) = near
    assert 0.9 <= busiest(caller, project, row["model"]) / row["max_tokens_per_1_minute"] <= 1


def test_it_stays_where_it_was_set() -> None:
    caller = Caller(World.seeded(7, "small", NOW))
    path = f"projects/{caller.project_id('Research')}/rate_limits"
    row = next(each for each in caller.get(path)["data"] if each["model"] == "gpt-6-astra")
    caller.post(f"{path}/{row['id']}", max_tokens_per_1_minute=500_000)
    assert (
        next(e for e in caller.get(path)["data"] if e["id"] == row["id"])["max_tokens_per_1_minute"]
        == 500_000
    )
