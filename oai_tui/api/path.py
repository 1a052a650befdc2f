"""Ids of the platform as parts of a path."""

from __future__ import annotations

import re

from oai_tui.core.errors import BadAnswer

_SAFE = re.compile(r"(?!\.+$)[A-Za-z0-9_.:@=+~-]+")


def segment(id: str) -> str:
    """Return an id that stands for one part of a path.

    Raises BadAnswer for one that would lead the request elsewhere, and for one that had to be
    cleaned: asking for it would find nothing, and a deletion would seem done.
    """
    if not _SAFE.fullmatch(id):
        raise BadAnswer(f"The platform names something “{id}”, which cannot be asked for by id.")
    return id
