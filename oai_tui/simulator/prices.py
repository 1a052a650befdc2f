"""What things cost: a price table, and the line items that one kind of use is billed under."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

PICO = 10**12  # money is counted in millionths of a millionth of a dollar, so that sums are exact
_MICRO = 10**6  # a price in dollars per million tokens is this many of those per token

# Dollars per million tokens: input, cached input, cache write, output. The longest start wins.
TOKEN_PRICES: dict[str, tuple[float, float, float, float]] = {
    "": (1.00, 0.25, 1.25, 4.00),
    "gpt-4o": (2.50, 1.25, 2.50, 10.00),
    "gpt-4o-mini": (0.15, 0.075, 0.15, 0.60),
    "gpt-4.1": (2.00, 0.50, 2.00, 8.00),
    "gpt-4.1-mini": (0.40, 0.10, 0.40, 1.60),
    "gpt-4.1-nano": (0.10, 0.025, 0.10, 0.40),
    "gpt-5": (1.25, 0.125, 1.25, 10.00),
    "gpt-5-mini": (0.25, 0.025, 0.25, 2.00),
    "gpt-5-nano": (0.05, 0.005, 0.05, 0.40),
    "gpt-5.4": (1.50, 0.15, 1.50, 12.00),
    "gpt-5.4-mini": (0.30, 0.03, 0.30, 2.40),
    "gpt-5.4-nano": (0.06, 0.006, 0.06, 0.48),
    "gpt-5.6": (1.75, 0.175, 2.20, 14.00),
    "gpt-5.6-mini": (1.10, 0.11, 1.40, 8.80),
    "gpt-5.6-luna": (0.50, 0.05, 0.65, 4.00),
    "gpt-6": (2.50, 0.25, 3.10, 18.00),
    "gpt-audio": (2.50, 2.50, 2.50, 10.00),
    "gpt-audio-mini": (0.60, 0.60, 0.60, 2.40),
    "gpt-realtime": (4.00, 0.40, 4.00, 16.00),
    "o1-pro": (150.00, 150.00, 150.00, 600.00),
    "o3": (2.00, 0.50, 2.00, 8.00),
    "o4-mini": (1.10, 0.275, 1.10, 4.40),
    "text-embedding-3-large": (0.13, 0.13, 0.13, 0.0),
    "text-embedding": (0.02, 0.02, 0.02, 0.0),
}
_AUDIO_TIMES = 8
_TIMES = {"flex": 50, "priority": 200}


class Charge(NamedTuple):
    """A line item: its unit, its price per unit in `1 / PICO` dollars, and the counts it bills."""

    line_item: str
    unit: str | None
    price: int
    counts: tuple[int, ...]


@lru_cache(maxsize=512)
def charges(kind: str, model: str) -> tuple[Charge, ...]:
    """Return what one kind of use of a model is billed under; moderations are free.

    The counts are places in a row of the kind's counts, of which the first are the requests.
    """
    if kind in ("completions", "decisions"):
        return _token_charges(model)
    if kind == "embeddings":
        return (Charge(f"{model}, input", "tokens", _prices(model)[0], (1,)),)
    if kind == "images":
        return (Charge(f"{model} image, output", "images", PICO * 12 // 1000, (1,)),)
    if kind == "audio_speeches":
        return (Charge(f"{model}, characters", "characters", 15 * _MICRO, (1,)),)
    if kind == "audio_transcriptions":
        return (Charge(f"{model}, duration", "duration_seconds", PICO // 10_000, (1,)),)
    return _TOOLS.get(kind, ())


def percent(tier: object, batch: object) -> int:
    """Return how much of the list price a service tier or a batch costs, in percent."""
    return 50 if batch else _TIMES.get(str(tier), 100)


_TOOLS = {
    "code_interpreter_sessions": (
        Charge("code interpreter sessions", None, PICO * 3 // 100, (0,)),
    ),
    "file_search_calls": (Charge("file search tool calls", None, PICO // 400, (0,)),),
    "web_search_calls": (Charge("web search tool calls", None, PICO // 100, (1,)),),
}
STORAGE = Charge("file search storage", "gibibyte_hours", PICO // 240, ())


def _prices(model: str) -> tuple[int, ...]:
    start = max((name for name in TOKEN_PRICES if model.startswith(name)), key=len)
    return tuple(round(price * _MICRO) for price in TOKEN_PRICES[start])


def _token_charges(model: str) -> tuple[Charge, ...]:
    taken, cached, written, given = _prices(model)
    if model.startswith("gpt-6"):
        forms = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens")
    else:
        forms = ("input", "cached input", "cache writes", "output")
    if "audio" in model or "realtime" in model:
        return _spoken_charges(model, (taken, cached, given))
    counted = ((1, 2, 3), (4, 5, 6), (7, 8), (9, 10, 11))
    prices = (taken, cached, written, given)
    return tuple(
        Charge(f"{model}, {form}", "tokens", price, counts)
        for form, price, counts in zip(forms, prices, counted, strict=True)
    )


def _spoken_charges(model: str, prices: tuple[int, int, int]) -> tuple[Charge, ...]:
    """Bill text and sound apart, as `gpt-audio …` and `gpt-realtime …` line items do."""
    between = ", " if "realtime" in model else " "
    after = " " if "realtime" in model else ", "
    found = []
    for what, times, places in (("text", 1, (1, 4, 9)), ("audio", _AUDIO_TIMES, (2, 5, 10))):
        forms = ("input", "cached input", "output")
        for form, price, place in zip(forms, prices, places, strict=True):
            name = f"{model}{between}{what}{after}{form}"
            found.append(Charge(name, "tokens", price * times, (place,)))
    return tuple(found)
