"""Finding any part of a key in whatever a program lets out."""

from __future__ import annotations

from tests.vault.canary import CANARY

__all__ = ["CANARY", "leaks"]

WINDOW = 12
"""Characters; tracebacks cut texts, so that a whole key is the wrong thing to look for."""


def leaks(canary: str, output: str | bytes) -> list[str]:
    """Return every part of a key, twelve characters long, that is in an output."""
    windows = [canary[start : start + WINDOW] for start in range(len(canary) - WINDOW + 1)]
    if isinstance(output, bytes):
        return [
            window
            for window in windows
            if any(window.encode(code) in output for code in ("utf-8", "utf-16-le", "utf-16-be"))
        ]
    return [window for window in windows if window in output]
