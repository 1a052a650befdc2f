"""The twelve reports of the platform: what each measures, how it can be cut and filtered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

USAGE_LIMITS = {"1m": (60, 1440), "1h": (24, 168), "1d": (7, 31)}
COST_LIMITS = {"1d": (7, 180)}

_BY_PROJECT = {"project_ids": "project_id"}
_BY_KEY = {**_BY_PROJECT, "user_ids": "user_id", "api_key_ids": "api_key_id"}
_BY_MODEL = {**_BY_KEY, "models": "model"}

IMAGE_SIZES = ("256x256", "512x512", "1024x1024", "1792x1792", "1024x1792")
IMAGE_SOURCES = ("image.generation", "image.edit", "image.variation")
CONTEXT_LEVELS = ("low", "medium", "high")

_KEYS = ("project_id", "user_id", "api_key_id")
_MODELS = (*_KEYS, "model")
_TOKENS = (*_MODELS, "batch", "service_tier", "api_source")


@dataclass(frozen=True)
class Kind:
    """One report. `counts` names the numbers of a row: requests first, then what they used.

    `filters` maps a parameter to the dimension it narrows, `choices` the values that a filter
    may have, `limits` a bucket width to its default and greatest number of buckets a page.
    """

    name: str
    object: str
    dimensions: tuple[str, ...]
    counts: tuple[str, ...]
    filters: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: Mapping[str, tuple[int, int]] = field(default_factory=lambda: USAGE_LIMITS)


# The parts a token count is made of. None overlaps another, so that every published sum is a
# sum of parts in a bucket of any width.
TOKEN_PARTS = (
    "input_text_tokens",
    "input_audio_tokens",
    "input_image_tokens",
    "input_cached_text_tokens",
    "input_cached_audio_tokens",
    "input_cached_image_tokens",
    "input_cache_write_30m_tokens",
    "input_cache_write_12h_tokens",
    "output_text_tokens",
    "output_audio_tokens",
    "output_image_tokens",
)


def _kind(
    name: str,
    dimensions: tuple[str, ...],
    counts: tuple[str, ...],
    filters: Mapping[str, str],
    choices: Mapping[str, tuple[str, ...]] | None = None,
    row: str = "",
) -> Kind:
    row = f"organization.usage.{row or name}.result"
    return Kind(name, row, dimensions, counts, filters, choices or {})


_REQUESTS = "num_model_requests"

USAGE_KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("completions", _TOKENS, (_REQUESTS, *TOKEN_PARTS), {**_BY_MODEL, "batch": "batch"}),
        _kind("decisions", _TOKENS, (_REQUESTS, *TOKEN_PARTS), {**_BY_MODEL, "batch": "batch"}),
        _kind("embeddings", _MODELS, (_REQUESTS, "input_tokens"), _BY_MODEL),
        _kind("moderations", _MODELS, (_REQUESTS, "input_tokens"), _BY_MODEL),
        _kind(
            "images",
            (*_MODELS, "size", "source"),
            (_REQUESTS, "images"),
            {**_BY_MODEL, "sizes": "size", "sources": "source"},
            {"sizes": IMAGE_SIZES, "sources": IMAGE_SOURCES},
        ),
        _kind("audio_speeches", _MODELS, (_REQUESTS, "characters"), _BY_MODEL),
        _kind("audio_transcriptions", _MODELS, (_REQUESTS, "seconds"), _BY_MODEL),
        _kind("vector_stores", ("project_id",), ("usage_bytes",), _BY_PROJECT),
        _kind("code_interpreter_sessions", ("project_id",), ("num_sessions",), _BY_PROJECT),
        _kind(
            "file_search_calls",
            (*_KEYS, "vector_store_id"),
            ("num_requests",),
            {**_BY_KEY, "vector_store_ids": "vector_store_id"},
            row="file_searches",
        ),
        _kind(
            "web_search_calls",
            (*_MODELS, "context_level", "api_source"),
            (_REQUESTS, "num_requests"),
            {**_BY_MODEL, "context_levels": "context_level"},
            {"context_levels": CONTEXT_LEVELS},
            row="web_searches",
        ),
    )
}

COSTS = Kind(
    "costs",
    "organization.costs.result",
    ("project_id", "user_id", "api_key_id", "line_item", "api_source"),
    (),
    {"project_ids": "project_id", "api_key_ids": "api_key_id", "line_items": "line_item"},
    limits=COST_LIMITS,
)
