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
    them is whether they must be found. `said` tells each part as it was understood.
    """

    words: tuple[tuple[str, bool], ...] = ()
    tests: tuple[tuple[Test, bool], ...] = ()
    said: tuple[str, ...] = ()

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
    said: list[str] = []
    for found in _WORD.findall(text.casefold()):
        rest = found.lstrip("!")
        wanted = (len(found) - len(rest)) % 2 == 0
        name, value = _field(rest)
        test = _test(name, value)
        if test is not None:
            if value:
                tests.append((test, wanted))
            said.append(f"{name}: {_said(value, wanted)}")
        elif word := _plain(rest):
            words.append((word, wanted))
            said.append(f"{_said(word, wanted)}{_why_a_word(name)}")
    return KeyFilter(tuple(words), tuple(tests), tuple(said))


def _field(text: str) -> tuple[str, str]:
    """Return the name of a field and its value, both empty for a word."""
    found = _FIELD.fullmatch(text)
    return (found[1], _plain(found[2])) if found else ("", "")


def _said(value: str, wanted: bool) -> str:
    return f"{'' if wanted else 'not '}“{value}”" if value else "…"


def _why_a_word(field: str) -> str:
    """Return why what looks like a field is taken for a word."""
    if not field:
        return ""
    return f" as a word ({'only never or soon' if field == 'expires' else 'no such field'})"


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
