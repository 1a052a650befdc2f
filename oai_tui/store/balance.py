"""What a person says of the prepaid balance, which no API tells: kept, and never lost."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from oai_tui.core.balance import BalanceEntry, EntryKind
from oai_tui.core.errors import StoreProblem
from oai_tui.core.money import Money
from oai_tui.core.text import clean
from oai_tui.store.files import make_folder, problem_with, write_new, write_whole

try:
    import fcntl
except ImportError:  # pragma: no cover - a system without such locks
    fcntl = None  # type: ignore[assignment]

FILE = "balance.json"
VERSION = 1

_MOST_BYTES = 4 * 1024 * 1024
_LONGEST_ID = 64

Row = dict[str, object]
"""An entry as it stands in the file; what a newer oai-tui wrote beside it stays."""


@dataclass(slots=True)
class _Content:
    rows: list[Row]
    is_damaged: bool = False


class BalanceFile:
    """The entries of one profile at one origin; the file holds those of all of this user.

    A damaged file is kept under another name, told in `set_aside`; what can still be read of it
    goes on.
    """

    def __init__(self, folder: Path, profile: str, origin: str) -> None:
        self.path = folder / FILE
        self.set_aside: Path | None = None
        self._place = {"profile": profile, "origin": origin}

    def entries(self) -> tuple[BalanceEntry, ...]:
        """Return the entries, the oldest first. Raises StoreProblem."""
        content = self._read()
        if content.is_damaged:
            with self._locked():
                content = self._mended()
        mine = [_entry(row) for row in content.rows if self._is_mine(row)]
        return tuple(sorted(mine, key=lambda entry: (entry.at, entry.entered_at)))

    def add(self, entry: BalanceEntry) -> None:
        """Keep an entry, in place of one with the same id. Raises StoreProblem."""
        row = self._place | _row(entry)
        self._change(lambda rows: [*self._without(rows, entry.id), row])

    def remove(self, id: str) -> None:
        """Take an entry away; one that is not there is gone already. Raises StoreProblem."""
        self._change(lambda rows: self._without(rows, id))

    def _without(self, rows: list[Row], id: str) -> list[Row]:
        return [row for row in rows if not (row["id"] == id and self._is_mine(row))]

    def _is_mine(self, row: Row) -> bool:
        return all(row.get(name) == value for name, value in self._place.items())

    def _change(self, change: Callable[[list[Row]], list[Row]]) -> None:
        """Read, change and write under one lock, so that no entry of another oai-tui is lost."""
        with self._locked():
            rows = self._mended().rows
            changed = change(rows)
            if changed != rows:
                self._write(changed)

    def _mended(self) -> _Content:
        """Return what the file holds; a damaged one is set aside and begun anew with the rest."""
        content = self._read()
        if content.is_damaged:
            self._keep_aside()
            self._write(content.rows)
        return _Content(content.rows)

    def _write(self, rows: list[Row]) -> None:
        text = json.dumps({"version": VERSION, "entries": rows}, ensure_ascii=False, indent=2)
        write_whole(self.path, f"{text}\n".encode())

    def _read(self) -> _Content:
        data = self._bytes()
        if data is None:
            return _Content([])
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            return _Content([], is_damaged=True)
        rows = found.get("entries") if isinstance(found, dict) else None
        version = found.get("version") if isinstance(found, dict) else None
        if isinstance(version, int) and version > VERSION:
            raise StoreProblem(
                f"{clean(self.path)} was written by a newer oai-tui.",
                "Use that one; this one would not understand all of it.",
            )
        if not isinstance(rows, list):
            return _Content([], is_damaged=True)
        sound = [row for row in rows if _is_sound(row)]
        return _Content(sound, is_damaged=len(sound) < len(rows))

    def _bytes(self) -> bytes | None:
        try:
            with open(self.path, "rb") as file:
                return file.read(_MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise problem_with(self.path, "read", error) from None

    def _keep_aside(self) -> None:
        data = self._bytes()
        number = 1
        while (aside := self.path.with_name(f"balance-damaged-{number}.json")).exists():
            number += 1
        write_new(aside, data or b"")
        self.set_aside = aside

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other oai-tuis from writing meanwhile, where files can be locked at all."""
        make_folder(self.path.parent)
        lock = self.path.with_suffix(".lock")
        try:
            descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise problem_with(lock, "locked", error) from None
        try:
            if fcntl is not None:
                with contextlib.suppress(OSError):
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _row(entry: BalanceEntry) -> Row:
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "at": _written(entry.at),
        "amount": f"{entry.amount.dollars:f}",
        "expires": entry.expires.isoformat() if entry.expires else None,
        "entered_at": _written(entry.entered_at),
    }


def _entry(row: Row) -> BalanceEntry:
    """Read an entry. Raises ValueError, TypeError, KeyError or InvalidOperation for none."""
    amount = Decimal(str(row["amount"]))
    expires = row.get("expires")
    id = str(row["id"])
    if not amount.is_finite() or amount < 0 or not 0 < len(id) <= _LONGEST_ID:
        raise ValueError("not an amount of money, or not an id")
    return BalanceEntry(
        id=clean(id),
        kind=EntryKind(str(row["kind"])),
        at=_moment(row["at"]),
        amount=Money(amount),
        expires=date.fromisoformat(str(expires)) if expires else None,
        entered_at=_moment(row["entered_at"]),
    )


def _is_sound(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    try:
        _entry(row)
    except (ValueError, TypeError, KeyError, InvalidOperation):
        return False
    return isinstance(row.get("profile"), str) and isinstance(row.get("origin"), str)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC)
