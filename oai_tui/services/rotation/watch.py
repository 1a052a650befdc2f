"""Whether anyone is still on the old key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from oai_tui.api import usage
from oai_tui.api.client import Client
from oai_tui.core.errors import ApiProblem
from oai_tui.core.keys import ApiKey
from oai_tui.core.rotation import Rotation
from oai_tui.core.traffic import Minute, Minutes

QUIET = timedelta(minutes=15)
"""How long an old key has to be quiet before it can be revoked without being told twice."""

LONGEST = timedelta(hours=24)
"""How far back minutes are asked for."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What was seen of the old key since the new one was delivered.

    `minutes` are its requests by the minute, oldest first; `is_moving` is whether it was used in
    the last quarter of an hour, None when that cannot be told. `quiet_for` is the time since its
    last use after the switch, None when no use was seen since. `is_gone` means that it is no longer
    there, `is_early` that the switch is less than a quarter of an hour ago, so that not having been
    seen says little. `gaps` says in a sentence each what is not known; both sources come late.
    """

    as_of: datetime
    last_used_at: datetime | None = None
    minutes: tuple[Minute, ...] = ()
    is_moving: bool | None = None
    quiet_for: timedelta | None = None
    is_gone: bool = False
    is_early: bool = False
    gaps: tuple[str, ...] = ()


async def watched(
    client: Client,
    rotation: Rotation,
    look: Callable[[Rotation], Awaitable[ApiKey | None]],
    now: datetime,
) -> Watch:
    """Look at the old key of a rotation. What the platform does not tell is a gap."""
    gaps: list[str] = []
    key, is_listed = await _look(rotation, look, gaps)
    counted = await _minutes(client, rotation, now, gaps)
    switched = rotation.switched_at or now
    seen = [minute.at + timedelta(minutes=1) for minute in counted.minutes if minute.requests]
    last_used = key.last_used_at if key else None
    since = [at for at in (*seen[-1:], *([last_used] if last_used else [])) if at > switched]
    quiet_for = max(now - max(since), timedelta()) if since else None
    if is_listed and key is None:
        is_moving: bool | None = False
    elif quiet_for is not None:
        is_moving = quiet_for < QUIET
    else:
        is_moving = False if is_listed else None
    return Watch(
        as_of=now,
        last_used_at=last_used,
        minutes=counted.minutes,
        is_moving=is_moving,
        quiet_for=quiet_for,
        is_gone=is_listed and key is None,
        is_early=now - switched < QUIET,
        gaps=tuple(gaps),
    )


async def _look(
    rotation: Rotation, look: Callable[[Rotation], Awaitable[ApiKey | None]], gaps: list[str]
) -> tuple[ApiKey | None, bool]:
    try:
        return await look(rotation), True
    except ApiProblem as problem:
        gaps.append(f"Its last use is not known: {problem.what}")
    return None, False


async def _minutes(client: Client, rotation: Rotation, now: datetime, gaps: list[str]) -> Minutes:
    """Return the minutes that lie whole after the switch."""
    if rotation.method.is_admin:
        return Minutes()  # an admin key calls no models, which is all that is counted
    switched = rotation.switched_at or now
    start = max(switched + timedelta(minutes=1), now - LONGEST)
    if start >= now:
        return Minutes()
    try:
        found = await usage.minutes(client, rotation.old_id, start, now)
    except ApiProblem as problem:
        gaps.append(f"Its requests by the minute are not known: {problem.what}")
        return Minutes()
    if found.unread:
        gaps.append(f"Requests of these kinds could not be read: {', '.join(found.unread)}.")
    return found
