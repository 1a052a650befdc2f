"""What a 404 means: that something is not there, or that the server does not know the address."""

from __future__ import annotations

from oai_tui.core.errors import NotFound

_UNKNOWN_ADDRESS = "Invalid URL"
"""How the platform begins its message for an address that it does not serve."""


def is_absent(problem: NotFound) -> bool:
    """Whether what was asked for is not there; an unknown address says nothing of it."""
    return _UNKNOWN_ADDRESS not in problem.what
