"""Changing the text of the settings where they differ, and nothing else of it."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, cast

from oai_tui.store.settings import DAILY, MONTHLY

if TYPE_CHECKING:
    from oai_tui.store.settings import Profile, Settings

Tables = MutableMapping[str, Any]


def edited(source: str, before: Settings, after: Settings) -> str:
    """Return the text with only that changed which differs; all else keeps its form."""
    import tomlkit  # 10 ms that only a change has to pay
    from tomlkit.items import InlineTable

    document = tomlkit.parse(source)
    for name in ("default_profile", "theme", "keyring_backend"):
        _put(document, name, getattr(before, name), getattr(after, name))
    for name in before.profiles.keys() - after.profiles.keys():
        del _table(document, "profiles")[name]
    profiles = _table(document, "profiles")
    added: dict[str, object] = {}
    for name, profile in after.profiles.items():
        if name not in before.profiles:
            added[name] = {entry: value for entry, value in _entries(profile) if value != ""}
            continue
        known = dict(_entries(before.profiles[name]))
        for entry, value in _entries(profile):
            _put(profiles[name], entry, known[entry], value)
    if after.keymap and "keymap" not in document:
        document["keymap"] = {}
    keymap = _table(document, "keymap")
    for action in before.keymap.keys() | after.keymap.keys():
        _put(keymap, action, before.keymap.get(action), after.keymap.get(action))
    if isinstance(profiles, InlineTable):
        profiles.update(added)
        added = {}
    # At the end a table is right whatever stands before it, dotted keys and split tables included.
    more = tomlkit.dumps({"profiles": added}) if added else ""
    return "\n".join(part for part in (document.as_string(), more) if part)


def _entries(profile: Profile) -> tuple[tuple[str, object], ...]:
    """Return a profile as it is written; an empty text is an entry left out."""
    daily, monthly = profile.budget.daily, profile.budget.monthly
    return (
        ("base_url", profile.base_url),
        ("read_only", profile.read_only),
        (DAILY, f"{daily.dollars:.2f}" if daily else ""),
        (MONTHLY, f"{monthly.dollars:.2f}" if monthly else ""),
    )


def _table(document: Tables, name: str) -> Tables:
    """Return a table as it is now: one split over the file is not the same after a removal."""
    return cast(Tables, document.get(name, {}))


def _put(table: Tables, name: str, before: object, after: object) -> None:
    if after == before:
        return
    if after is None or after == "":
        table.pop(name, None)
    else:
        table[name] = list(after) if isinstance(after, tuple) else after
