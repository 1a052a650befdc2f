"""What a key's requests are made of: models, tiers, sizes and how much one request uses."""

from __future__ import annotations

from dataclasses import dataclass

from oai_tui.simulator.kinds import CONTEXT_LEVELS, IMAGE_SIZES, IMAGE_SOURCES

Dimension = str | bool | None

# The part of a key's requests a day that each kind makes beside its first kind, which makes all.
VOLUMES = {
    "completions": 1.0,
    "decisions": 0.25,
    "embeddings": 0.8,
    "moderations": 0.5,
    "images": 0.03,
    "audio_speeches": 0.06,
    "audio_transcriptions": 0.06,
    "code_interpreter_sessions": 0.02,
    "file_search_calls": 0.15,
    "web_search_calls": 0.05,
}
_STAND_INS = {
    "embeddings": "text-embedding-3-small",
    "moderations": "omni-moderation-latest",
    "images": "gpt-image-2-2026-04-21",
    "audio_speeches": "gpt-4o-mini-tts",
    "audio_transcriptions": "gpt-4o-transcribe",
}
_MARKS = {
    "embeddings": ("embedding",),
    "moderations": ("moderation",),
    "images": ("image", "dall-e"),
    "audio_speeches": ("tts",),
    "audio_transcriptions": ("whisper", "transcribe"),
}
_ONE = 1 << 20


@dataclass(frozen=True, slots=True)
class Variant:
    """One way a key is used: its dimensions, its share of `1 << 20`, means of one request."""

    dimensions: tuple[Dimension, ...]
    weight: int
    means: tuple[float, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The facts about a key that its variants follow from; `number` is the key's 64 bits."""

    project_id: str | None
    user_id: str | None
    key_id: str | None
    models: tuple[str, ...]
    batch_share: float
    cached_share: float
    number: int

    @property
    def api_source(self) -> str:
        """Every eighth key belongs to the Agents API."""
        return "agents_api" if self.number % 8 == 3 else "unlabeled"


def variants(kind: str, profile: Profile) -> tuple[Variant, ...]:
    """Return the variants of a key in one kind of usage; their weights add up to one."""
    shares = _shares(kind, profile)
    total = sum(share for _, share, _ in shares)
    base: tuple[Dimension, ...] = (profile.project_id, profile.user_id, profile.key_id)
    if kind == "code_interpreter_sessions":
        base = (profile.project_id,)
    found = []
    for place, (tail, share, means) in enumerate(shares):
        number = (profile.number * 31 + place * 0x9E3779B9) & ((1 << 64) - 1)
        found.append(Variant((*base, *tail), int(share / total * _ONE), means, number))
    last = found[-1]
    rest = _ONE - sum(variant.weight for variant in found[:-1])
    found[-1] = Variant(last.dimensions, rest, last.means, last.number)
    return tuple(found)


_Share = tuple[tuple[Dimension, ...], float, tuple[float, ...]]


def _shares(kind: str, profile: Profile) -> list[_Share]:
    if kind in ("completions", "decisions"):
        return _tokens(kind, profile)
    if kind == "code_interpreter_sessions":
        return [((), 1.0, ())]
    if kind == "file_search_calls":
        return [((store,), 1.0, ()) for store in vector_stores(profile.project_id)]
    if kind == "web_search_calls":
        model = models_for("completions", profile.models)[0]
        return [
            ((model, level, profile.api_source), share, (1.3,))
            for level, share in zip(CONTEXT_LEVELS, (0.3, 0.6, 0.1), strict=True)
        ]
    return _by_model(kind, profile)


def _by_model(kind: str, profile: Profile) -> list[_Share]:
    models = models_for(kind, profile.models)
    if kind == "images":
        size = IMAGE_SIZES[2 + profile.number % 3]
        drawn = [((size, IMAGE_SOURCES[0]), 0.7), ((IMAGE_SIZES[2], IMAGE_SOURCES[1]), 0.3)]
        return [((model, *tail), share, (1.4,)) for model in models for tail, share in drawn]
    spread = profile.number >> 9 & 7
    mean = {
        "embeddings": 350.0 + 60 * spread,
        "moderations": 180.0 + 20 * spread,
        "audio_speeches": 420.0 + 50 * spread,
        "audio_transcriptions": 90.0 + 30 * spread,
    }[kind]
    return [((model,), 1.0 / (place + 1), (mean,)) for place, model in enumerate(models)]


def _tokens(kind: str, profile: Profile) -> list[_Share]:
    shares: list[_Share] = []
    for place, model in enumerate(models_for(kind, profile.models)):
        means = _token_means(model, profile, place)
        for batch, tier, share in _tiers(profile):
            tail = (model, batch, tier, profile.api_source)
            shares.append((tail, share / (place + 1), means))
    return shares


def _tiers(profile: Profile) -> list[tuple[bool, str, float]]:
    """Return batch or not, service tier and share: a few keys buy a tier of their own."""
    rest = 1.0 - profile.batch_share
    tiers = {1: "flex", 2: "priority"}.get(profile.number % 16)
    parts = [(False, "default", rest if tiers is None else rest * 0.75)]
    if tiers is not None:
        parts.append((False, tiers, rest * 0.25))
    if profile.batch_share:
        parts.append((True, "default", profile.batch_share))
    return [part for part in parts if part[2] > 0]


def _token_means(model: str, profile: Profile, place: int) -> tuple[float, ...]:
    """Return the mean of every token part of one request, in the order of `TOKEN_PARTS`."""
    bits = profile.number >> (8 + 3 * place)
    taken, given = 1_100.0 + bits % 48 * 100, 110.0 + (bits >> 6) % 36 * 20
    hears = "audio" in model or "realtime" in model
    sees = 0.05 if profile.number % 5 == 0 and not hears else 0.0
    audio = 0.35 if hears else 0.0
    writes = 0.04 if model.startswith(("gpt-5.6", "gpt-6")) else 0.0
    text = 1.0 - audio - sees
    cached = profile.cached_share * (1.0 - writes)
    fresh = 1.0 - writes - cached
    inputs = [taken * part for part in (fresh * text, fresh * audio, fresh * sees)]
    inputs += [taken * part for part in (cached * text, cached * audio, cached * sees)]
    inputs += [taken * writes * 0.75, taken * writes * 0.25]
    draws = 0.1 if sees else 0.0
    return (*inputs, given * (1 - audio - draws), given * audio, given * draws)


def models_for(kind: str, models: tuple[str, ...]) -> tuple[str, ...]:
    """Return those models that serve a kind, or the usual one where a key names none."""
    marks = _MARKS.get(kind)
    if marks is not None:
        fitting = tuple(m for m in models if any(mark in m for mark in marks))
        return fitting or (_STAND_INS[kind],)
    special = [mark for several in _MARKS.values() for mark in several]
    general = tuple(m for m in models if not any(mark in m for mark in special))
    return general or ("gpt-5.4-mini-2026-03-17",)


def vector_stores(project_id: str | None) -> tuple[str, ...]:
    """Return the ids of a project's vector stores."""
    tail = (project_id or "none").rpartition("_")[2][:12]
    return (f"vs_{tail}a1", f"vs_{tail}b2")
