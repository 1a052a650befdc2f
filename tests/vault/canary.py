"""A key of which every twelve characters are found nowhere else."""

from __future__ import annotations

import random
import string
from pathlib import Path

_LETTERS = string.ascii_letters + string.digits
CANARY = "sk-admin-" + "".join(random.Random(7).choices(_LETTERS, k=124))
WINDOWS = tuple(CANARY[start : start + 12] for start in range(9, len(CANARY) - 11))


def in_text(text: str) -> bool:
    """Whether any part of the key is in a text."""
    return any(window in text for window in WINDOWS)


def files_with_it(folder: Path) -> list[Path]:
    """Return the files below a folder that hold any part of the key, in UTF-8 or UTF-16."""
    parts = [w.encode(code) for w in WINDOWS for code in ("utf-8", "utf-16-le", "utf-16-be")]
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if any(part in data for part in parts):
                found.append(path)
    return found
