"""One count of requests over several things that are asked for side by side."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Told how many requests have answered, of how many are known to be needed."""


class Tally:
    """Adds up the progress of its parts."""

    def __init__(self, on_progress: Progress | None) -> None:
        self._on_progress = on_progress
        self._parts: list[tuple[int, int]] = []

    def part(self) -> Progress:
        """Return what one part tells its progress to."""
        place = len(self._parts)
        self._parts.append((0, 0))

        def tell(done: int, of: int) -> None:
            self._parts[place] = (done, of)
            self._tell()

        return tell

    def count(self, of: int) -> Callable[[], None]:
        """Return what is called whenever one of so many requests has answered."""
        tell, answered = self.part(), 0
        if of:
            tell(0, of)

        def one() -> None:
            nonlocal answered
            answered += 1
            tell(answered, of)

        return one

    def _tell(self) -> None:
        if self._on_progress:
            done, of = zip(*self._parts, strict=True)
            self._on_progress(sum(done), sum(of))
