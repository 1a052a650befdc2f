"""What is counted, as the platform's contract has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.metrics import Metric
from oai_tui.core.usage import COUNTED_BY, NUMBERS, model_of

CONTRACT = Path(__file__).resolve().parents[2] / "../shared/reference/openai-admin.openapi.json"
NEWER = {Kind.DECISIONS}


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract is not here")
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in NEWER])
def test_every_dimension_and_number_is_the_platforms(kind: Kind) -> None:
    contract = json.loads(CONTRACT.read_text())
    [query] = [
        contract["paths"][path]["get"]
        for path in contract["paths"]
        if path.endswith(f"/organization/usage/{kind}")
    ]
    allowed = next(each for each in query["parameters"] if each["name"] == "group_by")
    known = set(allowed["schema"]["items"]["enum"])
    assert {str(each) for each in kind.dimensions} - {"api_source"} == known
    result: dict[str, Any] = next(
        schema
        for schema in contract["components"]["schemas"].values()
        if kind.result_object in schema.get("properties", {}).get("object", {}).get("enum", [])
    )
    assert set(kind.fields) <= set(result["properties"])


def test_every_metric_has_a_name_kinds_and_something_to_group_by() -> None:
    for metric in Metric:
        assert metric.label
        assert metric.dimensions
        assert set(metric.fields) <= set(NUMBERS)
        assert all(set(metric.fields) & set(kind.fields) for kind in metric.kinds)
    assert [metric for metric in Metric if not metric.kinds] == [Metric.COST]
    assert [metric for metric in Metric if metric.is_level] == [Metric.BYTES]
    assert len({metric.label for metric in Metric}) == len(Metric)
    assert len({each.label for each in Dimension}) == len(Dimension)
    assert all(kind.label for kind in Kind)
    assert Dimension.KIND not in COUNTED_BY


@pytest.mark.parametrize(
    ("line_item", "model"),
    [
        ("gpt-4o-mini-2024-07-18, cached input", "gpt-4o-mini-2024-07-18"),
        ("gpt-image-2-2026-04-21 image, output", "gpt-image-2-2026-04-21"),
        ("gpt-audio-mini-2025-12-15 text, output", "gpt-audio-mini-2025-12-15"),
        ("evals | gpt-4o-mini-2024-07-18, input", "gpt-4o-mini-2024-07-18"),
        ("web search tool calls", "web search tool calls"),
        ("", ""),
        (", input", ", input"),
    ],
)
def test_the_model_a_line_item_names(line_item: str, model: str) -> None:
    assert model_of(line_item) == model
