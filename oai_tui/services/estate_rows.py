"""Keys, accounts and facts joined into the rows of the list."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import Thresholds, findings
from oai_tui.core.keys import ApiKey, KeyKind, Owner, ServiceAccount

if TYPE_CHECKING:
    from oai_tui.services.known_estate import Inventory


def joined(
    known: Inventory, now: datetime, thresholds: Thresholds, *, deleted: bool
) -> list[EstateRow]:
    """Return the rows: keys as they are listed, then accounts without a key, then deleted keys."""
    places = [(key.project.id if key.project else "", key.name) for key in known.keys]
    times = Counter(places)
    facts_of = known.facts_of
    rows = []
    for key, place in zip(known.keys, places, strict=True):
        facts = facts_of(key)
        is_duplicate = times[place] > 1 and bool(key.name)
        rows.append(EstateRow(key, facts, findings(key, now, facts, thresholds, is_duplicate)))
    more = (*_keyless(known), *(known.deleted if deleted else ()))
    rows += [EstateRow(key, facts_of(key), findings(key, now)) for key in more]
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
