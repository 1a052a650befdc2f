"""The brakes of the platform: what they are, not what they do to a spend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oai_tui.core.money import Money


@dataclass(frozen=True, slots=True)
class SpendLimit:
    """A hard monthly limit. `enforcement` is the platform's own word for its state."""

    amount: Money
    enforcement: str = ""


@dataclass(frozen=True, slots=True)
class SpendAlert:
    """A monthly amount at which the platform sends mail; traffic goes on.

    `project_id` "" is the whole organization.
    """

    id: str
    amount: Money
    recipients: tuple[str, ...] = ()
    subject_prefix: str = ""
    project_id: str = ""


class Ceiling(StrEnum):
    """What a rate limit caps, by the platform's own field names."""

    REQUESTS = "max_requests_per_1_minute"
    TOKENS = "max_tokens_per_1_minute"
    IMAGES = "max_images_per_1_minute"
    AUDIO = "max_audio_megabytes_per_1_minute"
    DAILY_REQUESTS = "max_requests_per_1_day"
    BATCH = "batch_1_day_max_input_tokens"

    @property
    def label(self) -> str:
        """The words for it, such as `requests a minute`."""
        return _LABELS[self]


_LABELS = {
    Ceiling.REQUESTS: "requests a minute",
    Ceiling.TOKENS: "tokens a minute",
    Ceiling.IMAGES: "images a minute",
    Ceiling.AUDIO: "megabytes of audio a minute",
    Ceiling.DAILY_REQUESTS: "requests a day",
    Ceiling.BATCH: "batch input tokens a day",
}


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The ceilings of one model in one project; those the platform does not tell are absent."""

    id: str
    project_id: str
    model: str
    ceilings: Mapping[Ceiling, int] = field(default_factory=dict)
