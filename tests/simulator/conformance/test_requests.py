"""Whatever a request may say according to the contract is read, and refused when it is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.simulator.conformance.contract import contract, needs_contract, operations, plain
from tests.simulator.conformance.serving import MIDNIGHT, PREFIX, furnished, names, platform, served
from tests.simulator.conformance.test_schema import body_for

pytestmark = needs_contract

SERVED = [
    (method, address) for method, address in served(furnished()) if address.startswith(PREFIX)
]


def _wrong(schema: dict[str, Any], name: str) -> str | None:
    """Give a value that a parameter cannot have, None where any text will do."""
    if "$ref" in schema:
        schema = contract()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kind, items = schema.get("type"), schema.get("items", {})
    limited = "enum" in schema or "enum" in items or "$ref" in items
    if kind in ("integer", "boolean") or limited or name in ("after", "before", "page"):
        return "nonsense"
    return None


def _parameters() -> Iterator[tuple[str, str, str]]:
    for method, address in SERVED:
        if method == "GET":
            for each in operations()[method, plain(address)].get("parameters", ()):
                if each["in"] == "query" and (wrong := _wrong(each["schema"], each["name"])):
                    yield address, each["name"], wrong


def test_wrong_parameters_are_refused_and_named() -> None:
    checked, unread = 0, []
    with platform() as service:
        for address, name, wrong in _parameters():
            path = address.format(**names(service.world, address))
            query = {"start_time": MIDNIGHT, name: wrong}
            answer = service.call("GET", path, params=query)
            checked += 1
            if answer.status_code != 400 or answer.json()["error"]["param"] != name.rstrip("[]"):
                unread.append(f"{address} {name}: {answer.status_code} {answer.text[:100]}")
    assert unread == []
    assert checked > 100


def _fields(method: str, address: str) -> dict[str, Any]:
    request = operations()[method, plain(address)].get("requestBody")
    if request is None:
        return {"properties": {}}
    schema: dict[str, Any] = request["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = contract()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def test_wrong_and_missing_fields_are_refused() -> None:
    checked, unread = 0, []
    for method, address in SERVED:
        if method != "POST":
            continue
        schema = _fields(method, address)
        with platform() as service:
            fine = body_for(service, method, address) or {}
        bodies = {name: {**fine, name: {"wrong": 1}} for name in schema["properties"]}
        for name in schema.get("required", ()):
            bodies[f"no {name}"] = {key: value for key, value in fine.items() if key != name}
        for name, body in bodies.items():
            with platform() as service:
                path = address.format(**names(service.world, address))
                answer = service.call("POST", path, json=body)
                checked += 1
                if answer.status_code != 400:
                    unread.append(f"{address} {name}: {answer.status_code} {answer.text[:100]}")
    assert unread == []
    assert checked > 80
