"""Reading the query of a usage or cost report, and cutting its time into buckets and pages."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from oai_tui.simulator.answers import invalid
from oai_tui.simulator.kinds import Kind

WIDTHS = {"1m": 60, "1h": 3_600, "1d": 86_400}
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_LATEST = 4_102_444_800  # the year 2100; milliseconds given for seconds lie far behind it
_TOKEN = struct.Struct(">8sQQ")

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Query:
    """A report as asked for: from `start` until before `end`, this page beginning at `first`."""

    start: int
    end: int
    first: int
    width: int
    limit: int
    groups: tuple[str, ...]
    filters: dict[str, frozenset[str]]
    binding: bytes

    def buckets(self, now: int) -> list[tuple[int, int]]:
        """Give start and end of this page's buckets; none begins after the present."""
        found: list[tuple[int, int]] = []
        start = self.first
        while start < min(self.end, now + 1) and len(found) < self.limit:
            end = min((start // self.width + 1) * self.width, self.end)
            found.append((start, end))
            start = end
        return found

    def next_page(self, seed: int, last_end: int, now: int) -> str | None:
        """Give the token of the page after the bucket that ended at `last_end`, None at the end."""
        if last_end >= min(self.end, now + 1):
            return None
        mark = _mark(self.binding, last_end, self.end, seed)
        return "page_" + base64.b64encode(_TOKEN.pack(mark, last_end, self.end)).decode()


def read_query(kind: Kind, pairs: Pairs, now: int, seed: int) -> Query:
    """Read a report's query from its parameters; raises Refusal (400) for every wrong one."""
    start = _time(pairs, "start_time")
    if start is None:
        raise invalid("Missing required parameter: 'start_time'.", "start_time")
    asked_end = _time(pairs, "end_time")
    end = now if asked_end is None else asked_end
    width = _last(pairs, "bucket_width") or "1d"
    if width not in kind.limits:
        raise invalid(f"Invalid value: '{width}'. {_among(kind.limits)}", "bucket_width")
    limit = _limit(pairs, *kind.limits[width])
    groups = _groups(kind, pairs)
    filters = {name: _filter(kind, pairs, name) for name in kind.filters}
    filters = {name: values for name, values in filters.items() if values}
    binding = _binding(kind, start, asked_end, width, groups, filters)
    first = start
    if page := _last(pairs, "page"):
        first, end = _open(page, binding, seed)
    elif end <= start:
        raise invalid("'end_time' must be after 'start_time'.", "end_time")
    by_dimension = {kind.filters[name]: values for name, values in filters.items()}
    return Query(start, end, first, WIDTHS[width], limit, groups, by_dimension, binding)


def _values(pairs: Pairs, name: str) -> list[str]:
    """Give every value of a list parameter, in either spelling: `name=` or `name[]=`."""
    return [value for key, value in pairs if key in (name, f"{name}[]")]


def _last(pairs: Pairs, name: str) -> str | None:
    found = [value for key, value in pairs if key == name]
    return found[-1] if found else None


def _whole(value: str, name: str) -> int:
    if not _INTEGER.fullmatch(value):
        raise invalid(f"Invalid type for '{name}': expected an integer.", name)
    return int(value)


def _time(pairs: Pairs, name: str) -> int | None:
    value = _last(pairs, name)
    if value is None:
        return None
    moment = _whole(value, name)
    if not 0 <= moment <= _LATEST:
        raise invalid(f"Invalid '{name}': expected a time in Unix seconds.", name)
    return moment


def _limit(pairs: Pairs, usual: int, most: int) -> int:
    value = _last(pairs, "limit")
    if value is None:
        return usual
    limit = _whole(value, "limit")
    if not 1 <= limit <= most:
        raise invalid(f"Invalid 'limit': expected a value between 1 and {most}.", "limit")
    return limit


def _groups(kind: Kind, pairs: Pairs) -> tuple[str, ...]:
    asked = dict.fromkeys(_values(pairs, "group_by"))
    for name in asked:
        if name not in kind.dimensions:
            raise invalid(f"Invalid value: '{name}'. {_among(kind.dimensions)}", "group_by")
    return tuple(name for name in kind.dimensions if name in asked)


def _filter(kind: Kind, pairs: Pairs, name: str) -> frozenset[str]:
    values = _values(pairs, name)
    choices = ("true", "false") if name == "batch" else kind.choices.get(name)
    for value in values:
        if choices is not None and value not in choices:
            raise invalid(f"Invalid value: '{value}'. {_among(choices)}", name)
    return frozenset(values)


def _among(allowed: object) -> str:
    names = ", ".join(f"'{name}'" for name in allowed)  # type: ignore[attr-defined]
    return f"Supported values are: {names}."


def _binding(kind: Kind, *parts: object) -> bytes:
    told = [
        sorted((k, sorted(v)) for k, v in p.items()) if isinstance(p, dict) else p for p in parts
    ]
    return repr((kind.name, told)).encode()


def _mark(binding: bytes, first: int, end: int, seed: int) -> bytes:
    told = binding + struct.pack(">QQq", first, end, seed)
    return blake2b(told, digest_size=8).digest()


def _open(page: str, binding: bytes, seed: int) -> tuple[int, int]:
    """Give where a page begins and where its report ends; a token of another query is refused."""
    try:
        raw = base64.b64decode(page.removeprefix("page_").encode("ascii"), validate=True)
        mark, first, end = _TOKEN.unpack(raw)
    except (ValueError, struct.error):
        raise invalid("Invalid 'page': this is no page of ours.", "page") from None
    if mark != _mark(binding, first, end, seed):
        raise invalid("Invalid 'page': it belongs to another query.", "page")
    return int(first), int(end)
