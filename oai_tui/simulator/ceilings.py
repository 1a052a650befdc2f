"""The rate limits that projects start with."""

from __future__ import annotations

from random import Random

from oai_tui.simulator.minting import identifier
from oai_tui.simulator.model import RateLimit

OPTIONAL_CEILINGS = (
    "max_images_per_1_minute",
    "max_audio_megabytes_per_1_minute",
    "max_requests_per_1_day",
    "batch_1_day_max_input_tokens",
)

# Model, requests a minute, tokens a minute, and the ceilings that only some models have.
_CEILINGS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("gpt-6-astra", 5_000, 1_000_000, {"batch_1_day_max_input_tokens": 100_000_000}),
    ("gpt-5.6", 10_000, 2_000_000, {"batch_1_day_max_input_tokens": 200_000_000}),
    ("gpt-5.6-mini", 10_000, 10_000_000, {"batch_1_day_max_input_tokens": 1_000_000_000}),
    ("gpt-5.6-luna", 10_000, 4_000_000, {"batch_1_day_max_input_tokens": 400_000_000}),
    ("gpt-4.1-mini-2025-04-14", 10_000, 10_000_000, {}),
    ("o4-mini", 5_000, 4_000_000, {"max_requests_per_1_day": 100_000}),
    ("text-embedding-3-small", 10_000, 5_000_000, {}),
    ("gpt-image-2-2026-04-21", 250, 3_000_000, {"max_images_per_1_minute": 50}),
    ("whisper-1", 500, 150_000, {"max_audio_megabytes_per_1_minute": 200}),
    ("gpt-4o-mini-tts", 5_000, 600_000, {}),
)


_MOST = 10
"""How many times what a project starts with the organization may have at most."""


def ceiling_id(seed: int, project_id: str, model: str) -> str:
    """Give the id of the rate limit of a model in a project."""
    return identifier(seed, f"ceiling {project_id} {model}", "rl-", 24)


def ceilings_of(seed: int, project_id: str) -> list[RateLimit]:
    """Give the rate limits that a project starts with."""
    random = Random(f"ceilings {seed} {project_id}")
    share = random.choice((1, 1, 2, 5))
    return [
        RateLimit(
            id=ceiling_id(seed, project_id, model),
            project_id=project_id,
            model=model,
            max_requests_per_1_minute=requests // share,
            max_tokens_per_1_minute=tokens // share,
            **extra,
        )
        for model, requests, tokens, extra in _CEILINGS
    ]


def most_of(model: str) -> dict[str, int]:
    """Give what the organization may have of each ceiling that applies to a model."""
    return {
        name: value * _MOST
        for known, requests, tokens, extra in _CEILINGS
        if known == model
        for name, value in {
            "max_requests_per_1_minute": requests,
            "max_tokens_per_1_minute": tokens,
            **extra,
        }.items()
    }
