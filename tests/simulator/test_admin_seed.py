from __future__ import annotations

from oai_tui.simulator.model import Key
from oai_tui.simulator.world import World
from tests.simulator.admin_caller import DAY, NOW, Caller, small

LISTS = (
    "admin_api_keys",
    "projects?include_archived=true",
    "users",
    "invites",
    "spend_limit",
    "spend_alerts",
    "audit_logs?limit=100",
    "audit_logs?tenant_only=true",
)
PROJECT_LISTS = ("api_keys?owner_project_access=any", "service_accounts", "users", "rate_limits")


def walk(seed: int) -> list[bytes]:
    caller = Caller(World.seeded(seed, "small", NOW))
    answers = [caller.organization("GET", path) for path in LISTS]
    for project_id in caller.world.projects:
        answers += [
            caller.organization("GET", f"projects/{project_id}/{path}") for path in PROJECT_LISTS
        ]
    made = caller.organization("POST", "projects", json={"name": "new"})
    account = f"projects/{made.json()['id']}/service_accounts"
    answers += [made, caller.organization("POST", account, json={"name": "worker"})]
    return [answer.content + repr(sorted(answer.headers.items())).encode() for answer in answers]


def test_same_seed_and_clock_give_the_same_bytes() -> None:
    assert walk(7) == walk(7)
    assert walk(7) != walk(8)


def test_small_organization_has_a_key_in_every_state() -> None:
    world = small().world
    live = [key for key in world.keys.values() if key.deleted_at is None]
    assert len(live) == 45
    used = [key.last_used_at for key in live]
    assert any(at is not None and NOW - at < 300 for at in used)
    assert any(at is not None and NOW - at > 200 * DAY for at in used)
    assert any(at is None for at in used)
    assert any(key.expires_at and key.expires_at == NOW + 12 * DAY for key in live)
    assert any(key.expires_at and key.expires_at < NOW for key in live)
    gone = [key for key in live if key.owner_access == "inactive"]
    assert any(key.traffic and key.traffic.last_day is None for key in gone)
    assert any(key.traffic is None for key in gone)
    owners = [key.owner_id for key in live]
    counts = [owners.count(account_id) for account_id in world.service_accounts]
    assert 0 in counts
    assert 2 in counts
    assert any(key.deleted_at and key.traffic for key in world.keys.values())
    assert sum(1 for key in live if key.traffic and key.traffic.spike_day) == 1


def owned_since(world: World, key: Key) -> int:
    if key.owner_type == "user":
        return world.people[key.owner_id].added_at
    return world.service_accounts[key.owner_id].created_at


def test_traffic_agrees_with_the_dates_of_its_key() -> None:
    for scale in ("small", "large"):
        world = World.seeded(3, scale, NOW)
        for key in world.keys.values():
            project = world.projects[key.project_id]
            assert max(project.created_at, owned_since(world, key)) <= key.created_at <= NOW
            if key.last_used_at is not None:
                ends = [NOW, key.expires_at, key.deleted_at, project.archived_at]
                assert key.created_at <= key.last_used_at <= min(end for end in ends if end)
            if key.traffic is not None:
                assert key.last_used_at is not None
                last = key.traffic.last_day
                today = NOW - NOW % DAY
                assert key.traffic.first_day == key.created_at - key.created_at % DAY
                assert (today if last is None else last) == key.last_used_at // DAY * DAY


def test_secrets_have_the_platforms_form_and_are_all_different() -> None:
    world = World.seeded(7, "large", NOW)
    values = [key.value for key in world.keys.values()]
    values += [key.value for key in world.admin_keys.values()]
    assert len(set(values)) == len(values) == 10_004
    assert all("T3BlbkFJ" in value and 130 <= len(value) <= 160 for value in values)
    assert world.admin_key.startswith("sk-admin-")
    prefixes = {(key.owner_type, key.value.split("-")[1]) for key in world.keys.values()}
    assert prefixes == {("user", "proj"), ("service_account", "svcacct")}


def test_large_organization_has_a_thousand_keys_in_use() -> None:
    world = World.seeded(7, "large", NOW)
    assert len(world.projects) == 1_000
    assert len(world.keys) == 10_000
    assert sum(key.traffic is not None for key in world.keys.values()) == 1_000
    assert any(key.owner_access == "inactive" for key in world.keys.values())


def test_history_ends_at_the_moment_of_the_start() -> None:
    audit = small().world.audit
    assert 270 <= len(audit) <= 330
    times = [event.at for event in audit]
    assert times == sorted(times)
    assert times[-1] <= NOW
