"""Changing one variable in the text of a .env file, and nothing else in it.

Programs read these files by rules of their own: shells, containers and a library for every
language. Only what all of them read alike is changed; the rest is told as unclear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD = re.compile(r"[ \t]*(?P<export>export[ \t]+)?(?P<name>[^\s=#'\"`]+)[ \t]*=[ \t]*")
_COMMENT = re.compile(r"[ \t]#")
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n)?")
_QUOTED = {
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL),
    "'": re.compile(r"'([^']*)'"),
    "`": re.compile(r"`([^`]*)`"),
}
_PUT_TOGETHER = re.compile(r"[\"'`;&|<>()\\]|[ \t][A-Za-z_][A-Za-z0-9_]*=")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_SAFE = re.compile(r"[A-Za-z0-9_.+/=:@,-]+")

_BYTE_ORDER_MARK = "\ufeff"
_BY_SHELL = "its value is put together by a shell"


class Unclear(Exception):
    """The text cannot be changed so that every program reads it right. `line` counts from 1."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


@dataclass(frozen=True, slots=True)
class _Assignment:
    """A variable and where its value is in the text; `unclear` says why it must not be changed."""

    name: str
    start: int
    end: int
    is_exported: bool
    unclear: str = ""


def replaced(text: str, name: str, value: str) -> tuple[str, int]:
    """Return the text with a new value for a variable, and in how many places it stood.

    Each of several places gets the value: most programs take the last, a few the first. The line's
    quotes, `export`, comment and line end stay. A variable that is not there (0 places) is added
    at the end, in the manner of the other lines. Raises Unclear.
    """
    if not _SAFE.fullmatch(value):
        raise Unclear(0, "the key has signs that programs read differently in such a file")
    if stray := _LONE_RETURN.search(text):
        raise Unclear(
            _line_of(text, stray.start()), "it ends in a way that programs read differently"
        )
    found = list(_assignments(text, name))
    places = [each for each in found if each.name == name]
    for each in places:
        if each.unclear:
            raise Unclear(_line_of(text, each.start), each.unclear)
    if not places:
        return _added(text, name, value, found), 0
    parts, done = [], 0
    for each in places:
        parts += [text[done : each.start], value]
        done = each.end
    return "".join((*parts, text[done:])), len(places)


def values(text: str, name: str) -> list[str]:
    """Return the values a variable has in a text, one for each place. Raises Unclear."""
    return [text[each.start : each.end] for each in _assignments(text, name) if each.name == name]


def _added(text: str, name: str, value: str, others: list[_Assignment]) -> str:
    line_end = "\r\n" if "\r\n" in text else "\n"
    export = "export " if others and all(each.is_exported for each in others) else ""
    between = "" if text in ("", _BYTE_ORDER_MARK) or text.endswith("\n") else line_end
    if _is_continued(text, len(text)):
        between += line_end  # to a shell, a line that ends in \ goes on with the next one
    last = line_end if not between or text.endswith("\n") else ""
    return f"{text}{between}{export}{name}={value}{last}"


def _assignments(text: str, wanted: str) -> Iterator[_Assignment]:
    """Yield every assignment; raises Unclear where a line may be one of `wanted`, or may not."""
    position = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    while position < len(text):
        end = _end_of_line(text, position)
        head = _HEAD.match(text, position, end)
        if head:
            assignment, last = _assignment(text, head)
            while end < last:
                inside = _HEAD.match(text, end)
                if inside and inside["name"] == wanted:
                    raise Unclear(_line_of(text, end), "it may belong to the value before it")
                end = _end_of_line(text, end)
            yield assignment
        position = end


def _assignment(text: str, head: re.Match[str]) -> tuple[_Assignment, int]:
    """Return an assignment, and where the last line it takes up ends."""
    if text[head.end() : head.end() + 1] in _QUOTED:
        start, end, unclear = _quoted(text, head.end())
    else:
        start, end, unclear = _bare(text, head)
    if _is_continued(text, head.start()):
        unclear = "it goes on from the line before"
    is_exported = head["export"] is not None
    found = _Assignment(head["name"], start, end, is_exported, unclear)
    return found, _end_of_line(text, end)


def _bare(text: str, head: re.Match[str]) -> tuple[int, int, str]:
    """Return where a value without quotes begins and ends, and why it is unclear."""
    start = head.end()
    line = text[start : _end_of_line(text, start)].rstrip("\r\n")
    comment = _COMMENT.search(line)
    value = line[: comment.start()] if comment else line
    if not value or (value[0] == "#" and head[0][-1] in " \t"):
        after = head.start() + len(head[0].rstrip(" \t"))
        return after, after, ""
    value = value.rstrip(" \t")
    return start, start + len(value), _BY_SHELL if _PUT_TOGETHER.search(value) else ""


def _quoted(text: str, at: int) -> tuple[int, int, str]:
    """Return where the inside of a quoted value begins and ends, and why it is unclear."""
    found = _QUOTED[text[at]].match(text, at)
    if found is None:
        raise Unclear(_line_of(text, at), "a quote is opened there and never closed")
    rest = text[found.end() : _end_of_line(text, found.end())]
    is_whole = _REST.fullmatch(rest) is not None
    if not is_whole and ("\n" in found[0] or any(quote in rest for quote in _QUOTED)):
        raise Unclear(_line_of(text, at), "programs disagree on where its quotes end")
    unclear = ""
    if text[at] == "`":
        unclear = _BY_SHELL
    elif not is_whole or "\\" in found[1]:
        unclear = "programs read its value differently"
    return found.start(1), found.end(1), unclear


def _is_continued(text: str, position: int) -> bool:
    r"""Whether a shell joins what begins there to the line before, as that ends in a `\`."""
    before = text[max(position - 2, 0) : position]
    end = position - (2 if before == "\r\n" else 1 if before[-1:] == "\n" else 0)
    line = text[text.rfind("\n", 0, max(end, 0)) + 1 : max(end, 0)]
    backslashes = len(line) - len(line.rstrip("\\"))
    return backslashes % 2 == 1 and not line.lstrip().startswith("#")


def _end_of_line(text: str, position: int) -> int:
    return text.find("\n", position) + 1 or len(text)


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
