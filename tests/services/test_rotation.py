"""Keys are exchanged without a moment in which none works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from oai_tui.core.creation import IllegalMove
from oai_tui.core.delivery import Command, DeliveryFailed
from oai_tui.core.errors import KeyRefused, OutcomeUnknown, Rejected, VaultProblem, WrongInput
from oai_tui.core.keys import KeyKind
from oai_tui.core.rotation import PROFILE, Method, Step
from oai_tui.core.secret import Secret
from oai_tui.services.rotation import Action, Wish, consequences
from oai_tui.vault.credential import Credential
from tests.canary import leaks
from tests.services.estate import Estate, run
from tests.services.rotating import ORIGIN, Bench

POST = "@POST /organization"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    found = Bench(tmp_path)
    run(found.keep_own())
    yield found
    found.close()


def test_a_service_account_gets_a_second_key_and_loses_the_first(bench: Bench) -> None:
    (bench.folder / "app.env").write_text("A=1\nKEY=old\n")
    bench.commands["tee"] = Command(run=("tee", str(bench.folder / "taken")))

    async def rotate() -> None:
        old = await bench.account_key()
        rotation = await bench.started(
            old, f"env:{bench.folder}/app.env:KEY", "command:tee", keep_old=False
        )
        assert (rotation.method, rotation.step) == (Method.SAME_ACCOUNT, Step.STORED)
        assert rotation.kept_in == "keyring"
        new = bench.value_of(rotation.new_id)
        assert new in bench.safe.values()
        steps: list[Step] = []
        rotation = await bench.rotator.advance(rotation, lambda after, _: steps.append(after.step))
        assert steps == [Step.STORED, Step.DELIVERED, Step.PROVED, Step.WAITING]
        assert new not in bench.safe.values()
        assert (bench.folder / "app.env").read_text() == f"A=1\nKEY={new}\n"
        assert (bench.folder / "taken").read_text().strip() == new
        assert bench.lives(old.id)
        assert (await bench.rotator.next_of(rotation)).action is Action.REVOKE
        done = await bench.rotator.revoke(rotation)
        assert done.step is Step.REVOKED
        assert (bench.lives(old.id), bench.lives(rotation.new_id)) == (False, True)
        assert bench.rotator.unfinished() == ()
        for path in (bench.folder / "state").rglob("*"):
            assert path.is_dir() or not leaks(new, path.read_bytes())

    run(rotate())


def test_the_next_rotation_knows_the_name_and_the_destinations(bench: Bench) -> None:
    (bench.folder / "app.env").write_text("KEY=old\n")

    async def rotate_twice() -> None:
        old = await bench.account_key()
        there = f"env:{bench.folder}/app.env:KEY"
        waiting = await bench.rotator.advance(await bench.started(old, there))
        await bench.rotator.revoke(waiting)
        new = next(key for key in await bench.listed() if key.id == waiting.new_id)
        proposal = bench.rotator.propose(new)
        assert new.name == f"{old.name}-nonc0"
        assert (proposal.name, proposal.remembered) == (old.name, (there,))

    run(rotate_twice())


def test_a_persons_key_is_replaced_by_one_of_a_new_account(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.user_key()
        proposal = bench.rotator.propose(old)
        assert proposal.method is Method.NEW_ACCOUNT
        assert any("makes keys for service accounts only" in said for said in proposal.will_not)
        rotation = await bench.started(old, "show")
        account = bench.estate.world.service_accounts[rotation.new_account_id]
        assert account.name == rotation.name
        rotation = await bench.rotator.delivered_by_hand(rotation, "show")
        assert rotation.step is Step.DELIVERED
        rotation = await bench.rotator.advance(rotation)
        undone = await bench.rotator.undo(rotation)
        assert undone.step is Step.UNDONE
        assert account.deleted_at is not None
        assert (bench.lives(old.id), bench.lives(rotation.new_id)) == (True, False)

    run(rotate())


def test_known_scopes_are_asked_for_again(bench: Bench) -> None:
    async def rotate() -> None:
        for key in (await bench.account_key(), await bench.user_key()):
            proposal = bench.rotator.propose(key, known_scopes=("model.request",))
            wish = Wish("ci", scopes=proposal.scopes, destinations=("show",))
            rotation = await bench.rotator.start(proposal, wish)
            assert bench.estate.world.keys[rotation.new_id].scopes == ("model.request",)
            rotation = await bench.rotator.delivered_by_hand(rotation, "show")
            assert (await bench.rotator.prove(rotation)).step is Step.PROVED

    run(rotate())


def test_the_programs_own_key_is_exchanged_under_it(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.own_key()
        former = bench.own.secret.reveal()
        proposal = bench.rotator.propose(old)
        assert (proposal.method, proposal.takes_over) == (Method.OWN, True)
        rotation = await bench.started(old)
        assert rotation.destinations == (PROFILE,)
        rotation = await bench.rotator.advance(rotation)
        assert rotation.step is Step.WAITING
        new = bench.value_of(rotation.new_id)
        assert bench.own.secret.reveal() == new
        assert bench.safe.content()["work"][1] == new
        assert former in bench.safe.values()
        await bench.rotator.revoke(rotation)
        assert bench.safe.values() == {new}
        assert not bench.lives(old.id)
        assert await bench.listed()

    run(rotate())


def test_undoing_ones_own_goes_back_to_the_former_key_first(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.own_key()
        former = bench.own.secret.reveal()
        rotation = await bench.rotator.advance(await bench.started(old))
        await bench.rotator.undo(rotation)
        assert bench.own.secret.reveal() == former
        assert bench.safe.content()["work"][1] == former
        assert bench.safe.values() == {former}
        assert (bench.lives(old.id), bench.lives(rotation.new_id)) == (True, False)

    run(rotate())


def test_another_admin_key_is_proved_in_both_abilities(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.other_admin_key()
        assert bench.rotator.propose(old).method is Method.ADMIN
        rotation = await bench.started(old, f"file:{bench.folder}/admin.key")
        bench.estate.world.admin_keys[rotation.new_id].scopes = ("api.management.read",)
        with pytest.raises(KeyRefused, match=r"api\.usage\.read"):
            await bench.rotator.advance(rotation)
        assert sum(bench.waits.slept) == 20
        delivered = bench.rotator.find(rotation.id)
        assert delivered
        assert (delivered.step, delivered.doing) == (Step.DELIVERED, None)
        bench.estate.world.admin_keys[rotation.new_id].scopes = ()
        assert (await bench.rotator.advance(delivered)).step is Step.WAITING

    run(rotate())


def test_ones_own_key_from_the_environment_has_to_be_taken_somewhere(tmp_path: Path) -> None:
    bench = Bench(tmp_path, own_place="environment")

    async def rotate() -> None:
        old = await bench.own_key()
        proposal = bench.rotator.propose(old)
        assert not proposal.takes_over
        assert any("put it where your key comes from" in said for said in proposal.will_not)
        rotation = await bench.started(old)
        assert rotation.kept_in == "this run only"
        assert "this run only" in bench.rotator.trouble_of(rotation)
        assert (await bench.rotator.next_of(rotation)).needs_person
        with pytest.raises(IllegalMove):
            await bench.rotator.finish_delivery(rotation)
        bench.rotator.let_go(rotation)
        other = Bench(tmp_path, bench.estate, own_place="environment")
        assert other.rotator.is_elsewhere(rotation)
        rotation = await bench.rotator.delivered_by_hand(rotation, "show")
        rotation = await bench.rotator.advance(await bench.rotator.finish_delivery(rotation))
        assert rotation.step is Step.WAITING
        assert bench.own.secret.reveal() == bench.value_of(rotation.new_id)
        bench.rotator.let_go(rotation)
        with pytest.raises(WrongInput, match="the one you are signed in with"):
            await other.rotator.revoke(rotation)
        other.close()
        assert (await bench.rotator.revoke(rotation)).step is Step.REVOKED

    run(rotate())
    bench.close()


def test_the_old_key_is_not_revoked_while_somebody_uses_it(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.account_key()
        used = bench.estate.world.keys[old.id]
        rotation = await bench.rotator.advance(
            await bench.started(old, f"file:{bench.folder}/new.key")
        )
        bench.estate.clock.pass_by(minutes=5)
        seen = await bench.rotator.watch(rotation)
        assert (seen.is_moving, seen.quiet_for, seen.gaps) == (False, None, ())
        used.last_used_at = int(bench.estate.clock().timestamp()) - 60
        seen = await bench.rotator.watch(rotation)
        assert seen.is_moving
        with pytest.raises(WrongInput, match="used since the new one"):
            await bench.rotator.revoke(rotation)
        bench.estate.clock.pass_by(minutes=30)
        assert (await bench.rotator.watch(rotation)).is_moving is False
        used.last_used_at = int(bench.estate.clock().timestamp())
        assert bench.lives(old.id)
        done = await bench.rotator.revoke(rotation, even_if_moving=True)
        assert done.step is Step.REVOKED

    run(rotate())


def test_what_cannot_be_told_of_the_old_key_is_a_gap(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.account_key()
        rotation = await bench.started(old, "show")
        rotation = await bench.rotator.delivered_by_hand(rotation, "show")
        bench.estate.clock.pass_by(minutes=5)
        bench.estate.faults.set("500@GET /organization")
        seen = await bench.rotator.watch(rotation)
        assert seen.is_moving is None
        assert len(seen.gaps) == 2

    run(rotate())


def test_neither_key_goes_when_the_other_is_gone(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.account_key()
        world = bench.estate.world
        rotation = await bench.rotator.advance(
            await bench.started(old, f"file:{bench.folder}/new.key")
        )
        world.keys[rotation.new_id].deleted_at = world.now()
        with pytest.raises(WrongInput, match="The new key is gone"):
            await bench.rotator.revoke(rotation)
        world.keys[rotation.new_id].deleted_at = None
        world.keys[old.id].deleted_at = world.now()
        with pytest.raises(WrongInput, match="The old key is gone"):
            await bench.rotator.undo(rotation)
        assert (await bench.rotator.watch(rotation)).is_gone
        assert bench.lives(rotation.new_id)
        undone = await bench.rotator.undo(rotation, even_if_last=True)
        assert (undone.step, bench.lives(rotation.new_id)) == (Step.UNDONE, False)

    run(rotate())


def test_a_platform_that_keeps_keys_with_their_account(bench: Bench) -> None:
    async def rotate() -> None:
        old, persons = await bench.account_key(), await bench.user_key()
        rotation = await bench.rotator.advance(
            await bench.started(old, f"file:{bench.folder}/new.key")
        )
        bench.estate.world.service_account_key_delete = "refused"
        with pytest.raises(Rejected) as caught:
            await bench.rotator.revoke(rotation)
        assert "has the new key as well" in caught.value.what
        assert "expire" in caught.value.way_out
        assert bench.rotator.unfinished()[0].step is Step.WAITING
        assert bench.lives(old.id)
        assert (await bench.rotator.keep(rotation)).step is Step.KEPT
        undone = await bench.rotator.undo(await bench.started(persons, "show"))
        assert undone.step is Step.UNDONE
        assert not bench.lives(undone.new_id)

    run(rotate())


def test_a_failed_delivery_does_not_lose_the_value(bench: Bench) -> None:
    bench.commands["no"] = Command(run=("false",))
    taken = bench.folder / "taken.key"

    async def rotate() -> None:
        old = await bench.account_key()
        rotation = await bench.started(old, f"file:{taken}", "command:no")
        taken.write_text("somebody else's\n")
        with pytest.raises(WrongInput, match="there already"):
            await bench.rotator.deliver(rotation, f"file:{taken}")
        with pytest.raises(DeliveryFailed):
            await bench.rotator.deliver(rotation, "command:no")
        now = bench.rotator.find(rotation.id)
        assert now
        assert (now.delivered, now.unsure) == ((), ("command:no",))
        assert await bench.rotator.value(now)
        now, _ = await bench.rotator.deliver(now, f"file:{bench.folder}/other.key")
        now = await bench.rotator.finish_delivery(now)
        assert (await bench.rotator.advance(now)).step is Step.WAITING
        assert taken.read_text() == "somebody else's\n"

    run(rotate())


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish("  "), "1 to 94"),
        (Wish("sk-service-prod"), "looks like a key"),
        (Wish("ci", destinations=("nowhere",)), "no place"),
        (Wish("ci", destinations=("command:gone",)), "no command"),
        (Wish("ci", destinations=("file:/no/such/folder/key",)), "no such folder"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    bench: Bench, wish: Wish, why: str
) -> None:
    async def start() -> None:
        proposal = bench.rotator.propose(await bench.account_key())
        with pytest.raises(Exception, match=why):
            await bench.rotator.start(proposal, wish)
        assert bench.made() == []
        assert bench.rotator.unfinished() == ()

    run(start())


def test_a_rule_of_the_organization_is_explained(bench: Bench) -> None:
    bench.estate.world.policy_max_key_lifetime = 86_400

    async def start() -> None:
        with pytest.raises(Rejected, match="rule of the organization"):
            await bench.started(await bench.account_key())
        assert bench.rotator.unfinished() == ()

    run(start())


def test_a_locked_store_is_told_and_the_value_stays_here(bench: Bench) -> None:
    bench.safe.lock()

    async def rotate() -> None:
        old = await bench.account_key()
        rotation = await bench.started(old, f"file:{bench.folder}/new.key")
        assert rotation.kept_in == "this run only"
        assert "locked" in bench.rotator.trouble_of(rotation)
        delivered, _ = await bench.rotator.deliver(rotation, f"file:{bench.folder}/new.key")
        assert delivered.step is Step.DELIVERED

    run(rotate())


def test_a_lost_value_can_be_proved_by_its_use(bench: Bench) -> None:
    async def rotate() -> None:
        rotation = await bench.started(await bench.account_key(), "show")
        rotation = await bench.rotator.delivered_by_hand(rotation, "show")
        await bench.safe.delete(f"work/rotation/{rotation.id}")
        with pytest.raises(KeyRefused, match="nobody was seen using it"):
            await bench.rotator.prove(rotation)
        bench.estate.world.keys[rotation.new_id].last_used_at = bench.estate.world.now()
        assert (await bench.rotator.prove(rotation)).step is Step.PROVED

    run(rotate())


def test_another_organization_is_left_alone(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.account_key()
        rotation = await bench.rotator.advance(
            await bench.started(old, f"file:{bench.folder}/new.key")
        )
        bench.estate.world.slug = "another"
        for end in (bench.rotator.revoke, bench.rotator.undo):
            with pytest.raises(WrongInput, match="belongs to the organization"):
                await end(rotation)
        assert bench.lives(old.id)
        assert bench.lives(rotation.new_id)

    run(rotate())


def test_a_second_program_leaves_alone_what_the_first_works_on(bench: Bench) -> None:
    other = Bench(bench.folder, bench.estate, nonce="othr")

    async def rotate() -> None:
        old = await bench.account_key()
        rotation = await bench.started(old, "show")
        assert other.rotator.unfinished() == (rotation,)
        assert other.rotator.is_elsewhere(rotation)
        with pytest.raises(IllegalMove, match="Another oai-tui is working"):
            await other.rotator.undo(rotation)
        assert await other.rotator.settle(rotation, [], whole=True) == rotation
        before = other.rotator.propose(await bench.user_key())
        assert before.refusal == ""
        assert "unfinished" in other.rotator.propose(old).refusal
        bench.rotator.let_go(rotation)
        assert not other.rotator.is_elsewhere(rotation)
        await other.rotator.undo(rotation)
        with pytest.raises(IllegalMove):
            await bench.rotator.delivered_by_hand(rotation, "show")

    run(rotate())
    other.close()


def test_the_old_key_stays_where_that_was_the_wish(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.account_key()
        rotation = await bench.started(old, f"file:{bench.folder}/new.key", keep_old=True)
        assert (await bench.rotator.advance(rotation)).step is Step.KEPT
        assert bench.lives(old.id)

    run(rotate())


def test_a_forgotten_one_is_followed_no_more(bench: Bench) -> None:
    async def rotate() -> None:
        rotation = await bench.started(await bench.account_key(), "show")
        assert (await bench.rotator.forget(rotation)).step is Step.FORGOTTEN
        assert bench.rotator.unfinished() == ()
        assert len(bench.safe.values()) == 1
        assert bench.lives(rotation.new_id)

    run(rotate())


@pytest.mark.parametrize("fault", ["reset-after", "timeout-after", "empty-body"])
def test_a_key_whose_answer_never_came_is_found_and_undone(tmp_path: Path, fault: str) -> None:
    bench = Bench(tmp_path, Estate(f"{fault}*1{POST}"))

    async def rotate() -> None:
        old = await bench.account_key()
        with pytest.raises(OutcomeUnknown):
            await bench.started(old, "show")
        (rotation,) = bench.rotator.unfinished()
        assert rotation.doing is Step.CREATED
        with pytest.raises(IllegalMove, match="before it is known"):
            await bench.rotator.undo(rotation)
        found = await bench.rotator.settle(rotation, await bench.listed(), whole=True)
        assert (found.step, found.new_id) == (Step.CREATED, bench.made()[0])
        todo = await bench.rotator.next_of(found)
        assert todo.action is Action.UNDO
        assert "lost" in todo.words
        assert (await bench.rotator.undo(found)).step is Step.UNDONE
        assert bench.made() == []

    run(rotate())
    bench.close()


def test_a_key_that_was_never_made_is_closed_when_that_is_certain(bench: Bench) -> None:
    async def rotate() -> None:
        bench.estate.faults.set(f"reset-before*1{POST}")
        with pytest.raises(OutcomeUnknown):
            await bench.started(await bench.account_key(), "show")
        (rotation,) = bench.rotator.unfinished()
        for minutes, whole in ((10, True), (1, False)):
            bench.estate.clock.pass_by(minutes=minutes)
            now = await bench.rotator.settle(rotation, await bench.listed(), whole=whole)
            assert not now.is_finished
            assert "not in the list" in bench.rotator.trouble_of(now)
        bench.estate.world.slug, here = "another", bench.estate.world.slug
        now = await bench.rotator.settle(rotation, await bench.listed(), whole=True)
        assert "sign in there" in bench.rotator.trouble_of(now)
        bench.estate.world.slug = here
        now = await bench.rotator.settle(rotation, await bench.listed(), whole=True)
        assert now.step is Step.FAILED

    run(rotate())


def test_a_plan_made_before_another_program_began_is_refused(bench: Bench) -> None:
    other = Bench(bench.folder, bench.estate, nonce="othr")

    async def rotate() -> None:
        proposal = other.rotator.propose(await bench.account_key())
        await bench.started(proposal.key, "show")
        with pytest.raises(IllegalMove, match="being rotated already"):
            await other.rotator.start(proposal, Wish("ci", destinations=("show",)))
        assert len(bench.made()) == 1

    run(rotate())
    other.close()


def test_what_can_have_no_successor_is_refused(bench: Bench) -> None:
    async def propose() -> None:
        key = await bench.account_key()
        assert key.project
        project = replace(key.project, status="archived")
        for each, why in (
            (replace(key, project=project), "archived"),
            (replace(key, project=None), "project of this key is not known"),
            (replace(key, owner=None), "owner of this key is not known"),
            (replace(key, kind=KeyKind.DELETED), "no key here"),
        ):
            assert why in bench.rotator.propose(each).refusal
            with pytest.raises(WrongInput, match=why):
                await bench.rotator.start(bench.rotator.propose(each), Wish("ci"))

    run(propose())


def test_the_ways_out_say_what_they_mean(bench: Bench) -> None:
    async def rotate() -> None:
        there = f"file:{bench.folder}/new.key"
        rotation = await bench.rotator.advance(
            await bench.started(await bench.account_key(), there)
        )
        undoing = " ".join(consequences(rotation, Action.UNDO))
        assert rotation.new_id in undoing
        assert f"A dead key is left in: file {bench.folder}/new.key" in undoing
        assert "Both keys go on living" in " ".join(consequences(rotation, Action.FORGET))
        assert rotation.old_id in consequences(rotation, Action.REVOKE)[0]
        assert "goes on working" in consequences(rotation, Action.KEEP)[0]

    run(rotate())


def test_a_key_that_was_stored_meanwhile_is_not_written_over(bench: Bench) -> None:
    async def rotate() -> None:
        rotation = await bench.started(await bench.own_key())
        third = Credential(Secret("sk-admin-" + "3" * 40), ORIGIN)
        await bench.safe.save("work", third)
        with pytest.raises(VaultProblem, match="another key"):
            await bench.rotator.deliver(rotation, PROFILE)
        assert await bench.safe.load("work", ORIGIN) == third

    run(rotate())


def test_the_kept_key_is_read_back_before_the_old_one_goes(bench: Bench) -> None:
    async def rotate() -> None:
        old = await bench.own_key()
        former = Credential(bench.own.secret, ORIGIN)
        delivered, _ = await bench.rotator.deliver(await bench.started(old), PROFILE)
        new = await bench.safe.load("work", ORIGIN)
        assert new
        for pending in (True, False):
            await bench.safe.save("work", former)
            if not pending:
                await bench.safe.delete(f"work/rotation/{delivered.id}")
            with pytest.raises(VaultProblem, match="not the new one"):
                await bench.rotator.prove(delivered)
        await bench.safe.save("work", new)
        waiting = await bench.rotator.advance(delivered)
        assert waiting.step is Step.WAITING
        await bench.safe.save("work", former)
        with pytest.raises(WrongInput, match="still the one kept"):
            await bench.rotator.revoke(waiting)
        assert bench.lives(old.id)

    run(rotate())


def test_undoing_ones_own_without_a_store_goes_back_as_well(tmp_path: Path) -> None:
    bench = Bench(tmp_path, own_place="environment")

    async def rotate() -> None:
        former = bench.own.secret
        rotation = await bench.started(await bench.own_key(), f"file:{tmp_path}/own.key")
        waiting = await bench.rotator.advance(rotation)
        assert bench.own.secret != former
        await bench.rotator.undo(waiting)
        assert bench.own.secret == former
        assert await bench.listed()

    run(rotate())
    bench.close()
