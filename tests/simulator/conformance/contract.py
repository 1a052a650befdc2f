"""The published contract of the administration API, with what the newest client adds to it."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.simulator.conformance.overlay import OVERLAY

FILE = (
    Path(__file__).resolve().parents[3].parent
    / "shared"
    / "reference"
    / "openai-admin.openapi.json"
)
needs_contract = pytest.mark.skipif(not FILE.exists(), reason="the published contract is not here")

Json = dict[str, Any]
_PARAMETER = re.compile(r"\{[^}]*\}")
ERROR: Json = {
    "anyOf": [
        {"$ref": "#/components/schemas/ErrorResponse"},
        # The two other shapes that are documented for, or were seen from, the live service.
        {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]},
        {
            "type": "object",
            "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
            "required": ["code", "message"],
        },
    ]
}


def plain(template: str) -> str:
    """Write an address without the names of its parameters and without the version."""
    return _PARAMETER.sub("{}", template.removeprefix("/v1"))


@cache
def contract() -> Json:
    """Read the contract and merge the overlay into it; its schemas become plain JSON Schema."""
    published = json.loads(FILE.read_text(encoding="utf-8"))
    merged: Json = _schema(_merged(published, OVERLAY))
    return merged


@cache
def operations() -> dict[tuple[str, str], Json]:
    """Give every operation by method and plain address."""
    methods = ("get", "post", "delete")
    return {
        (method.upper(), plain(path)): item[method]
        for path, item in contract()["paths"].items()
        for method in methods
        if method in item
    }


def problems(method: str, template: str, status: int, body: object) -> list[str]:
    """Say in what an answer to an operation differs from the contract; unknown fields differ."""
    operation = operations()[method, plain(template)]
    return [
        f"{'/'.join(map(str, found.absolute_path))}: {found.message[:300]}"
        for found in _validator(
            method, plain(template), status >= 400, operation["operationId"]
        ).iter_errors(body)
    ]


@cache
def _validator(method: str, address: str, failed: bool, _: str) -> jsonschema.Draft202012Validator:
    operation = operations()[method, address]
    schema = ERROR
    if not failed:
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    schemas = _closed(_flat(contract()["components"]["schemas"]))
    return jsonschema.Draft202012Validator({**_closed(schema), "components": {"schemas": schemas}})


def _merged(base: Any, more: Any) -> Any:
    if isinstance(base, dict) and isinstance(more, dict):
        return {
            key: _merged(base[key], more[key])
            if key in base and key in more
            else copy.deepcopy(base[key] if key in base else more[key])
            for key in base | more
        }
    if isinstance(base, list) and isinstance(more, list):
        return _joined(base, more)
    return copy.deepcopy(more)


def _joined(base: list[Any], more: list[Any]) -> list[Any]:
    joined = copy.deepcopy(base)
    for item in more:
        name = item.get("name") if isinstance(item, dict) else None
        same = [
            place
            for place, each in enumerate(joined)
            if each == item or (name is not None and each.get("name") == name)
        ]
        if same:
            joined[same[0]] = _merged(joined[same[0]], item)
        else:
            joined.append(copy.deepcopy(item))
    return joined


def _schema(node: Any) -> Any:
    """Translate what is left of OpenAPI 3.0: `nullable` becomes a type."""
    if isinstance(node, list):
        return [_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: _schema(value) for key, value in node.items()}
    if found.get("nullable") is True and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
        del found["nullable"]
    return found


def _flat(schemas: Json) -> Json:
    """Join the parts of every `allOf`, so that the whole can be closed."""
    flat = dict(schemas)
    for name, schema in schemas.items():
        if "allOf" in schema:
            parts = [
                schemas[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
                for part in schema["allOf"]
            ]
            whole: Json = {}
            for part in parts:
                whole = _merged(whole, part)
            flat[name] = whole
    return flat


def _closed(node: Any) -> Any:
    """Forbid fields that the contract does not name."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: _closed(value) for key, value in node.items()}
    if isinstance(found.get("properties"), dict) and found.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


def address_of(method: str, path: str) -> str:
    """Find the plain address that a path below the version belongs to."""
    parts = path.removeprefix("/v1").split("/")
    fitting = [
        address
        for known, address in operations()
        if known == method
        and len(address.split("/")) == len(parts)
        and all(
            mine in ("{}", given) for mine, given in zip(address.split("/"), parts, strict=True)
        )
    ]
    return min(fitting, key=lambda address: address.count("{}"))
