"""The rows of the list: keys, accounts without one, and what is found in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from oai_tui.core.facts import KeyFacts
from oai_tui.core.health import Ailment
from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project
from oai_tui.core.thresholds import Thresholds
from oai_tui.services.inventory import Inventory, Wants
from tests.services.estate import NOW as NOW_SECONDS
from tests.services.estate import Estate, Memory, pictures, row_of

NOW = datetime.fromtimestamp(NOW_SECONDS, UTC)


def test_accounts_without_a_key_are_rows() -> None:
    estate = Estate()
    whole = pictures(estate, Memory())[-1]
    owners = {k.owner_id for k in estate.world.keys.values() if k.deleted_at is None}
    keyless = {id for id in estate.world.service_accounts if id not in owners}
    rows = [row for row in whole.rows(NOW) if row.key.kind is KeyKind.ACCOUNT]
    archived = {p.id for p in estate.world.projects.values() if p.archived_at is not None}
    accounts = estate.world.service_accounts
    assert {row.id for row in rows} == {
        id for id in keyless if accounts[id].project_id not in archived
    }
    account = next(iter(accounts.values()))
    for key in estate.world.keys.values():
        if key.owner_id == account.id:
            key.deleted_at = NOW_SECONDS
    again = pictures(estate, Memory())[-1]
    assert row_of(again, account.id).state.word == "no key"
    assert row_of(again, account.id).key.owner == Owner("service_account", account.id, account.name)
    without = pictures(estate, Memory(), wants=Wants(accounts=False))[-1]
    assert without.accounts == ()


def test_an_account_is_not_said_to_have_no_key_while_its_keys_are_unknown() -> None:
    estate = Estate("500@GET /organization/projects/*/api_keys")
    whole = pictures(estate, Memory())[-1]
    assert whole.accounts
    assert [row for row in whole.rows(NOW) if row.key.kind is KeyKind.ACCOUNT] == []
    assert whole.deleted == ()


def test_duplicate_names_within_a_project() -> None:
    web, lab = Project("p1", "web"), Project("p2", "lab")
    keys = [
        ApiKey(f"key_{n}", name, KeyKind.PROJECT, "sk-…", None, project=project)
        for n, (name, project) in enumerate(
            [("ci", web), ("ci", web), ("ci", lab), ("", lab), ("", lab)]
        )
    ]
    rows = Inventory(tuple(keys), (web, lab)).rows(NOW)
    twins = [row.id for row in rows if Ailment.DUPLICATE in row.ailments]
    assert twins == ["key_0", "key_1"]


def test_rows_follow_thresholds_time_and_facts() -> None:
    key = ApiKey("key_1", "ci", KeyKind.PROJECT, "sk-…", NOW, NOW, project=Project("p1", "web"))
    known = Inventory((key,))
    assert known.rows(NOW)[0].state.word == "in use"
    assert known.rows(NOW) == known.rows(NOW)
    assert known.rows(NOW + timedelta(days=100))[0].state.word == "stale"
    later = NOW + timedelta(days=3)
    assert known.rows(later, Thresholds(stale_days=2))[0].state.word == "stale"
    assert known.rows(later)[0].state.word == "in use"
    told = replace(known, facts={"key_1": KeyFacts(5)})
    assert told.rows(later)[0].facts.requests == 5


def test_the_other_keys_of_an_account() -> None:
    ci, alice = Owner("service_account", "svc_1", "ci"), Owner("user", "user_1", "Alice")
    one, other, third, hers = (
        ApiKey(f"key_{n}", "", KeyKind.PROJECT, "sk-…", NOW, owner=owner)
        for n, owner in enumerate((ci, ci, replace(ci, id="svc_2"), alice))
    )
    known = Inventory((one, other, third, hers, replace(hers, id="key_9")))
    assert known.siblings(one) == (other,)
    assert known.siblings(third) == known.siblings(hers) == ()
