"""Forgetting what can be asked for again."""

from __future__ import annotations

from oai_tui.services.setup import Setup
from oai_tui.services.signing_in import forget_answers
from oai_tui.store import cache, ledger_file
from oai_tui.store.compacting import compact, taken

FILES = (cache.FILE, ledger_file.FILE)
"""The files of the cache folder: answers, and usage with costs."""


def clear(setup: Setup) -> int:
    """Forget the answers, usage and costs of the profile; return the bytes given back.

    The journal, the settings and the key stay as they are.
    """
    paths = [setup.folders.cache / name for name in FILES]
    before = sum(map(taken, paths))
    if not any(path.exists() for path in paths):
        return 0
    forget_answers(setup)
    for path in paths:
        compact(path)
    return max(0, before - sum(map(taken, paths)))
