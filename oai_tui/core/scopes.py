"""What a project key may do: the platform's identifiers, in plain words.

No endpoint lists them, so this list is kept by hand. The first four stand in the platform's own
contract; the others were seen in its error messages or in what its dashboard sends.
An identifier that is not here may be right all the same: it is sent as typed, and said to be
unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oai_tui.core.errors import WrongInput
from oai_tui.core.text import KEYLIKE, clean

ALL: tuple[str, ...] = ()
"""Everything its owner may do. To the platform an empty list is no restriction, not no access."""

READ_ONLY: tuple[str, ...] = ("api.all.read",)
"""Reading only; a key with this cannot call a model."""

MOST = 50
"""Scopes of one key at most, by our own rule: more is a slip of the clipboard."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One thing a key may be allowed to do."""

    id: str
    words: str


KNOWN: tuple[Scope, ...] = (
    Scope("api.all.read", "read everything, call no model"),
    Scope("api.model.request", "call models: chat, embeddings, moderation"),
    Scope("api.responses.write", "make responses (Responses API)"),
    Scope("api.files.read", "read and download files"),
    Scope("model.request", "call models, as the dashboard sends it as well"),
    Scope("api.model.read", "list the models"),
    Scope("model.read", "list the models, as the dashboard sends it as well"),
    Scope("api.model.audio.request", "speech and transcription"),
    Scope("api.model.image.request", "make and edit images"),
    Scope("api.responses.read", "read stored responses"),
    Scope("api.files.write", "upload and delete files"),
    Scope("api.batch.read", "read batches"),
    Scope("api.assistants.read", "read assistants"),
    Scope("api.assistants.write", "make and change assistants"),
    Scope("api.threads.read", "read threads, messages and runs"),
    Scope("api.threads.write", "make and change threads, messages and runs"),
    Scope("api.fine_tuning.jobs.read", "read fine-tuning jobs"),
    Scope("api.fine_tuning.jobs.write", "start and cancel fine-tuning jobs"),
    Scope("api.vector_stores.read", "read vector stores"),
    Scope("api.videos.write", "make videos"),
)

_BY_ID = {scope.id: scope for scope in KNOWN}
_SHAPE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_ALL_WORDS = ("all", "everything", "")
_READ_WORDS = ("read only", "read-only", "readonly", "read")


def parse(text: str) -> tuple[str, ...]:
    """Return the scopes a text names: `all`, `read only`, or identifiers. Raises WrongInput."""
    words = " ".join(text.casefold().split())
    if words in _ALL_WORDS:
        return ALL
    if words in _READ_WORDS:
        return READ_ONLY
    return checked(re.split(r"[,;\s]+", words.strip(",; ")))


def checked(ids: Iterable[str]) -> tuple[str, ...]:
    """Return identifiers that have the shape of one, each once. Raises WrongInput."""
    found = tuple(dict.fromkeys(ids))
    for id in found:
        if not _SHAPE.fullmatch(id) or len(id) > 80 or KEYLIKE.search(id):
            raise WrongInput(
                f"“{clean(id, 40)}” is no name of a scope.", "They look like api.files.read."
            )
    if len(found) > MOST:
        raise WrongInput(f"These are {len(found)} scopes.", f"A key can be given {MOST} here.")
    return found


def unchecked(ids: Iterable[str]) -> tuple[str, ...]:
    """Return those of the identifiers that this program does not know."""
    return tuple(id for id in ids if id not in _BY_ID)


def in_words(ids: Sequence[str]) -> str:
    """Return what scopes allow in a few words: `all`, `read only`, `2 chosen: …`."""
    if not ids:
        return "all"
    if tuple(ids) == READ_ONLY:
        return "read only"
    return f"{len(ids)} chosen: {', '.join(ids)}" if len(ids) > 1 else f"only {ids[0]}"


def words_of(id: str) -> str:
    """Return what one identifier allows, and that it is unchecked where it is not known."""
    scope = _BY_ID.get(id)
    return scope.words if scope else "not known to this program; sent as it is, unchecked"


def matching(text: str) -> tuple[Scope, ...]:
    """Return the known scopes in whose name or words every word of a filter is found."""
    words = text.casefold().split()
    return tuple(
        scope for scope in KNOWN if all(word in f"{scope.id} {scope.words}" for word in words)
    )
