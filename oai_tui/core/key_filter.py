"""The filter of the list of keys: `project:web owner:alice stale !demo`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import Ailment

Test = Callable[[EstateRow], bool]

_WORD = re.compile(r'(?:"[^"]*"?|[^\s"])+')
_FIELD = re.compile(r"([a-z]+):(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """What a row must have, and must not have, to be shown. An empty one shows everything.

    `words` are looked for in all that is shown of a row, `tests` in one field each; the flag beside
    them is whether they must be found.
    """

    words: tuple[tuple[str, bool], ...] = ()
    tests: tuple[tuple[Test, bool], ...] = ()

    def matches(self, row: EstateRow) -> bool:
        """Whether the row is shown."""
        if self.words:
            text = row.shown
            for word, wanted in self.words:
                if (word in text) is not wanted:
                    return False
        return all(test(row) is wanted for test, wanted in self.tests)


def parse(text: str) -> KeyFilter:
    """Read a filter; any text is one.

    Words with blanks stand in quotes, `!` in front takes the complement, and `name: project: owner:
    kind: state: id: key:` look in one field, as do `expires:never` and `expires:soon`. A field we
    do not know is a word like any other, and one without a value yet shows everything.
    """
    words: list[tuple[str, bool]] = []
    tests: list[tuple[Test, bool]] = []
    for found in _WORD.findall(text.casefold()):
        rest = found.lstrip("!")
        wanted = (len(found) - len(rest)) % 2 == 0
        field = _FIELD.fullmatch(rest)
        value = _plain(field[2]) if field else ""
        test = _test(field[1], value) if field else None
        if test is None:
            word = _plain(rest)
            if word:
                words.append((word, wanted))
        elif value:
            tests.append((test, wanted))
    return KeyFilter(tuple(words), tuple(tests))


def _plain(text: str) -> str:
    return text.replace('"', "")


def _test(field: str, value: str) -> Test | None:
    """Return what a field asks of a row, or None for a field we do not know."""
    if field == "expires":
        if not value:
            return lambda row: True
        if value == "never":
            return lambda row: row.key.is_live and row.key.expires_at is None
        return (lambda row: Ailment.EXPIRING in row.ailments) if value == "soon" else None
    texts = _TEXTS.get(field)
    return None if texts is None else lambda row: value in texts(row).casefold()


def _project(row: EstateRow) -> str:
    return f"{row.place()}\n{row.key.project.id}" if row.key.project else row.place()


def _owner(row: EstateRow) -> str:
    owner = row.key.owner
    return f"{owner.name}\n{owner.email}\n{owner.id}\n{owner.type}" if owner else ""


_TEXTS: dict[str, Callable[[EstateRow], str]] = {
    "name": lambda row: row.key.name,
    "project": _project,
    "owner": _owner,
    "kind": lambda row: row.key.kind.value,
    "state": lambda row: "\n".join(found.word for found in row.findings),
    "id": lambda row: row.key.id,
    "key": lambda row: row.key.masked,
}
