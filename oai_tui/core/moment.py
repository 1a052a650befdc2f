"""The moments people type: a day, or a day with the time, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from oai_tui.core.errors import WrongInput
from oai_tui.core.period import day_from
from oai_tui.core.text import clean

_JOINED = re.compile(r"(?<=[0-9])t(?=[0-9])")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_EXAMPLE = "Write it as now, 14:30, yesterday 9:05 or 2026-11-03 14:30, in UTC."


def moment_from(text: str, now: datetime) -> datetime:
    """Read a moment that is over: `now`, `14:30` today, `2026-11-03`, `yesterday 9:05`.

    A day alone stands for its first moment. Times are UTC. Raises WrongInput.
    """
    words = _JOINED.sub(" ", text.strip().casefold())
    if words == "now":
        return now.astimezone(UTC)
    today = now.astimezone(UTC).date()
    day_word, _, time_word = words.removesuffix("z").removesuffix(" utc").rpartition(" ")
    if not _TIME.fullmatch(time_word):
        day_word, time_word = f"{day_word} {time_word}".strip(), ""
    if not day_word and not time_word:
        raise WrongInput("No moment was typed.", _EXAMPLE)
    try:
        day = day_from(day_word, today) if day_word else today
    except WrongInput as problem:
        if "before" in problem.what:
            raise
        raise WrongInput(f"“{clean(text.strip(), 40)}” is no moment.", _EXAMPLE) from None
    moment = datetime.combine(day, _time(time_word), UTC)
    if moment > now:
        raise WrongInput(f"{moment:%Y-%m-%d %H:%M} UTC lies in the future.", _EXAMPLE)
    return moment


def _time(word: str) -> time:
    found = _TIME.fullmatch(word)
    return time(int(found[1]), int(found[2])) if found else time()
