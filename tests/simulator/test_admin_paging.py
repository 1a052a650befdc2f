from __future__ import annotations

import pytest

from tests.simulator.admin_caller import Caller, small

SUPPORT = "サポート 日本語"


def path_of(caller: Caller, path: str) -> str:
    return path.replace("{p}", caller.project_id(SUPPORT))


@pytest.mark.parametrize("limit", [1, 2, 3])
@pytest.mark.parametrize(
    "path",
    [
        "admin_api_keys",
        "projects",
        "users",
        "invites",
        "spend_alerts",
        "projects/{p}/api_keys",
        "projects/{p}/service_accounts",
        "projects/{p}/users",
        "projects/{p}/rate_limits",
    ],
)
def test_small_pages_give_what_one_large_page_gives(path: str, limit: int) -> None:
    caller = small()
    path = path_of(caller, path)
    whole = caller.get(path, limit=100)
    assert whole["object"] == "list"
    assert whole["has_more"] is False
    assert whole["first_id"] == whole["data"][0]["id"]
    assert caller.all_pages(path, limit) == whole["data"]


def test_audit_log_in_pages_is_whole_and_newest_first() -> None:
    caller = small()
    rows = caller.all_pages("audit_logs", 7)
    assert [row["effective_at"] for row in rows] == sorted(
        (row["effective_at"] for row in rows), reverse=True
    )
    assert len({row["id"] for row in rows}) == len(rows)
    assert rows == caller.all_pages("audit_logs", 100)


def test_order_turns_the_list_round() -> None:
    caller = small()
    for path in ("admin_api_keys", "spend_alerts"):
        ascending = [row["id"] for row in caller.get(path, order="asc")["data"]]
        descending = [row["id"] for row in caller.get(path, order="desc")["data"]]
        assert descending == ascending[::-1]
    assert caller.refused("GET", "admin_api_keys", params={"order": "up"})["param"] == "order"


def test_before_gives_the_page_that_ends_at_the_cursor() -> None:
    caller = small()
    path = path_of(caller, "projects/{p}/rate_limits")
    ids = [row["id"] for row in caller.get(path)["data"]]
    page = caller.get(path, before=ids[5], limit=2)
    assert [row["id"] for row in page["data"]] == ids[3:5]
    assert page["has_more"] is True
    assert caller.get(path, before=ids[1], limit=2)["has_more"] is False


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("projects", "0"),
        ("projects", "101"),
        ("users", "-1"),
        ("users", "many"),
        ("users", "1.5"),
        ("audit_logs", "101"),
        ("spend_alerts", "101"),
        ("admin_api_keys", "99999999999999999999999999"),
    ],
)
def test_limits_out_of_bounds_are_refused(path: str, limit: str) -> None:
    assert small().refused("GET", path, params={"limit": limit})["param"] == "limit"


def test_limit_of_nothing_is_allowed_for_alerts_only() -> None:
    page = small().get("spend_alerts", limit=0)
    assert page["data"] == []
    assert page["first_id"] is None
    assert page["last_id"] is None


def test_unknown_cursor_is_refused() -> None:
    caller = small()
    assert caller.refused("GET", "projects", params={"after": "proj_none"})["param"] == "after"
    assert caller.refused("GET", "audit_logs", params={"before": "x"})["param"] == "before"


def test_deleting_while_paging_loses_nothing() -> None:
    caller = small()
    path = f"projects/{caller.project_id('Web app')}/api_keys"
    ids = [row["id"] for row in caller.get(path, limit=100)["data"]]
    caller.delete(f"{path}/{ids[1]}")
    rest = caller.get(path, limit=100, after=ids[1])["data"]
    assert [row["id"] for row in rest] == ids[2:]
