"""The addresses of usage and costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from oai_tui.simulator.answers import authorize, invalid
from oai_tui.simulator.buckets import Query, read_query
from oai_tui.simulator.costs import Ledger, totals
from oai_tui.simulator.kinds import COSTS, TOKEN_PARTS, USAGE_KINDS, Kind
from oai_tui.simulator.metering import Meter, MeteredWorld
from oai_tui.simulator.traffic import DAY

SCOPE = "api.usage.read"
_SPLIT_WRITES_FROM_DAYS = 240  # older answers do not tell the two kinds of cache writes apart

Rows = list[dict[str, object]]
Spans = Sequence[tuple[int, int]]


def usage_routes(world: MeteredWorld) -> list[Route]:
    """Build the routes of the eleven kinds of usage and of costs, which share one meter."""
    meter = Meter(world)
    ledger = Ledger(meter)
    routes = [_usage_route(kind, meter) for kind in USAGE_KINDS.values()]

    async def costs(request: Request) -> Response:
        authorize(request, SCOPE)
        query = _read(COSTS, request, world)
        _refuse_person_in_project(query)
        return _page(query, world, _cost_rows(query, ledger, query.buckets(world.now())))

    return [*routes, Route("/v1/organization/costs", costs, methods=["GET"])]


def _usage_route(kind: Kind, meter: Meter) -> Route:
    async def usage(request: Request) -> Response:
        authorize(request, SCOPE)
        query = _read(kind, request, meter.world)
        spans = query.buckets(meter.world.now())
        if kind.name == "vector_stores":
            rows = _level_rows(query, meter, spans)
        else:
            rows = _usage_rows(kind, query, meter, spans)
        return _page(query, meter.world, rows)

    return Route(f"/v1/organization/usage/{kind.name}", usage, methods=["GET"])


def _read(kind: Kind, request: Request, world: MeteredWorld) -> Query:
    return read_query(kind, request.query_params.multi_items(), world.now(), world.seed)


def _page(query: Query, world: MeteredWorld, rows: Sequence[Rows]) -> Response:
    now = world.now()
    spans = query.buckets(now)
    next_page = query.next_page(world.seed, spans[-1][1], now) if spans else None
    data = [
        {"object": "bucket", "start_time": start, "end_time": end, "results": results}
        for (start, end), results in zip(spans, rows, strict=True)
    ]
    page = {
        "object": "page",
        "data": data,
        "has_more": next_page is not None,
        "next_page": next_page,
    }
    return Response(msgspec.json.encode(page), media_type="application/json")


def _days(spans: Spans) -> dict[int, list[int]]:
    """Return the places of the buckets that lie in each UTC day."""
    days: dict[int, list[int]] = {}
    for place, (start, _) in enumerate(spans):
        days.setdefault(start // DAY * DAY, []).append(place)
    return days


def _usage_rows(kind: Kind, query: Query, meter: Meter, spans: Spans) -> list[Rows]:
    """Sum the meter's portions by bucket and group."""
    sums: list[dict[tuple[object, ...], list[int]]] = [{} for _ in spans]
    cut = _cutter([kind.dimensions.index(name) for name in query.groups])
    wanted = [
        (kind.dimensions.index(name), _typed(name, values))
        for name, values in query.filters.items()
    ]
    sources = meter.sources()
    for day, places in _days(spans).items():
        edges = [spans[place][0] for place in places] + [spans[places[-1]][1]]
        first = places[0]
        for dimensions, place, counts in meter.portions(kind.name, day, edges, sources):
            if wanted and any(dimensions[at] not in values for at, values in wanted):
                continue
            groups, key = sums[first + place], cut(dimensions)
            found = groups.get(key)
            if found is None:
                groups[key] = list(counts)
            else:
                groups[key] = [one + other for one, other in zip(found, counts, strict=True)]
    split_from = meter.world.anchor - _SPLIT_WRITES_FROM_DAYS * DAY
    return [
        [_row(kind, query, key, counts, start >= split_from) for key, counts in groups.items()]
        for (start, _), groups in zip(spans, sums, strict=True)
    ]


def _cutter(places: Sequence[int]) -> Callable[[Sequence[object]], tuple[object, ...]]:
    """Return what takes the grouped values out of a row's dimensions, always as a tuple."""
    if len(places) >= 2:
        return itemgetter(*places)
    wanted = tuple(places)
    return lambda row: tuple([row[place] for place in wanted])


def _typed(name: str, values: frozenset[str]) -> frozenset[str | bool]:
    if name == "batch":
        return frozenset(value == "true" for value in values)
    return frozenset(values)


def _row(
    kind: Kind, query: Query, key: tuple[object, ...], counts: Sequence[int], split: bool
) -> dict[str, object]:
    row: dict[str, object] = {"object": kind.object}
    if kind.counts[1:2] == TOKEN_PARTS[:1]:
        row.update(_token_fields(counts, split))
    else:
        row.update(zip(kind.counts, counts, strict=True))
    row.update(dict.fromkeys(kind.dimensions))
    row.update(zip(query.groups, key, strict=True))
    return row


def _token_fields(counts: Sequence[int], split: bool) -> dict[str, object]:
    """Return every token field: the parts and the sums over them that the contract names."""
    requests, text, audio, image, c_text, c_audio, c_image, brief, long, *given = counts
    uncached, cached, written = text + audio + image, c_text + c_audio + c_image, brief + long
    return {
        "input_tokens": uncached + cached + written,
        "output_tokens": sum(given),
        "num_model_requests": requests,
        "input_cached_tokens": cached,
        "input_cache_write_tokens": written,
        "input_cache_write_30m_tokens": brief if split else None,
        "input_cache_write_12h_tokens": long if split else None,
        "input_uncached_tokens": uncached,
        "input_text_tokens": text,
        "input_cached_text_tokens": c_text,
        "input_audio_tokens": audio,
        "input_cached_audio_tokens": c_audio,
        "input_image_tokens": image,
        "input_cached_image_tokens": c_image,
        "output_text_tokens": given[0],
        "output_audio_tokens": given[1],
        "output_image_tokens": given[2],
    }


def _level_rows(query: Query, meter: Meter, spans: Spans) -> list[Rows]:
    """Give the level of vector stores in every bucket: the same in each bucket of a day."""
    sources = list(meter.sources().values())
    object_name = USAGE_KINDS["vector_stores"].object
    wanted = query.filters.get("project_id")
    rows: list[Rows] = []
    for start, _ in spans:
        levels = meter.level(start // DAY * DAY, sources)
        kept = {p: size for p, size in levels.items() if wanted is None or p in wanted}
        pairs: list[tuple[str | None, int]] = list(kept.items())
        if "project_id" not in query.groups:
            pairs = [(None, sum(kept.values()))] if kept else []
        rows.append([{"object": object_name, "usage_bytes": n, "project_id": p} for p, n in pairs])
    return rows


def _cost_rows(query: Query, ledger: Ledger, spans: Spans) -> list[Rows]:
    sources = ledger.meter.sources()
    lag = 3600 * ledger.meter.world.cost_lag_hours
    return [
        totals(ledger.entries(start, end, lag, sources), query.groups, query.filters)
        for start, end in spans
    ]


def _refuse_person_in_project(query: Query) -> None:
    by_project = "project_id" in query.groups or "project_id" in query.filters
    if "user_id" in query.groups and by_project:
        message = "Combining 'user_id' with 'project_id' is not supported for this organization."
        raise invalid(message, "group_by")
