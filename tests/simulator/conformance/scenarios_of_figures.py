"""What the official client does to limits, and what it reads of use, costs and events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openai
import pytest

from oai_tui.simulator.kinds import USAGE_KINDS
from tests.simulator.conformance.covering import absent, covers, ids
from tests.simulator.conformance.official import Platform
from tests.simulator.conformance.serving import DAY, MIDNIGHT, NOW


@covers("projects.rate_limits", "list_rate_limits", "update_rate_limit")
def rate_limits(platform: Platform) -> None:
    limits, project_id = platform.organization.projects.rate_limits, platform.project_id()
    every = list(limits.list_rate_limits(project_id))
    assert list(limits.list_rate_limits(project_id, limit=2)) == every
    asked = {"max_requests_per_1_minute": 7, "max_tokens_per_1_minute": 11}
    changed = limits.update_rate_limit(every[0].id, project_id=project_id, **asked)
    assert changed.to_dict().items() >= asked.items()
    assert next(iter(limits.list_rate_limits(project_id))) == changed
    absent(limits.update_rate_limit, "rl-none", project_id=project_id)
    absent(limits.list_rate_limits, "proj_none")


def _spend_limit(limit: Any, *where: str) -> None:
    made = limit.update(*where, currency="USD", interval="month", threshold_amount=12_345)
    assert (made.threshold_amount, made.enforcement.status) == (12_345, "enforcing")
    assert limit.retrieve(*where) == made
    assert limit.delete(*where).deleted
    absent(limit.retrieve, *where)


@covers("spend_limit", "retrieve", "update", "delete")
def spend_limit(platform: Platform) -> None:
    _spend_limit(platform.organization.spend_limit)


@covers("projects.spend_limit", "retrieve", "update", "delete")
def spend_limit_of_a_project(platform: Platform) -> None:
    _spend_limit(platform.organization.projects.spend_limit, platform.project_id())


def _spend_alerts(alerts: Any, *where: str) -> None:
    named = {"project_id": where[0]} if where else {}

    def asked(cents: int) -> dict[str, Any]:
        channel = {"type": "email", "recipients": ["cfo@example.com"], "subject_prefix": "Spend"}
        return {
            "currency": "USD",
            "interval": "month",
            "threshold_amount": cents,
            "notification_channel": channel,
        }

    made = [alerts.create(*where, **asked(100 * number)) for number in range(3)]
    listed = ids(alerts.list(*where, limit=2))
    assert listed[-3:] == ids(made)
    assert ids(alerts.list(*where, limit=2, order="desc")) == listed[::-1]
    assert alerts.update(made[0].id, **named, **asked(7)).threshold_amount == 7
    assert alerts.retrieve(made[0].id, **named).threshold_amount == 7
    assert alerts.delete(made[0].id, **named).deleted
    absent(alerts.retrieve, made[0].id, **named)


@covers("spend_alerts", "create", "retrieve", "update", "list", "delete")
def spend_alerts(platform: Platform) -> None:
    _spend_alerts(platform.organization.spend_alerts)


@covers("projects.spend_alerts", "create", "retrieve", "update", "list", "delete")
def spend_alerts_of_a_project(platform: Platform) -> None:
    _spend_alerts(platform.organization.projects.spend_alerts, platform.project_id())


@covers("audit_logs", "list")
def audit_logs(platform: Platform) -> None:
    logs = platform.organization.audit_logs
    made = platform.client.admin.organization.admin_api_keys.create(name="traced")
    traced = logs.list(tenant_only=True, resource_ids=[made.id]).data
    assert [event.type for event in traced] == ["tenant.admin_api_key.created"]
    every = list(logs.list(limit=100))
    assert every == list(logs.list(limit=20))
    assert {event.type for event in every} >= {"api_key.created", "login.failed"}
    moments = [event.effective_at for event in every]
    assert moments == sorted(moments, reverse=True)
    since = NOW - 30 * DAY
    recent = logs.list(effective_at={"gte": since, "lt": NOW}, event_types=["login.succeeded"])
    found = list(recent)
    assert found
    assert found == [
        event
        for event in every
        if event.type == "login.succeeded" and since <= event.effective_at < NOW
    ]


@covers("usage", *USAGE_KINDS)
def usage(platform: Platform) -> None:
    for name, kind in USAGE_KINDS.items():
        read = getattr(platform.organization.usage, name)
        groups = [group for group in kind.dimensions if group != "vector_store_id"]
        pages = _pages(read, start_time=MIDNIGHT - 4 * DAY, limit=2, group_by=groups)
        whole = read(start_time=MIDNIGHT - 4 * DAY, limit=31, group_by=groups)
        assert [bucket for page in pages for bucket in page] == whole.data
        rows = [row for bucket in whole.data for row in bucket.results]
        assert {row.object for row in rows} == {kind.object}
        project_id = next(row.project_id for row in rows if row.project_id)
        narrowed = read(
            start_time=MIDNIGHT - 4 * DAY, project_ids=[project_id], group_by=["project_id"]
        )
        part = [row for bucket in narrowed.data for row in bucket.results]
        assert {row.project_id for row in part} == {project_id}


def _pages(read: Callable[..., Any], **query: Any) -> list[list[Any]]:
    page = read(**query)
    pages = [page.data]
    while page.has_more:
        page = read(**query, page=page.next_page)
        pages.append(page.data)
    assert page.next_page is None
    assert len(pages) == 3
    return pages


@covers("usage", "costs")
def costs(platform: Platform) -> None:
    read = platform.organization.usage.costs
    days = {"start_time": MIDNIGHT - 4 * DAY, "group_by": ["project_id", "line_item", "api_key_id"]}
    whole = read(**days, limit=180)
    assert [bucket for page in _pages(read, **days, limit=2) for bucket in page] == whole.data
    rows = [row for bucket in whole.data for row in bucket.results]
    assert all(row.amount.currency == "usd" for row in rows)
    item = next(row.line_item for row in rows if row.project_id)
    part = read(**days, line_items=[item])
    assert {row.line_item for bucket in part.data for row in bucket.results} == {item}
    people = read(start_time=MIDNIGHT - 4 * DAY, group_by=["user_id", "api_source"])
    spenders = {row.user_id for bucket in people.data for row in bucket.results}
    assert {None} < spenders <= {None, *platform.world.people}
    assert {row.api_key_id for row in rows} <= {None, *platform.world.keys}
    with pytest.raises(openai.BadRequestError):
        read(start_time=MIDNIGHT, group_by=["user_id", "project_id"])
