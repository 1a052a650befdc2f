"""Reading TOML a person may have written, and telling them the line that is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from oai_tui.core.errors import WrongInput
from oai_tui.core.text import clean, without_keys

Where = tuple[str, ...]
"""Where an entry is: the names of its tables, then its own."""

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Reader:
    """A TOML document and the questions put to it. Every failure is a WrongInput with a line.

    `source` is the text it was read from.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        """Parse a file's content; `path` is only for the messages."""
        self._path = path
        try:
            self.source = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise self._wrong_in(line, "this is not UTF-8 text") from None
        try:
            self._entries: object = tomllib.loads(self.source)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            line, reason = self._mistake(str(error))
            raise self._wrong_in(line, reason) from None

    def text(self, where: Where) -> str:
        """Return a text, empty if there is none."""
        value = self._value(where)
        if value is None or isinstance(value, str):
            return value or ""
        raise self.wrong(where, "must be text in quotes")

    def flag(self, where: Where) -> bool:
        """Return a switch, off if there is none."""
        value = self._value(where)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.wrong(where, "must be true or false")

    def number(self, where: Where, default: int, least: int, most: int) -> int:
        """Return a whole number within bounds, the default if there is none."""
        value = self._value(where)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise self.wrong(where, f"must be a whole number from {least} to {most}")

    def texts(self, where: Where) -> tuple[str, ...]:
        """Return a list of texts; one text alone counts as such a list."""
        value = self._value(where)
        several = [value] if isinstance(value, str) else value
        if isinstance(several, list) and all(isinstance(item, str) for item in several):
            return tuple(several)
        raise self.wrong(where, "must be a text or a list of texts")

    def names(self, where: Where) -> tuple[str, ...]:
        """Return the names in a table, none if there is no table."""
        value = self._value(where)
        if value is None:
            return ()
        if isinstance(value, Mapping):
            return tuple(value)
        raise self.wrong(where, f"must be a table: [{'.'.join(where)}]")

    def wrong(self, where: Where, what: str) -> WrongInput:
        """Return the error for an entry, with the line it ends on."""
        return self._wrong_in(self._line_of(where), f"{clean('.'.join(where))} {what}")

    def _wrong_in(self, line: int, what: str) -> WrongInput:
        return WrongInput(
            f"{clean(self._path)}, line {line}: {without_keys(what)}.",
            "Correct that line; oai-tui has left the file as it is.",
        )

    def _value(self, where: Where) -> object:
        return _inside(self._entries, where)

    def _line_of(self, where: Where) -> int:
        """Return the first line up to which the file already holds the entry."""
        lines = self.source.splitlines(keepends=True)
        for number in range(1, len(lines)):
            try:
                begun = tomllib.loads("".join(lines[:number]))
            except tomllib.TOMLDecodeError:
                continue  # in the middle of an entry of several lines
            if _inside(begun, where) is not None:
                return number
        return len(lines)

    def _mistake(self, said: str) -> tuple[int, str]:
        """Return the line and the reason in what the parser says."""
        reason, line = _PLACE.sub("", said), _PLACE.search(said)
        number = int(line[1]) if line and line[1] else len(self.source.splitlines())
        return number, f"this is not TOML ({clean(reason, 120)})"


def _inside(value: object, where: Where) -> object:
    for name in where:
        if value is None:
            return None
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
