"""What the process does first, so that nothing it leaves behind can hold a key."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import MutableMapping

DEBUG_SWITCH = "OAI_TUI_DEBUG"
"""Set to 1 by people who debug this program: core dumps, tracing and Textual's logs stay on."""

_RECORDERS = (
    "TEXTUAL_LOG",
    "TEXTUAL",
    "TEXTUAL_DEBUG",
    "TEXTUAL_PRESS",
    "TEXTUAL_SCREENSHOT",
    "SSLKEYLOGFILE",
)
"""What has keystrokes, pictures, or the means to read what goes over the network, written down."""

_PR_SET_DUMPABLE = 4


def harden(environ: MutableMapping[str, str]) -> None:
    """Make new files private, turn core dumps off, and silence what records secrets.

    Must run before textual is imported: it reads its environment then.
    """
    os.umask(0o077)
    if environ.get(DEBUG_SWITCH) == "1":
        return
    for name in _RECORDERS:
        environ.pop(name, None)
    _no_core_dumps()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _no_core_dumps() -> None:
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
