"""The audit log: what was done, by whom, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from oai_tui.api.client import Client
from oai_tui.api.exchange import Params
from oai_tui.api.paging import MOST_PAGES
from oai_tui.api.wire_activity import AuditPage, event_of
from oai_tui.core.activity import TENANT, Event
from oai_tui.core.errors import BadAnswer

MOST_ON_A_PAGE = 100

KEY_EVENTS = ("api_key.created", "api_key.updated", "api_key.deleted")
ADMIN_KEY_EVENTS = tuple(f"{TENANT}admin_{type}" for type in KEY_EVENTS)
ACCOUNT_EVENTS = (
    "service_account.created",
    "service_account.updated",
    "service_account.deleted",
)

_PATH = "/organization/audit_logs"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for; what is empty leaves nothing out.

    `since` is included and `until` is not, both on a whole second. Types that concern the tenant
    (`tenant.…`) can only be asked for by themselves: `tenant` asks for those alone.
    """

    types: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    tenant: bool = False

    def params(self, limit: int) -> Params:
        """Return the query for pages of so many lines."""
        bounds: Mapping[str, datetime | None] = {"gte": self.since, "lt": self.until}
        return {
            "limit": limit,
            "event_types": self.types,
            "resource_ids": self.resources,
            "project_ids": self.projects,
            "actor_ids": self.actors,
            "actor_emails": self.emails,
            **{f"effective_at[{k}]": int(v.timestamp()) if v else None for k, v in bounds.items()},
            "tenant_only": True if self.tenant else None,
        }


class Trail:
    """The audit log read page by page, the newest lines first.

    A page that could not be read can be asked for again: nothing is lost by a failure.
    """

    def __init__(self, client: Client, wanted: Wanted, limit: int = MOST_ON_A_PAGE) -> None:
        self.is_done = False
        self._client = client
        self._params = wanted.params(limit)
        self._known: set[str] = set()
        self._cursors: set[str] = set()
        self._after: str | None = None

    async def next(self) -> list[Event]:
        """Read the next page, each line once. Raises ApiProblem, also where the log is off.

        A cursor that repeats, leads nowhere or leads to nothing new is a BadAnswer.
        """
        page = await self._client.get(AuditPage, _PATH, {**self._params, "after": self._after})
        found = _events(page)
        fresh = [event for event in found if event.id not in self._known]
        if found and not fresh:
            raise _never_ends()
        if page.has_more:
            after = page.last_id or (found[-1].id if found else None)
            if not found or not after or after in self._cursors or len(self._cursors) >= MOST_PAGES:
                raise _never_ends()
            self._cursors.add(after)
            self._after = after
        self.is_done = not page.has_more
        self._known.update(event.id for event in fresh)
        return list({event.id: event for event in fresh}.values())


def _events(page: AuditPage) -> list[Event]:
    try:
        return [event_of(line) for line in page.data]
    except msgspec.MsgspecError:
        raise BadAnswer(
            "The audit log has lines that cannot be read.", "Try again with r in a moment."
        ) from None


def _never_ends() -> BadAnswer:
    return BadAnswer(
        "The audit log does not come to an end, so no more of it is shown.",
        "Try again with r; if this lasts, look at the base URL.",
    )


async def events(
    client: Client,
    *,
    types: Sequence[str] = (),
    resources: Sequence[str] = (),
    since: datetime | None = None,
    limit: int | None = None,
) -> list[Event]:
    """Return lines of the audit log, the newest first and `limit` of them at most.

    Types that concern the whole tenant (`tenant.…`) can only be asked for by themselves. Raises
    ApiProblem, also where the audit log is switched off.
    """
    tenant = bool(types) and types[0].startswith(TENANT)
    wanted = Wanted(tuple(types), tuple(resources), since=since, tenant=tenant)
    trail = Trail(client, wanted, min(limit or MOST_ON_A_PAGE, MOST_ON_A_PAGE))
    found: list[Event] = []
    while not trail.is_done and (limit is None or len(found) < limit):
        found.extend(await trail.next())
    return found[:limit]
