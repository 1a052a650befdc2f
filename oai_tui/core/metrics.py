"""The figures that can be looked at, and which kinds of usage have them."""

from __future__ import annotations

from enum import StrEnum

from oai_tui.core.kinds import REQUEST_KINDS, TOKEN_KINDS, Dimension, Kind


class Metric(StrEnum):
    """What is counted; the values are the platform's field names where it has one."""

    TOKENS = "tokens"
    INPUT = "input_tokens"
    OUTPUT = "output_tokens"
    CACHED = "input_cached_tokens"
    CACHE_WRITE = "input_cache_write_tokens"
    UNCACHED = "input_uncached_tokens"
    AUDIO = "audio_tokens"
    IMAGE_TOKENS = "image_tokens"
    REQUESTS = "num_model_requests"
    COST = "cost"
    IMAGES = "images"
    CHARACTERS = "characters"
    SECONDS = "seconds"
    SESSIONS = "num_sessions"
    CALLS = "num_requests"
    BYTES = "usage_bytes"

    @property
    def label(self) -> str:
        """The words on the screen."""
        return _LABELS.get(self, self.value)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of usage that have it; none for the cost."""
        return _KINDS[self]

    @property
    def fields(self) -> tuple[str, ...]:
        """The platform's numbers it is the sum of; none for the cost."""
        return () if self is Metric.COST else _SUMS.get(self, (self.value,))

    @property
    def is_level(self) -> bool:
        """Whether it is how much there is, which is never summed over time."""
        return self is Metric.BYTES

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What it can be grouped by, those that most people ask for first."""
        if self is Metric.COST:
            return _COST_DIMENSIONS
        found = {dimension for kind in self.kinds for dimension in kind.dimensions}
        if len(self.kinds) > 1:
            found.add(Dimension.KIND)
        return tuple(dimension for dimension in Dimension if dimension in found)


_LABELS = {
    Metric.TOKENS: "tokens in + out",
    Metric.INPUT: "input tokens",
    Metric.OUTPUT: "output tokens",
    Metric.CACHED: "cached tokens",
    Metric.CACHE_WRITE: "cache writes",
    Metric.UNCACHED: "uncached tokens",
    Metric.AUDIO: "audio tokens",
    Metric.IMAGE_TOKENS: "image tokens",
    Metric.REQUESTS: "requests",
    Metric.SESSIONS: "sessions",
    Metric.CALLS: "tool calls",
    Metric.BYTES: "bytes stored",
}
_DETAILED = (Kind.COMPLETIONS, Kind.DECISIONS)
_KINDS: dict[Metric, tuple[Kind, ...]] = {
    Metric.TOKENS: TOKEN_KINDS,
    Metric.INPUT: TOKEN_KINDS,
    **dict.fromkeys(
        (
            Metric.OUTPUT,
            Metric.CACHED,
            Metric.CACHE_WRITE,
            Metric.UNCACHED,
            Metric.AUDIO,
            Metric.IMAGE_TOKENS,
        ),
        _DETAILED,
    ),
    Metric.REQUESTS: REQUEST_KINDS,
    Metric.COST: (),
    Metric.IMAGES: (Kind.IMAGES,),
    Metric.CHARACTERS: (Kind.SPEECHES,),
    Metric.SECONDS: (Kind.TRANSCRIPTIONS,),
    Metric.SESSIONS: (Kind.CODE,),
    Metric.CALLS: (Kind.FILE_SEARCH, Kind.WEB_SEARCH),
    Metric.BYTES: (Kind.VECTOR_STORES,),
}
_SUMS = {
    Metric.TOKENS: ("input_tokens", "output_tokens"),
    Metric.AUDIO: ("input_audio_tokens", "input_cached_audio_tokens", "output_audio_tokens"),
    Metric.IMAGE_TOKENS: (
        "input_image_tokens",
        "input_cached_image_tokens",
        "output_image_tokens",
    ),
}
_COST_DIMENSIONS = (
    Dimension.MODEL,
    Dimension.PROJECT,
    Dimension.KEY,
    Dimension.USER,
    Dimension.LINE_ITEM,
    Dimension.API_SOURCE,
)
