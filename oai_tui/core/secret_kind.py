"""Reading a key as a person pastes it, and telling the kinds of key apart."""

from __future__ import annotations

import re
from enum import Enum

from oai_tui.core.errors import WrongInput
from oai_tui.core.secret import Secret

LONGEST = 1000
"""Characters. Real keys have about 170; Windows keeps 1,280 with their origin."""

_QUOTES = "\"'`“”‘’„«»"
_PASTE_AGAIN = "Copy the whole key where it was shown and paste it again."


def key_from(text: str) -> Secret:
    """Return the key in what was typed or pasted, without the blanks and quotes around it.

    Raises WrongInput, whose text holds nothing of the key, for what cannot be sent in a header.
    """
    key = _bare(text)
    if not key:
        raise WrongInput("No key was given.", "Paste the key, then press enter.")
    if "***" in key or "…" in key or "..." in key:
        raise WrongInput(
            "This is a masked key, as lists show it; the key itself is shown only when it is made.",
            "Paste the whole key, or make a new one.",
        )
    if any(char.isspace() for char in key):
        raise WrongInput("A key has no blanks or line breaks inside.", _PASTE_AGAIN)
    if not (key.isascii() and key.isprintable()):
        raise WrongInput("A key has only plain letters, digits and signs.", _PASTE_AGAIN)
    if len(key) > LONGEST:
        raise WrongInput(f"This is too long for a key: {len(key):,} characters.", _PASTE_AGAIN)
    return Secret(key)


def _bare(text: str) -> str:
    while True:
        stripped = text.strip().strip(_QUOTES)
        if stripped == text:
            return text
        text = stripped


class SecretKind(Enum):
    """What the first characters of a key say about it: a hint for people, never a check."""

    ADMIN = (
        "admin key",
        "It manages the organization: its keys, people, limits, usage and costs.",
        "It cannot call models.",
    )
    PROJECT = (
        "project key",
        "It calls models in its project.",
        "It cannot list keys or read usage and costs; that takes an admin key.",
    )
    SERVICE_ACCOUNT = (
        "service account key",
        "It calls models in its project, in the name of a service account.",
        "It cannot list keys or read usage and costs; that takes an admin key.",
    )
    LEGACY_USER = (
        "legacy user key",
        "It calls models with all rights of the person it belongs to.",
        "It cannot list keys or read usage and costs, and this kind is no longer issued.",
    )
    SESSION = (
        "browser session key",
        "It keeps a browser signed in to the dashboard for about two weeks.",
        "It is no API key: the platform's API does not take it.",
    )
    UNKNOWN = (
        "key of an unknown kind",
        "Only the platform can tell what it may do.",
        "What it cannot do is known once it has been tried.",
    )

    def __init__(self, label: str, what_it_can_do: str, what_it_cannot: str) -> None:
        self.label = label
        self.what_it_can_do = what_it_can_do
        self.what_it_cannot = what_it_cannot


_PREFIXES = (
    ("sk-admin-", SecretKind.ADMIN),
    ("sk-proj-", SecretKind.PROJECT),
    ("sk-svcacct-", SecretKind.SERVICE_ACCOUNT),
    ("sk-None-", SecretKind.LEGACY_USER),
    ("sess-", SecretKind.SESSION),
)
_LEGACY = re.compile(r"sk-[A-Za-z0-9]{48}")


def kind_of(secret: Secret) -> SecretKind:
    """Return the kind a key seems to be of."""
    key = secret.reveal()
    for prefix, kind in _PREFIXES:
        if key.startswith(prefix):
            return kind
    return SecretKind.LEGACY_USER if _LEGACY.fullmatch(key) else SecretKind.UNKNOWN
