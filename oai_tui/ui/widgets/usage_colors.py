"""Which colour a series has: the same one for as long as the session lasts, where that can be."""

from __future__ import annotations

from collections.abc import Iterable

from oai_tui.core.usage import Dimension


class SeriesColors:
    """Numbers of colours by dimension and id.

    A series keeps the number it was first given. Once there were more series than numbers, some
    share one; of two that share, only the newer gives way in a picture that shows both.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._given: dict[Dimension, dict[str, int]] = {}

    def assign(self, dimension: Dimension, ids: Iterable[str]) -> dict[str, int]:
        """Return a number from 0 for each id, no two the same up to as many as there are."""
        given = self._given.setdefault(dimension, {})
        ids = list(ids)
        picture: dict[str, int] = {}
        for id in sorted((id for id in ids if id in given), key=list(given).index):
            if given[id] not in picture.values():
                picture[id] = given[id]
        for id in ids:
            if id not in picture:
                picture[id] = self._free(picture, given)
                given.setdefault(id, picture[id])
        return picture

    def _free(self, picture: dict[str, int], given: dict[str, int]) -> int:
        """Return a number nobody ever had, else one that is not in the picture."""
        uses = list(given.values())
        numbers = [each for each in range(self._number) if each not in picture.values()]
        return min(numbers or range(self._number), key=lambda each: (uses.count(each), each))
