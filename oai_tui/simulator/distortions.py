"""Answers that drift away from the contract, though what was asked has been done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from oai_tui.simulator.traffic import stir

NAMES = {
    "endless-cursor": "every list has another page, each with a new cursor",
    "repeating-cursor": "every list has another page, always with the same cursor",
    "string-amounts": "amounts of costs are strings, some of 39 decimals, some 0E-6176",
    "null-fields": "half of the optional fields are null",
    "missing-fields": "half of the optional fields are left out",
    "unknown-fields": "new fields, new result objects and new words in old fields",
    "nan": "NaN and Infinity stand where numbers should",
    "hostile-names": "names carry control characters, clipboard escapes, bidi and markup",
}
CURSORS = ("endless-cursor", "repeating-cursor")

HOSTILE = "\x1b]52;c;c3RvbGVu\x07\x1b[2J\x9b31m\u202e\u2066[/x][red]\r\n\x00\u200b\x7f"

# What a reader cannot do without; everything else may be null or missing.
_NEEDED = {
    *("object", "id", "data", "has_more", "next_page", "first_id", "last_id", "next", "results"),
    *("start_time", "end_time", "deleted", "created_at", "type", "input_tokens", "output_tokens"),
    *("num_model_requests", "images", "characters", "seconds", "usage_bytes", "num_sessions"),
    *("num_requests", "api_key", "redacted_value", "threshold_amount", "error"),
}
_NEW_WORDS = {
    "status": "dormant",
    "role": "auditor",
    "owner_project_access": "suspended",
    "service_tier": "warp",
    "quantity_unit": "parsecs",
    "interval": "fortnight",
}
_NEVER_NUMBERS = {"start_time", "end_time", "created_at", "expires_at", "last_used_at"}

Json = Any


def distort(name: str, body: Json, number: int) -> Json:
    """Give the body as a distorting fault leaves it; `number` is the number of the request."""
    return _DISTORTIONS[name](body, number)


def _objects(body: Json) -> Iterator[dict[str, Json]]:
    """Yield every JSON object in a body, outer ones first."""
    waiting = [body]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _with_cursor(body: Json, cursor: str, last_id: str | None) -> Json:
    if isinstance(body, dict) and "has_more" in body:
        body["has_more"] = True
        if "next_page" in body:
            body["next_page"] = f"page_{cursor}"
        elif "next" in body:
            body["next"] = cursor
        else:
            body["last_id"] = last_id or body.get("last_id")
    return body


def _endless_cursor(body: Json, number: int) -> Json:
    return _with_cursor(body, f"endless{number}", f"endless_{number}")


def _repeating_cursor(body: Json, number: int) -> Json:
    return _with_cursor(body, "again", None)


def _string_amounts(body: Json, number: int) -> Json:
    """Write amounts as text of the same value; a zero is added where it changes no sum."""
    for place, each in enumerate(_objects(body)):
        amount = each.get("amount")
        if isinstance(amount, dict) and isinstance(amount.get("value"), int | float):
            exact = Decimal(repr(amount["value"]))
            amount["value"] = f"{exact:.39f}" if place % 2 else f"{exact:f}"
        results = each.get("results")
        if isinstance(results, list) and results and any(map(_is_grouped_cost, results)):
            nobody = dict.fromkeys(results[0]) | {"object": results[0]["object"]}
            results.append(nobody | {"amount": {"value": "0E-6176", "currency": "usd"}})
    return body


def _is_grouped_cost(row: Json) -> bool:
    groups = ("project_id", "line_item", "api_key_id", "user_id", "api_source")
    return "amount" in row and any(row.get(name) is not None for name in groups)


def _doubtful(each: dict[str, Json], number: int) -> list[str]:
    """Give about half of the fields that a reader can do without, and no secret."""
    fields = [name for name in each if name not in _NEEDED]
    if "id" in each or "object" in each:
        fields = [name for name in fields if name != "value"]
    return [name for place, name in enumerate(fields) if stir(number + place, len(name)) % 2]


def _null_fields(body: Json, number: int) -> Json:
    for place, each in enumerate(_objects(body)):
        each.update(dict.fromkeys(_doubtful(each, number + place)))
    return body


def _missing_fields(body: Json, number: int) -> Json:
    for place, each in enumerate(_objects(body)):
        for name in _doubtful(each, number + place):
            del each[name]
    return body


def _unknown_fields(body: Json, number: int) -> Json:
    for each in list(_objects(body)):
        for name, word in _NEW_WORDS.items():
            if isinstance(each.get(name), str):
                each[name] = word
        if isinstance(each.get("results"), list):
            hologram = {"object": "organization.usage.holograms.result", "beams": 3}
            each["results"].append(hologram)
        if "object" in each:
            each["x_new_field"] = {"nested": [1, None, "text"]}
    return body


def _nan(body: Json, number: int) -> Json:
    """Spoil one number of every object."""
    literals = (float("nan"), float("inf"), float("-inf"))
    for place, each in enumerate(_objects(body)):
        for name, value in each.items():
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and name not in _NEVER_NUMBERS:
                each[name] = literals[(number + place) % 3]
                break
    return body


def _hostile_names(body: Json, number: int) -> Json:
    for each in _objects(body):
        if isinstance(each.get("name"), str):
            each["name"] = f"{each['name']}{HOSTILE}"
    return body


_DISTORTIONS: dict[str, Callable[[Json, int], Json]] = {
    "endless-cursor": _endless_cursor,
    "repeating-cursor": _repeating_cursor,
    "string-amounts": _string_amounts,
    "null-fields": _null_fields,
    "missing-fields": _missing_fields,
    "unknown-fields": _unknown_fields,
    "nan": _nan,
    "hostile-names": _hostile_names,
}
