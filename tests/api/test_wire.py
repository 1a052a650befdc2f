"""The platform's JSON becoming ours, exactly or not at all."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.api import wire, wire_usage
from oai_tui.core.errors import BadAnswer
from oai_tui.core.keys import KeyKind, Project
from oai_tui.core.text import HARMFUL
from oai_tui.core.usage import CostRow, UsageRow

START = 1_793_491_200  # 1 November 2026
KIND = "organization.usage.completions.result"


def bucket(*results: Any, start: int = START) -> wire_usage.Bucket:
    text = json.dumps({"start_time": start, "results": list(results)})
    return msgspec.json.decode(text, type=wire_usage.Bucket, strict=False)


def cost(value: Any, currency: Any = "usd") -> list[CostRow]:
    row = {"object": "organization.costs.result", "amount": {"value": value, "currency": currency}}
    return wire_usage.cost_rows(bucket(row))


def raw_cost(number: str) -> Decimal:
    text = f'{{"start_time": {START}, "results": [{{"amount": {{"value": {number}}}}}]}}'
    return wire_usage.cost_rows(msgspec.json.decode(text, type=wire_usage.Bucket, strict=False))[
        0
    ].amount


@pytest.mark.parametrize(
    ("number", "amount"),
    [
        ("0.06", "0.06"),
        ("12", "12"),
        ("-3.5", "-3.5"),
        ('"12.50"', "12.50"),
        ('"0E-6176"', "0"),
        ("0.123456789012345678901234567890123456789", "0.123456789012345678901234567890123456789"),
        ('"1234567.000000000000000000000000000000000000001"', None),
        ("1e-7", "0.0000001"),
        ('"1E+60"', "1E+60"),
        ("0.1" + "0" * 100, "0.1"),
    ],
)
def test_amounts_arrive_exactly(number: str, amount: str | None) -> None:
    assert raw_cost(number) == Decimal(amount or number.strip('"'))


@given(st.decimals(-(10**12), 10**12, places=39))
def test_any_amount_arrives_exactly_as_number_or_text(amount: Decimal) -> None:
    assert raw_cost(f"{amount:f}") == raw_cost(f'"{amount:f}"') == amount


@pytest.mark.parametrize(
    "value", ["NaN", "-NaN", "sNaN", "Infinity", "-Infinity", "1E+61", "1E-61", "9" * 62, "1E-6176"]
)
def test_what_cannot_be_summed_exactly_is_refused(value: str) -> None:
    with pytest.raises(BadAnswer):
        cost(value)


@pytest.mark.parametrize("value", ["", "ten", "1,5", True, [], {}])
def test_what_is_no_amount_is_not_read(value: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        cost(value)


def test_other_currencies_are_refused() -> None:
    assert cost("1", "USD")[0].amount == cost("1", None)[0].amount == 1
    with pytest.raises(BadAnswer, match="eur"):
        cost("1", "eur")


def test_a_row_without_an_amount_is_no_cost_of_zero() -> None:
    rows = wire_usage.cost_rows(
        bucket({"amount": None}, {}, {"amount": {}}, {"amount": {"value": None}})
    )
    assert rows == []
    assert [row.amount for row in cost("0", "usd")] == [0]


def test_rows_of_unknown_kinds_are_left_out() -> None:
    odd = {"object": "organization.usage.holograms.result", "beams": 3, "input_tokens": 9}
    good = {"object": KIND, "input_tokens": 5, "new": {"nested": [1, None]}}
    assert [row.input_tokens for row in wire_usage.usage_rows(bucket(odd, good), KIND)] == [5]
    assert wire_usage.cost_rows(bucket(odd)) == []


def test_a_row_of_usage() -> None:
    row = {
        "object": KIND,
        "model": "gpt-5.6",
        "project_id": "proj_1",
        "api_key_id": "key_1",
        "user_id": None,
        "input_tokens": 1000,
        "output_tokens": 20,
        "input_cached_tokens": 400,
        "num_model_requests": 3,
        "batch": False,
    }
    day = date(2026, 11, 1)
    assert wire_usage.usage_rows(bucket(row), KIND) == [
        UsageRow(day, "gpt-5.6", "proj_1", "key_1", "", 1000, 20, 400, 3)
    ]
    assert wire_usage.usage_rows(bucket({"object": KIND}), KIND) == [
        UsageRow(day, "", "", "", "", 0, 0, 0, 0)
    ]


@pytest.mark.parametrize("value", [-1, 2**63, 10**400])
def test_counts_that_cannot_be_are_refused(value: int) -> None:
    with pytest.raises(BadAnswer):
        wire_usage.usage_rows(bucket({"object": KIND, "output_tokens": value}), KIND)


@pytest.mark.parametrize("value", [1.5, "many", True, [1]])
def test_what_is_no_count_is_not_read(value: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        bucket({"input_tokens": value})


def test_empty_days_are_no_rows() -> None:
    assert wire_usage.usage_rows(bucket(), KIND) == []
    assert (
        wire_usage.cost_rows(
            msgspec.convert({"start_time": START, "results": None}, wire_usage.Bucket)
        )
        == []
    )


@pytest.mark.parametrize("start", [0, -1, 946_684_799, 7_258_118_401, 10**30])
def test_times_that_cannot_be(start: int) -> None:
    assert wire.instant(start) is None
    with pytest.raises(BadAnswer, match="time"):
        wire_usage.usage_rows(bucket(start=start), KIND)


def test_times() -> None:
    assert wire.instant(START) == datetime(2026, 11, 1, tzinfo=UTC)
    assert wire.instant(None) is None


def key(**members: Any) -> wire.Key:
    return msgspec.convert({"id": "key_1", **members}, wire.Key)


def test_a_key_with_nothing_but_an_id() -> None:
    bare = key().to_core(None)
    assert (bare.id, bare.name, bare.masked, bare.owner) == ("key_1", "", "", None)
    assert (bare.created_at, bare.last_used_at, bare.expires_at) == (None, None, None)
    assert bare.kind is KeyKind.ADMIN


@pytest.mark.parametrize(
    ("owner", "label", "of_service"),
    [
        ({"type": "user", "user": {"id": "u", "name": "Ann", "email": "a@x"}}, "Ann", False),
        ({"type": "user", "user": {"id": "u", "email": "a@x"}}, "a@x", False),
        ({"type": "service_account", "service_account": {"id": "s"}}, "s", True),
        ({"service_account": {"id": "s", "name": "ci"}}, "ci", True),
        ({"type": "user", "id": "u", "name": "Ann"}, "Ann", False),
        ({"type": "robot", "id": "r"}, "r", False),
    ],
)
def test_owners_nested_and_flat(owner: dict[str, Any], label: str, of_service: bool) -> None:
    found = key(owner=owner).to_core(Project("proj_1", "Web")).owner
    assert found is not None
    assert (found.label, found.is_service_account) == (label, of_service)


@pytest.mark.parametrize("owner", [None, {}, {"type": "user"}, {"type": "user", "user": {}}])
def test_keys_of_nobody(owner: Any) -> None:
    assert key(owner=owner).to_core(None).owner is None


def test_archived_projects() -> None:
    def read(**members: Any) -> Project:
        return msgspec.convert({"id": "p", **members}, wire.ProjectItem).to_core()

    assert read(status="archived").is_archived
    assert read(status="active", archived_at=START).is_archived
    assert not read().is_archived
    assert read(status="dormant").status == "dormant"


NASTY = st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.just(
    "\x1b]52;c;x\x07\u202e"
)


@given(NASTY, NASTY, NASTY)
def test_no_text_of_the_platform_stays_harmful(one: str, two: str, three: str) -> None:
    party = {"id": two, "name": one, "email": three}
    made = key(
        id=one,
        name=two,
        redacted_value=three,
        owner={"type": one, "user": party},
        owner_project_access=two,
    )
    project = msgspec.convert({"id": one, "name": two, "status": three}, wire.ProjectItem).to_core()
    account = msgspec.convert({"id": one, "name": two, "role": three}, wire.AccountItem)
    row = {"model": one, "project_id": two, "api_key_id": three, "user_id": one, "line_item": two}
    found = [made.to_core(project), account.to_core("proj_1")]
    texts = [*_texts(found), *_texts(wire_usage.usage_rows(bucket(row), KIND))]
    texts += _texts(wire_usage.cost_rows(bucket(row)))
    assert not [text for text in texts if HARMFUL.search(text) or "\n" in text or "\t" in text]
    assert max(map(len, texts)) <= 256


def _texts(value: object) -> list[str]:
    found: list[str] = []
    waiting = [msgspec.to_builtins(value)]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list | tuple):
            waiting += each
    return found
