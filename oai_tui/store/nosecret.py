"""The last guard against a key in a file of ours."""

from __future__ import annotations

from oai_tui.core.text import KEYLIKE

_SURE = 32
"""Characters from which a match inside a longer word counts too; `task-manager` does not."""


def holds_key(text: str) -> bool:
    """Whether a text holds what looks like a key, at the start of a word or long enough."""
    return any(
        not text[: found.start()][-1:].isalnum() or len(found.group()) >= _SURE
        for found in KEYLIKE.finditer(text)
    )
