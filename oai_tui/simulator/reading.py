"""Reading what a request says, strictly: a wrong type or range is refused, never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from starlette.datastructures import QueryParams
from starlette.requests import Request

from oai_tui.simulator.answers import invalid

LONGEST_LIFETIME = 31_536_000
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_LARGEST = 10**15
_LONGEST_TEXT = 4_096

_TYPE_NAMES: dict[type, str] = {
    str: "a string",
    int: "an integer",
    bool: "a boolean",
    list: "an array",
}
Body = Mapping[str, Any]


async def read_body(request: Request) -> Body:
    """Give the JSON object in the body, an empty one for an empty body; raises Refusal."""
    raw = await request.body()
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw, parse_constant=_not_json)
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise invalid("We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise invalid("The JSON body of your request must be an object.")
    return body


def text(body: Body, name: str) -> str:
    """Give a text that must be there and must not be blank."""
    value = optional_text(body, name)
    if value is None:
        raise _missing(name)
    return value


def optional_text(body: Body, name: str) -> str | None:
    """Give a text that may be missing but, when there, must not be null or blank."""
    value: str | None = _typed(body, name, str)
    if value is not None and not value.strip():
        raise invalid(f"Invalid '{name}': must not be empty.", name, "invalid_value")
    if value is not None and len(value) > _LONGEST_TEXT:
        raise invalid(f"Invalid '{name}': too long.", name, "string_above_max_length")
    return value


def nullable_text(body: Body, name: str) -> str | None:
    """Give a text for which null says the same as leaving it out."""
    return None if body.get(name) is None else optional_text(body, name)


def nullable_flag(body: Body, name: str) -> bool:
    """Give a boolean that is false when missing or null."""
    return bool(body.get(name) is not None and _typed(body, name, bool))


def choice(body: Body, name: str, allowed: Collection[str]) -> str:
    """Give one of the allowed words; it must be there."""
    value = optional_choice(body, name, allowed)
    if value is None:
        raise _missing(name)
    return value


def optional_choice(body: Body, name: str, allowed: Collection[str]) -> str | None:
    """Give one of the allowed words, None when it was left out."""
    value: str | None = _typed(body, name, str)
    if value is not None and value not in allowed:
        raise not_among(name, value, allowed)
    return value


def integer(body: Body, name: str, smallest: int, largest: int = _LARGEST) -> int:
    """Give an integer within bounds (both inclusive); it must be there."""
    value = optional_integer(body, name, smallest, largest)
    if value is None:
        raise _missing(name)
    return value


def optional_integer(body: Body, name: str, smallest: int, largest: int = _LARGEST) -> int | None:
    """Give an integer within bounds (both inclusive), None when it was left out."""
    if name not in body:
        return None
    value = body[name]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong_type(name, int)
    return _bounded(name, value, smallest, largest)


def texts(body: Body, name: str) -> tuple[str, ...] | None:
    """Give an array of texts, None when it was left out; null is refused."""
    value = _typed(body, name, list)
    if value is not None and not all(isinstance(item, str) for item in value):
        raise invalid(f"Invalid type for '{name}': expected an array of strings.", name)
    return None if value is None else tuple(value)


def lifetime(body: Body, nullable: bool) -> int | None:
    """Give `expires_in_seconds`, 1 second to 1 year."""
    if nullable and body.get("expires_in_seconds") is None:
        return None
    return optional_integer(body, "expires_in_seconds", 1, LONGEST_LIFETIME)


def many(query: QueryParams, name: str) -> list[str]:
    """Give the values of an array parameter, written with or without brackets."""
    return [*query.getlist(name), *query.getlist(f"{name}[]")]


def query_integer(
    query: QueryParams, name: str, smallest: int = -_LARGEST, largest: int = _LARGEST
) -> int | None:
    """Give an integer parameter within bounds (both inclusive), None when it was left out."""
    raw = query.get(name)
    if raw is None:
        return None
    if not _INTEGER.fullmatch(raw):
        raise _wrong_type(name, int)
    return _bounded(name, int(raw), smallest, largest)


def query_flag(query: QueryParams, name: str) -> bool:
    """Give a boolean parameter, false when it was left out."""
    return query_choice(query, name, ("true", "false")) == "true"


def query_choice(query: QueryParams, name: str, allowed: Collection[str]) -> str | None:
    """Give a parameter that must be one of the allowed words, None when it was left out."""
    raw = query.get(name)
    if raw is not None and raw not in allowed:
        raise not_among(name, raw, allowed)
    return raw


def not_among(name: str, value: str, allowed: Collection[str]) -> Exception:
    """Refuse a word that is not one of the allowed ones."""
    words = ", ".join(f"'{word}'" for word in allowed)
    message = f"Invalid value: '{value}'. Supported values are: {words}."
    return invalid(message, name, "invalid_value")


def _typed(body: Body, name: str, kind: type) -> Any:
    if name not in body:
        return None
    if not isinstance(body[name], kind):
        raise _wrong_type(name, kind)
    return body[name]


def _bounded(name: str, value: int, smallest: int, largest: int) -> int:
    if value < smallest:
        message = f"Invalid '{name}': integer below minimum value. Expected a value >= {smallest}."
        raise invalid(message, name, "integer_below_min_value")
    if value > largest:
        message = f"Invalid '{name}': integer above maximum value. Expected a value <= {largest}."
        raise invalid(message, name, "integer_above_max_value")
    return value


def _missing(name: str) -> Exception:
    return invalid(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")


def _wrong_type(name: str, kind: type) -> Exception:
    return invalid(
        f"Invalid type for '{name}': expected {_TYPE_NAMES[kind]}.", name, "invalid_type"
    )


def _not_json(word: str) -> NoReturn:
    raise ValueError(word)
