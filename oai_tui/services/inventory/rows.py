"""Keys, accounts and facts joined into the rows of the list."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import DUPLICATE, findings
from oai_tui.core.keys import ApiKey, KeyKind, Owner, ServiceAccount
from oai_tui.core.thresholds import Thresholds
from oai_tui.services.inventory.collector import collector_resting

if TYPE_CHECKING:
    from oai_tui.services.inventory.known import Inventory


SAME_MOMENT = timedelta(minutes=1)
"""How long the words for a moment (`2 h ago`) may stand."""


class RowMemo:
    """The rows of the picture before: most of them are those of the next one."""

    def __init__(self) -> None:
        self._rows: dict[str, EstateRow] = {}
        self._at: datetime | None = None
        self._thresholds: Thresholds | None = None

    def open(self, now: datetime, thresholds: Thresholds) -> dict[str, EstateRow]:
        """Return the rows by id whose words still hold."""
        is_current = self._at is not None and abs(now - self._at) < SAME_MOMENT
        if not is_current or thresholds != self._thresholds:
            self._rows, self._at, self._thresholds = {}, now, thresholds
        return self._rows


def joined(
    known: Inventory, now: datetime, thresholds: Thresholds, *, deleted: bool
) -> list[EstateRow]:
    """Return the rows: keys as they are listed, then accounts without a key, then deleted keys."""
    with collector_resting():
        rows = _of_keys(known, now, thresholds)
        more = (*_keyless(known), *(known.deleted if deleted else ()))
        rows += [EstateRow(key, known.facts_of(key), findings(key, now)) for key in more]
    return rows


def _of_keys(known: Inventory, now: datetime, thresholds: Thresholds) -> list[EstateRow]:
    places = [(key.project.id if key.project else "", key.name) for key in known.keys]
    times = Counter(places)
    facts_of, memo, rows = known.facts_of, known.memo.open(now, thresholds), []
    for key, place in zip(known.keys, places, strict=True):
        facts, row = facts_of(key), memo.get(key.id)
        is_duplicate = times[place] > 1 and bool(key.name)
        if (
            row is None
            or row.key is not key
            or row.facts != facts
            or is_duplicate != (DUPLICATE in row.findings)
        ):
            row = EstateRow(key, facts, findings(key, now, facts, thresholds, is_duplicate))
            memo[key.id] = row
        rows.append(row)
    return rows


def _keyless(known: Inventory) -> list[ApiKey]:
    """Return a row for each account without a key, where all keys of its project are known."""
    owners = {key.owner.id for key in known.keys if key.owner and key.owner.is_service_account}
    projects = {project.id: project for project in known.projects}
    return [
        ApiKey(
            id=account.id,
            name=account.name,
            kind=KeyKind.ACCOUNT,
            masked="",
            created_at=account.created_at,
            owner=_owner(account),
            project=projects.get(account.project_id),
        )
        for account in known.accounts
        if account.id not in owners and account.project_id not in known.unread
    ]


def _owner(account: ServiceAccount) -> Owner:
    return Owner("service_account", account.id, account.name)
