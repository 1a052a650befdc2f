"""Taking a known secret out of a text, whatever part of it is there and however it is written."""

from __future__ import annotations

import base64
from urllib.parse import quote

WINDOW = 12
"""Characters; any so many of a secret in a row are taken out."""

REMOVED = "<key removed>"


def without_value(text: str, value: str) -> str:
    """Return a text without any twelve characters in a row of a value.

    Its forms in base64, in hexadecimal digits and in web addresses are taken out as well.
    """
    if not value:
        return text
    hidden = bytearray(len(text))
    for width, windows in _windows(value).items():
        for start in range(len(text) - width + 1):
            if text[start : start + width] in windows:
                hidden[start : start + width] = b"\1" * width
    out: list[str] = []
    for char, is_hidden in zip(text, hidden, strict=True):
        if not is_hidden:
            out.append(char)
        elif not out or out[-1] != REMOVED:
            out.append(REMOVED)
    return "".join(out)


def _windows(value: str) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for spelling in _spellings(value):
        width = min(WINDOW, len(spelling))
        if width:
            starts = range(len(spelling) - width + 1)
            found.setdefault(width, set()).update(spelling[i : i + width] for i in starts)
    return found


def _spellings(value: str) -> set[str]:
    data = value.encode()
    digits = data.hex()
    found = {value, quote(value, safe=""), digits, digits.upper()}
    for skipped in range(3):  # what stands before it in the same base64 shifts its letters
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = data[skipped : len(data) - (len(data) - skipped) % 3]
            found.add(encode(whole).decode())
    return found
