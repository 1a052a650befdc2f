"""Every kind of usage and the costs arrive with every dimension, and unknown is no zero."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from oai_tui.api.wire_usage import Bucket, charged, counted
from oai_tui.core.cuts import Grain
from oai_tui.core.errors import BadAnswer
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.core.usage import NUMBERS
from tests.figures import name_of, number_of

START = 1_793_491_200


def bucket(*results: Any, start: int = START, end: int | None = None) -> Bucket:
    text = json.dumps({"start_time": start, "end_time": end, "results": results})
    return msgspec.json.decode(text, type=Bucket, strict=False)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_dimension_and_number_of_a_kind_arrives(kind: Kind) -> None:
    row: dict[str, Any] = {"object": kind.result_object}
    row |= {str(each): f"some {each}" for each in kind.dimensions if each is not Dimension.BATCH}
    row |= {field: place for place, field in enumerate(kind.fields, 1)}
    [found] = counted([bucket(row)], kind, Grain.DAY)
    assert found.at == START
    for dimension in kind.dimensions:
        if dimension is not Dimension.BATCH:
            assert name_of(found, dimension) == f"some {dimension}"
    for place, field in enumerate(kind.fields, 1):
        assert number_of(found, field) == place
    others = [field for field in NUMBERS if field not in kind.fields]
    assert all(number_of(found, field) is None for field in others)


@pytest.mark.parametrize(("batch", "name"), [(True, "true"), (False, "false"), (None, "")])
def test_batches_are_named(batch: bool | None, name: str) -> None:
    [found] = counted([bucket({"batch": batch})], Kind.COMPLETIONS, Grain.DAY)
    assert name_of(found, Dimension.BATCH) == name
    assert number_of(found, "input_tokens") is None


def test_short_and_unaligned_buckets_belong_to_the_bucket_they_begin_in() -> None:
    short = bucket({"input_tokens": 5}, start=START + 4000, end=START + 7200)
    assert [row.at for row in counted([short], Kind.COMPLETIONS, Grain.HOUR)] == [START + 3600]
    assert [row.at for row in counted([short], Kind.COMPLETIONS, Grain.DAY)] == [START]


def test_a_bucket_longer_than_asked_for_is_refused() -> None:
    day = bucket({"input_tokens": 5}, end=START + 86400)
    assert counted([day], Kind.COMPLETIONS, Grain.DAY)
    with pytest.raises(BadAnswer, match="hour"):
        counted([day], Kind.COMPLETIONS, Grain.HOUR)


def test_rows_of_other_kinds_are_left_out() -> None:
    odd = {"object": "organization.usage.holograms.result", "input_tokens": 9}
    assert (
        counted([bucket(odd, {"input_tokens": 5})], Kind.EMBEDDINGS, Grain.DAY)[0].numbers[0] == 5
    )
    assert len(counted([bucket(odd)], Kind.EMBEDDINGS, Grain.DAY)) == 0
    assert charged([bucket(odd)]) == []


@pytest.mark.parametrize("value", [-1, 2**61, 10**400])
def test_counts_that_cannot_be_are_refused(value: int) -> None:
    with pytest.raises(BadAnswer):
        counted([bucket({"usage_bytes": value})], Kind.VECTOR_STORES, Grain.DAY)


def test_names_are_made_harmless_once() -> None:
    [row] = counted([bucket({"model": "gpt\x1b[2J"})], Kind.COMPLETIONS, Grain.DAY)
    assert "\x1b" not in name_of(row, Dimension.MODEL)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN", "1E+70"])
def test_amounts_that_are_no_numbers_are_refused(value: str) -> None:
    with pytest.raises(BadAnswer):
        charged([bucket({"amount": {"value": value}})])


def test_costs_keep_every_digit_and_every_dimension() -> None:
    amount = "0." + "1" * 39
    names = {
        "project_id": "proj_1",
        "api_key_id": "key_1",
        "user_id": "user_1",
        "line_item": "gpt-5.6, input",
        "api_source": "agents_api",
    }
    [row] = charged([bucket(names | {"amount": {"value": amount, "currency": "USD"}}, {})])
    assert row.amount == Decimal(amount)
    assert {str(each): name_of(row, each) for each in map(Dimension, names)} == names
    with pytest.raises(BadAnswer, match="eur"):
        charged([bucket({"amount": {"value": 1, "currency": "eur"}})])
