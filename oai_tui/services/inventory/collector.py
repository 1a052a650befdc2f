"""The collector of garbage, kept from looking where there cannot be any."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """Let it rest while many objects are made that do not refer to each other in circles.

    It would look through all of them, and all older ones, again and again meanwhile: a stall of the
    screen each time.
    """
    was_working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_working:
            gc.enable()


def leave_alone_what_stays() -> None:
    """Take what is there by now, libraries above all, out of what is looked through; once.

    It is still freed where nothing refers to it any longer.
    """
    if not gc.get_freeze_count():
        gc.freeze()
