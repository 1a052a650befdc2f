"""A key that is made is never lost, and none is left behind unknown."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oai_tui.api.client import Client
from oai_tui.core.base_url import BaseUrl
from oai_tui.core.creation import Creation, CreationKind, CreationState
from oai_tui.core.errors import (
    ApiProblem,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    StoreProblem,
    WrongInput,
)
from oai_tui.core.secret import Secret
from oai_tui.services.creation import KeyMaker, Order, Orphan
from oai_tui.store.journal import Journal
from tests.api.talking import LOCAL
from tests.canary import leaks
from tests.services.estate import Estate, run

ORIGIN = BaseUrl.parse(LOCAL).origin
ADMIN = Order(CreationKind.ADMIN_KEY, "ops")
POST = "@POST /organization"
LOST = ["reset-after", "timeout-after", "cut-body", "empty-body"]
NEVER_MADE = ["reset-before", "hang", "500", "502-html", "503", "wrong-type"]


class Shop:
    """A key maker with its journal, at one estate."""

    def __init__(self, folder: Path) -> None:
        self.estate = Estate()
        self.folder = folder
        self.journal = Journal(folder)
        self.nonces = iter(f"nonce{number}" for number in range(100))

    def maker(self) -> KeyMaker:
        return self.maker_at(self.estate.client())

    def maker_at(self, client: Client) -> KeyMaker:
        return KeyMaker(client, self.journal, "work", self.estate.clock, lambda: next(self.nonces))

    def order(self, kind: CreationKind) -> Order:
        project, account = self.estate.project_with_account()
        return {
            CreationKind.ADMIN_KEY: ADMIN,
            CreationKind.SERVICE_ACCOUNT: Order(kind, "ops", project),
            CreationKind.SERVICE_ACCOUNT_KEY: Order(kind, "ops", project, account),
        }[kind]

    def living(self) -> list[str]:
        """Return the names and owners under which keys of this shop live."""
        world = self.estate.world
        names = [key.name for key in world.admin_keys.values() if key.deleted_at is None]
        for key in world.keys.values():
            owner = world.service_accounts.get(key.owner_id)
            if key.deleted_at is None:
                names.append(owner.name if owner and "nonce" in owner.name else key.name)
        return [name for name in names if "nonce" in name]

    def look(self, *, whole: bool = True) -> tuple[Orphan, ...]:
        async def look() -> tuple[Orphan, ...]:
            found = await self.estate.listed(self.estate.client())
            return self.maker().orphans(found, whole=whole)

        return run(look())

    def states(self) -> list[str]:
        return [creation.state for creation in self.journal.unfinished("work", ORIGIN)]

    def recorded(self) -> list[str]:
        with sqlite3.connect(self.journal.path) as found:
            return [row[0] for row in found.execute("SELECT state FROM creation ORDER BY nonce")]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    found = Shop(tmp_path)
    yield found
    found.journal.close()


@pytest.mark.parametrize("kind", list(CreationKind))
def test_a_key_is_made_delivered_and_closed(shop: Shop, kind: CreationKind) -> None:
    maker = shop.maker()
    made = run(maker.make(shop.order(kind)))
    assert shop.living() == ["ops-nonce0"]
    assert (made.nonce, made.trouble) == ("nonce0", "")
    assert shop.states() == ["created"]
    orphan = shop.look()[0]
    assert orphan.key
    assert orphan.key.id == made.key.id
    assert maker.delivered(made) == ""
    assert shop.look() == ()
    assert shop.recorded() == ["delivered"]


@pytest.mark.parametrize("kind", list(CreationKind))
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_key_is_found_by_its_nonce(shop: Shop, kind: CreationKind, fault: str) -> None:
    shop.estate.faults.set(f"{fault}*1{POST}")
    with pytest.raises(OutcomeUnknown):
        run(shop.maker().make(shop.order(kind)))
    assert shop.living() == ["ops-nonce0"]
    assert shop.states() == ["unknown"]
    shop.estate.clock.pass_by(hours=1)
    orphan = shop.look()[0]
    assert orphan.key
    assert orphan.creation.nonce == "nonce0"
    shop.maker().settle(orphan, revoked=True)
    assert shop.recorded() == ["failed"]


@pytest.mark.parametrize("fault", NEVER_MADE)
def test_a_key_that_was_never_made_is_closed_after_ten_minutes(shop: Shop, fault: str) -> None:
    shop.estate.faults.set(f"{fault}*1{POST}")
    with pytest.raises(OutcomeUnknown):
        run(shop.maker().make(ADMIN))
    assert shop.living() == []
    assert [orphan.key for orphan in shop.look()] == [None]
    shop.estate.clock.pass_by(minutes=10)
    assert [orphan.key for orphan in shop.look()] == [None]
    shop.estate.clock.pass_by(seconds=1)
    assert [orphan.key for orphan in shop.look(whole=False)] == [None]
    assert shop.look() == ()
    assert shop.recorded() == ["failed"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("401-envelope", ApiProblem),
        ("403-plain", ApiProblem),
        ("404-bare", ApiProblem),
        ("429", RateLimited),
        ("429-long", RateLimited),
    ],
)
def test_a_refused_key_is_closed_at_once(shop: Shop, fault: str, kind: type[ApiProblem]) -> None:
    shop.estate.faults.set(f"{fault}*1{POST}")
    with pytest.raises(kind):
        run(shop.maker().make(ADMIN))
    assert shop.living() == []
    assert shop.recorded() == ["failed"]


@pytest.mark.parametrize("expires_in", [None, 172_800])
def test_a_rule_of_the_organization_is_explained(shop: Shop, expires_in: int | None) -> None:
    shop.estate.world.policy_max_key_lifetime = 86_400
    order = replace(shop.order(CreationKind.SERVICE_ACCOUNT_KEY), expires_in=expires_in)
    with pytest.raises(Rejected, match="A rule of the organization lets keys live 1 d at most"):
        run(shop.maker().make(order))
    assert shop.recorded() == ["failed"]


SCOPES = ("api.files.read",)


@pytest.mark.parametrize("kind", [CreationKind.SERVICE_ACCOUNT, CreationKind.SERVICE_ACCOUNT_KEY])
def test_a_key_is_made_with_fewer_permissions(shop: Shop, kind: CreationKind) -> None:
    made = run(shop.maker().make(replace(shop.order(kind), scopes=SCOPES, expires_in=3600)))
    key = shop.estate.world.keys[made.key.id]
    assert key.scopes == SCOPES
    assert key.owner_access == "active"
    assert key.expires_at == shop.estate.world.now() + 3600
    account = shop.estate.world.service_accounts[key.owner_id]
    assert account.role == "member"
    assert (account.name == "ops-nonce0") == (kind is CreationKind.SERVICE_ACCOUNT)
    assert shop.states() == ["created"]


def test_an_admin_key_takes_no_scopes(shop: Shop) -> None:
    with pytest.raises(WrongInput, match="may do everything"):
        run(shop.maker().make(replace(ADMIN, scopes=SCOPES)))
    assert shop.recorded() == []


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        ("429-long@POST /organization/projects/*/service_accounts/*/api_keys", "choose it next"),
        ("403-plain@POST /organization/projects/*/service_accounts/*", "without access"),
    ],
)
def test_an_account_that_got_no_key_is_told(shop: Shop, fault: str, left: str) -> None:
    shop.estate.faults.set(fault)
    order = replace(shop.order(CreationKind.SERVICE_ACCOUNT), scopes=SCOPES)
    with pytest.raises(ApiProblem) as caught:
        run(shop.maker().make(order))
    assert "The service account ops-nonce0 is there now" in str(caught.value)
    assert left in str(caught.value)
    assert shop.living() == []
    assert shop.recorded() == ["failed"]


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_key_of_a_new_account_with_scopes_is_found(shop: Shop, fault: str) -> None:
    shop.estate.faults.set(f"{fault}*1@POST /organization/projects/*/service_accounts/*/api_keys")
    with pytest.raises(OutcomeUnknown):
        run(shop.maker().make(replace(shop.order(CreationKind.SERVICE_ACCOUNT), scopes=SCOPES)))
    assert shop.states() == ["unknown"]
    assert shop.look()[0].key


def test_a_cancelled_creation_is_found_too(shop: Shop) -> None:
    shop.estate.faults.set(f"timeout-after*1{POST}")

    async def cancel() -> None:
        task = asyncio.create_task(shop.maker().make(ADMIN))
        while not shop.living():
            await asyncio.wait({task}, timeout=0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(cancel())
    assert shop.states() == ["sent"]
    orphan = shop.look()[0]
    assert orphan.key
    shop.maker().settle(orphan, revoked=False)
    assert shop.recorded() == ["forgotten"]


def test_a_list_read_before_says_nothing_of_what_was_sent_since(shop: Shop) -> None:
    read_at = shop.estate.clock()
    before = run(shop.estate.listed(shop.estate.client()))
    shop.estate.faults.set(f"reset-after*1{POST}")
    with pytest.raises(OutcomeUnknown):
        run(shop.maker().make(ADMIN))
    shop.estate.clock.pass_by(hours=3)
    assert len(shop.maker().orphans(before, whole=True, as_of=read_at)) == 1
    assert shop.look()[0].key


def test_a_created_key_is_known_by_its_id_whatever_it_is_called(shop: Shop) -> None:
    made = run(shop.maker().make(ADMIN))
    shop.estate.world.admin_keys[made.key.id].name = "renamed"
    shop.estate.clock.pass_by(hours=1)
    orphan = shop.look()[0]
    assert orphan.key
    assert orphan.key.id == made.key.id


def test_what_was_only_planned_is_closed_by_a_whole_list(shop: Shop) -> None:
    shop.journal.plan(
        Creation(
            nonce="early",
            kind=CreationKind.ADMIN_KEY,
            profile="work",
            origin=ORIGIN,
            organization="",
            project_id=None,
            account_id=None,
            name="ops-early",
            at=shop.estate.clock(),
        )
    )
    assert len(shop.look(whole=False)) == 1
    assert shop.look() == ()


def test_the_list_of_another_organization_says_nothing_of_a_key(shop: Shop) -> None:
    shop.estate.faults.set(f"reset-after*1{POST}")
    key, slug = shop.estate.world.admin_key, shop.estate.world.slug

    async def make_and_look_elsewhere() -> tuple[Orphan, ...]:
        async with shop.estate.client(key) as client:
            await shop.estate.listed(client)
            with pytest.raises(OutcomeUnknown):
                await shop.maker_at(client).make(ADMIN)
        shop.estate.clock.pass_by(hours=1)
        shop.estate.world.slug = "another"
        async with shop.estate.client(key) as client:
            await shop.estate.listed(client)
            return shop.maker_at(client).orphans((), whole=True)

    (orphan,) = run(make_and_look_elsewhere())
    assert orphan.elsewhere
    shop.estate.world.slug = slug
    assert shop.look()[0].key
    assert not shop.look()[0].elsewhere


def test_what_is_unfinished_elsewhere_is_neither_shown_nor_closed(shop: Shop) -> None:
    shop.estate.faults.set(f"reset-after*1{POST}")
    with pytest.raises(OutcomeUnknown):
        run(shop.maker().make(ADMIN))
    shop.estate.clock.pass_by(hours=1)
    elsewhere = Client(BaseUrl.parse("https://elsewhere.example/v1"), Secret("sk-admin-elsewhere"))
    assert shop.maker_at(elsewhere).orphans((), whole=True) == ()
    assert shop.look()[0].key


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_name_that_cannot_be_is_not_sent(shop: Shop, name: str) -> None:
    with pytest.raises(WrongInput):
        run(shop.maker().make(Order(CreationKind.ADMIN_KEY, name)))
    assert shop.recorded() == []


def test_without_a_journal_nothing_is_sent(shop: Shop) -> None:
    block(shop)
    with pytest.raises(StoreProblem):
        run(shop.maker().make(ADMIN))
    assert shop.living() == []


@pytest.mark.parametrize("fault", ["reset-after", "429", ""])
def test_a_journal_that_fails_while_the_key_is_made(shop: Shop, fault: str) -> None:
    platform = shop.estate.app

    async def when_the_disk_fills_up(scope: Any, receive: Any, send: Any) -> None:
        block(shop)
        await platform(scope, receive, send)

    shop.estate.app = when_the_disk_fills_up
    maker = shop.maker()
    if fault:
        shop.estate.faults.set(f"{fault}*1{POST}")
        kind = OutcomeUnknown if fault == "reset-after" else RateLimited
        with pytest.raises(kind):
            run(maker.make(ADMIN))
    else:
        made = run(maker.make(ADMIN))
        assert "journal" in made.trouble
        assert made.key.secret.reveal().startswith("sk-admin-")
        assert "journal" in maker.delivered(made)
    assert shop.recorded() == ["sent"]
    assert len(shop.look()) == 1
    shop.estate.clock.pass_by(hours=1)
    assert len(shop.look()) == 1
    if not fault:
        unblock(shop)
        assert maker.delivered(made) == ""
        assert shop.recorded() == ["delivered"]


def block(shop: Shop) -> None:
    """Make every further write fail, as a full disk would."""
    with sqlite3.connect(shop.journal.path) as other:
        for what in ("INSERT", "UPDATE"):
            other.execute(
                f"CREATE TRIGGER IF NOT EXISTS no_{what} BEFORE {what} ON creation "
                "BEGIN SELECT RAISE(ABORT, 'full'); END"
            )


def unblock(shop: Shop) -> None:
    with sqlite3.connect(shop.journal.path) as other:
        for what in ("INSERT", "UPDATE"):
            other.execute(f"DROP TRIGGER no_{what}")


def test_what_another_program_closed_is_no_crash(shop: Shop) -> None:
    maker = shop.maker()
    made = run(maker.make(ADMIN))
    other = Journal(shop.folder)
    other.move(made.nonce, CreationState.FORGOTTEN)
    other.close()
    assert "forgotten" in maker.delivered(made)


def test_a_name_that_looks_like_a_key_is_refused_before_anything_is_sent(shop: Shop) -> None:
    with pytest.raises(WrongInput, match="looks like a key"):
        run(shop.maker().make(Order(CreationKind.ADMIN_KEY, "sk-service-prod")))
    assert shop.recorded() == []


def test_no_secret_is_in_the_journal(shop: Shop) -> None:
    made = run(shop.maker().make(ADMIN))
    secret = made.key.secret.reveal()
    assert not leaks(secret, repr(made))
    for path in shop.folder.iterdir():
        assert not leaks(secret, path.read_bytes())
    assert CreationState.CREATED in shop.states()
