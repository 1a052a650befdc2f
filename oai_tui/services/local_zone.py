"""Where the days of the person begin: the time zone this system is set to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from oai_tui.core.errors import WrongInput
from oai_tui.core.zone import UTC, Zone

LINK = Path("/etc/localtime")
_ALIASES = ("UTC", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "UCT", "Zulu", "GMT", "Etc/GMT")


def local_zone(environ: Mapping[str, str], link: Path = LINK) -> Zone:
    """Return the zone by its name, or by its present offset where no name is known."""
    for name in (environ.get("TZ", "").removeprefix(":"), _linked(link)):
        if name in _ALIASES:
            return UTC
        if name:
            try:
                return Zone(name)
            except WrongInput:
                continue
    return _by_offset()


def _linked(link: Path) -> str:
    try:
        target = os.path.realpath(link)
    except OSError:
        return ""
    return target.partition("/zoneinfo/")[2]


def _by_offset() -> Zone:
    offset = datetime.now().astimezone().utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    sign = "-" if minutes < 0 else "+"
    return Zone(f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}") if minutes else UTC
