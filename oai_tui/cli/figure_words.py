"""The words of the commands for usage and costs: days, what to group by, whom to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from oai_tui.core.errors import WrongInput
from oai_tui.core.text import clean

if TYPE_CHECKING:
    from oai_tui.core.kinds import Dimension
    from oai_tui.core.metrics import Metric
    from oai_tui.core.period import Period
    from oai_tui.core.usage import Group

Word = TypeVar("Word", bound=StrEnum)

USUAL = "30d"
DAYS = "Write a day as 2026-11-03, or say today, yesterday, 7d, mtd, last-month, 2026-10, qtd, all."


def period_of(since: str | None, until: str | None, today: date) -> Period:
    """Return the days that two texts name; each may be a day or a word for several.

    A word alone stands for all of its days, a day alone for those up to today; without the first
    they are as many as usual. Raises WrongInput.
    """
    from oai_tui.core.period import Period, between, named

    if until is None and (found := named(since or USUAL, today)):
        if found.first > today:
            raise WrongInput("These days lie in the future.", f"Today is {today}.")
        return found
    last = _days(until, today).last if until else today
    if since is None:
        usual = _days(USUAL, today).days
        return Period(last - timedelta(days=usual - 1), last)
    return between(_days(since, today).first.isoformat(), last.isoformat(), today)


def dimension_of(text: str, metric: Metric) -> Dimension:
    """Return what a word groups by. Raises WrongInput with the words there are for a metric."""
    found = _named(text, metric.dimensions)
    if found is None:
        words = ", ".join(_word(each) for each in metric.dimensions)
        raise WrongInput(
            f"“{clean(text, 40)}” is nothing that {metric.label} can be told apart by.",
            f"There are: {words}.",
        )
    return found


def metric_of(text: str) -> Metric:
    """Return the figure a word stands for. Raises WrongInput with the words there are."""
    from oai_tui.core.metrics import Metric

    found = _named(text, Metric)
    if found is None:
        words = ", ".join(_word(each) for each in Metric)
        raise WrongInput(f"“{clean(text, 40)}” is no figure.", f"There are: {words}.")
    return found


def filters_of(texts: Iterable[str], metric: Metric) -> tuple[tuple[Dimension, str], ...]:
    """Return what `project=web` and its like say, the values as typed. Raises WrongInput."""
    found: list[tuple[Dimension, str]] = []
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise WrongInput(
                f"“{clean(text, 40)}” is no filter.",
                "Write it as project=NAME, with the name or the id; project= is nobody's.",
            )
        dimension = dimension_of(name, metric)
        if dimension in (other for other, _ in found):
            raise WrongInput(
                f"Nothing belongs to more than one {dimension.label}.",
                "Filter by each only once.",
            )
        found.append((dimension, value))
    return tuple(found)


def id_of(dimension: Dimension, typed: str, groups: Sequence[Group]) -> str:
    """Return the id of what a filter names, as typed where nothing is called so.

    Raises WrongInput where several are.
    """
    if not typed or any(group.id == typed for group in groups):
        return typed
    # Those of the same name are shown with their ids behind it.
    named = [group.id for group in groups if group.name == typed]
    alike = [group.id for group in groups if group.name.startswith(f"{typed} (")]
    ids = [*named, *(alike if len(alike) > 1 else ())]
    if len(ids) > 1:
        raise WrongInput(
            f"{len(ids)} have the {dimension.label} name {clean(typed, 60)}: {', '.join(ids)}.",
            "Give the id.",
        )
    return ids[0] if ids else typed


def _days(text: str, today: date) -> Period:
    from oai_tui.core.period import Period, day_from, named

    if found := named(text, today):
        return found
    try:
        day = day_from(text, today)
    except WrongInput as wrong:
        raise WrongInput(wrong.what, DAYS) from None
    return Period(day, day)


def _named(text: str, words: Iterable[Word]) -> Word | None:
    wanted = _plain(text)
    return next(
        (each for each in words if wanted in map(_plain, (each.value, each.name, _label(each)))),
        None,
    )


def _label(word: StrEnum) -> str:
    return str(getattr(word, "label", word.value))


def _word(word: StrEnum) -> str:
    return _plain(word.name)


def _plain(text: str) -> str:
    return text.strip().casefold().replace("_", "-").replace(" ", "-")
