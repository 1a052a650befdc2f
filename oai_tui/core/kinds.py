"""What the platform counts: its kinds of usage, and what each can be told apart by."""

from __future__ import annotations

from enum import StrEnum


class Dimension(StrEnum):
    """What figures can be grouped by; the values are the platform's field names, or ours."""

    MODEL = "model"
    PROJECT = "project_id"
    KEY = "api_key_id"
    USER = "user_id"
    TIER = "service_tier"
    BATCH = "batch"
    KIND = "kind"
    LINE_ITEM = "line_item"
    SIZE = "size"
    SOURCE = "source"
    CONTEXT = "context_level"
    API_SOURCE = "api_source"
    STORE = "vector_store_id"

    @property
    def label(self) -> str:
        """The words on the screen."""
        return _DIMENSION_LABELS.get(self, self.value.replace("_", " "))


_DIMENSION_LABELS = {
    Dimension.PROJECT: "project",
    Dimension.KEY: "key",
    Dimension.USER: "user",
    Dimension.TIER: "tier",
    Dimension.CONTEXT: "context size",
    Dimension.API_SOURCE: "API source",
    Dimension.STORE: "vector store",
}


class Kind(StrEnum):
    """A kind of usage; the values are the last part of its endpoint's path."""

    COMPLETIONS = "completions"
    DECISIONS = "decisions"
    EMBEDDINGS = "embeddings"
    MODERATIONS = "moderations"
    IMAGES = "images"
    SPEECHES = "audio_speeches"
    TRANSCRIPTIONS = "audio_transcriptions"
    VECTOR_STORES = "vector_stores"
    CODE = "code_interpreter_sessions"
    FILE_SEARCH = "file_search_calls"
    WEB_SEARCH = "web_search_calls"

    @property
    def label(self) -> str:
        """The words on the screen."""
        return _KIND_LABELS.get(self, self.value.replace("_", " "))

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What it can be grouped by, the newest of the platform last."""
        return _DIMENSIONS[self]

    @property
    def fields(self) -> tuple[str, ...]:
        """The platform's names of its numbers."""
        return _FIELDS[self]

    @property
    def result_object(self) -> str:
        """The `object` of its rows, which is not always named as the path."""
        return f"organization.usage.{_OBJECTS.get(self, self.value)}.result"


_KIND_LABELS = {
    Kind.SPEECHES: "speech",
    Kind.TRANSCRIPTIONS: "transcription",
    Kind.CODE: "code interpreter",
    Kind.FILE_SEARCH: "file search",
    Kind.WEB_SEARCH: "web search",
}
_OBJECTS = {Kind.FILE_SEARCH: "file_searches", Kind.WEB_SEARCH: "web_searches"}

_CALLERS = (Dimension.PROJECT, Dimension.USER, Dimension.KEY)
_MODELS = (*_CALLERS, Dimension.MODEL)
_TOKENS = (*_MODELS, Dimension.BATCH, Dimension.TIER, Dimension.API_SOURCE)
_DIMENSIONS: dict[Kind, tuple[Dimension, ...]] = {
    Kind.COMPLETIONS: _TOKENS,
    Kind.DECISIONS: _TOKENS,
    Kind.EMBEDDINGS: _MODELS,
    Kind.MODERATIONS: _MODELS,
    Kind.IMAGES: (*_MODELS, Dimension.SIZE, Dimension.SOURCE),
    Kind.SPEECHES: _MODELS,
    Kind.TRANSCRIPTIONS: _MODELS,
    Kind.VECTOR_STORES: (Dimension.PROJECT,),
    Kind.CODE: (Dimension.PROJECT,),
    Kind.FILE_SEARCH: (*_CALLERS, Dimension.STORE),
    Kind.WEB_SEARCH: (*_MODELS, Dimension.CONTEXT, Dimension.API_SOURCE),
}

_REQUESTS = "num_model_requests"
_TOKEN_FIELDS = (
    "input_tokens",
    "output_tokens",
    "input_cached_tokens",
    "input_cache_write_tokens",
    "input_uncached_tokens",
    "input_audio_tokens",
    "input_cached_audio_tokens",
    "output_audio_tokens",
    "input_image_tokens",
    "input_cached_image_tokens",
    "output_image_tokens",
    _REQUESTS,
)
_FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.COMPLETIONS: _TOKEN_FIELDS,
    Kind.DECISIONS: _TOKEN_FIELDS,
    Kind.EMBEDDINGS: ("input_tokens", _REQUESTS),
    Kind.MODERATIONS: ("input_tokens", _REQUESTS),
    Kind.IMAGES: ("images", _REQUESTS),
    Kind.SPEECHES: ("characters", _REQUESTS),
    Kind.TRANSCRIPTIONS: ("seconds", _REQUESTS),
    Kind.VECTOR_STORES: ("usage_bytes",),
    Kind.CODE: ("num_sessions",),
    Kind.FILE_SEARCH: ("num_requests",),
    Kind.WEB_SEARCH: ("num_requests", _REQUESTS),
}

TOKEN_KINDS = (Kind.COMPLETIONS, Kind.DECISIONS, Kind.EMBEDDINGS, Kind.MODERATIONS)
"""The kinds that count tokens."""

REQUEST_KINDS = (*TOKEN_KINDS, Kind.IMAGES, Kind.SPEECHES, Kind.TRANSCRIPTIONS)
"""The kinds whose requests to a model add up; the searches count some of them once more."""
