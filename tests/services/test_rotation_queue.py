"""Several rotations at once: what happens to one is nothing to the others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from oai_tui.core.delivery import Command, DeliveryFailed
from oai_tui.core.errors import MissingScope, OutcomeUnknown, Rejected, WrongInput
from oai_tui.core.keys import ApiKey
from oai_tui.core.rotation import Step
from oai_tui.services.rotation import Action, Proposal, Wish
from oai_tui.services.rotation.queue import SIDE_BY_SIDE, Line, RotationQueue
from tests.services.estate import run
from tests.services.rotating import Bench


class Desk:
    """A queue, and how often it had news."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.news = 0
        self.most_at_once = 0
        self.queue = RotationQueue(bench.rotator, bench.client, bench.estate.clock, self._tell)

    def _tell(self) -> None:
        self.news += 1
        begun = sum(line.is_working and bool(line.said) for line in self.queue.lines)
        self.most_at_once = max(self.most_at_once, begun)

    def order(self, key: ApiKey, *places: str) -> tuple[Proposal, Wish]:
        proposal = self.bench.rotator.propose(key)
        return proposal, Wish(proposal.name, destinations=places)

    def file(self, name: str) -> str:
        return f"file:{self.bench.folder}/{name}"

    def line(self, key: ApiKey) -> Line:
        (found,) = (line for line in self.queue.lines if line.old_id == key.id)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    bench = Bench(tmp_path)
    run(bench.keep_own())
    yield Desk(bench)
    bench.close()


def steps(lines: Sequence[Line]) -> list[Step | None]:
    return [line.rotation.step if line.rotation else None for line in lines]


async def account_keys(bench: Bench, number: int) -> list[ApiKey]:
    """Return living keys of service accounts, each of another project where there are enough."""
    found = [
        key
        for key in await bench.listed()
        if key.owner
        and key.owner.is_service_account
        and key.is_live
        and key.project
        and not key.project.is_archived
    ]
    by_project = {key.project.id: key for key in found if key.project}
    return list(by_project.values())[:number]


def test_one_that_fails_stops_no_other_and_keeps_why_until_the_next_try(desk: Desk) -> None:
    async def work() -> None:
        first, second, third = await account_keys(desk.bench, 3)
        assert second.project
        route = f"/organization/projects/{second.project.id}/service_accounts"
        desk.bench.estate.faults.set(f"403-envelope@POST {route}")
        await desk.queue.start(
            [desk.order(key, desk.file(key.id)) for key in (first, second, third)]
        )
        assert steps(desk.queue.lines) == [Step.WAITING, None, Step.WAITING]
        failed = desk.line(second)
        assert isinstance(failed.problem, MissingScope)
        assert failed.problem.request_id
        assert not failed.is_working
        assert desk.line(first).problem is None
        await desk.queue.reload()
        assert failed.problem, "reading the journal again is no try"

        desk.bench.estate.faults.clear()
        await desk.queue.go_on(failed.id)
        assert steps(desk.queue.lines) == [Step.WAITING] * 3
        assert failed.problem is None
        assert desk.queue.unfinished == 3

    run(work())


def test_no_more_than_a_few_are_worked_on_at_a_time(desk: Desk) -> None:
    async def work() -> None:
        keys = await account_keys(desk.bench, SIDE_BY_SIDE + 2)
        assert len(keys) == SIDE_BY_SIDE + 2
        await desk.queue.start([desk.order(key, desk.file(key.id)) for key in keys])
        assert steps(desk.queue.lines) == [Step.WAITING] * len(keys)
        assert 1 < desk.most_at_once <= SIDE_BY_SIDE
        assert desk.news > len(keys)

    run(work())


def test_a_delivery_that_fails_is_tried_again_with_the_value_still_there(desk: Desk) -> None:
    taken = desk.bench.folder / "taken"
    desk.bench.commands["put"] = Command(run=("false",))

    async def work() -> None:
        (key,) = await account_keys(desk.bench, 1)
        await desk.queue.start([desk.order(key, "command:put")])
        line = desk.line(key)
        assert isinstance(line.problem, DeliveryFailed)
        assert steps([line]) == [Step.STORED]
        assert line.next
        assert (line.next.action, line.next.needs_person) == (Action.DELIVER, True)
        desk.bench.commands["put"] = Command(run=("tee", str(taken)))
        assert line.rotation
        rotation, _ = await desk.bench.rotator.deliver(line.rotation, "command:put")
        await desk.queue.take(line.id, ())
        assert steps([line]) == [Step.WAITING]
        assert line.problem is None
        assert taken.read_text().strip() == desk.bench.value_of(rotation.new_id)

    run(work())


def test_a_value_shown_on_the_screen_counts_as_delivered_when_somebody_took_it(desk: Desk) -> None:
    async def work() -> None:
        (key,) = await account_keys(desk.bench, 1)
        await desk.queue.start([desk.order(key, "show")])
        line = desk.line(key)
        await desk.queue.take(line.id, ())
        assert steps([line]) == [Step.STORED], "looking away is not taking"
        assert line.problem is None
        await desk.queue.take(line.id, ("show",))
        assert steps([line]) == [Step.WAITING]

    run(work())


def test_a_beginning_of_which_nothing_is_known_is_looked_into_and_undone(desk: Desk) -> None:
    async def work() -> None:
        (key,) = await account_keys(desk.bench, 1)
        desk.bench.estate.faults.set("reset-after@POST /organization/projects")
        await desk.queue.start([desk.order(key, desk.file("new"))])
        desk.bench.estate.faults.clear()
        line = desk.line(key)
        assert isinstance(line.problem, OutcomeUnknown)
        assert steps([line]) == [Step.PLANNED]
        assert line.next
        assert line.next.action is Action.SETTLE
        assert desk.queue.unfinished == 1
        (lost,) = desk.bench.made()
        await desk.queue.go_on(line.id)
        assert steps([line]) == [Step.CREATED]
        assert line.next.action is Action.UNDO
        await desk.queue.make(line.id, desk.bench.rotator.undo)
        assert steps([line]) == [Step.UNDONE]
        assert not desk.bench.lives(lost)
        assert desk.bench.lives(key.id)
        assert (desk.queue.unfinished, line.is_finished) == (0, True)

    run(work())


def test_a_key_that_is_being_rotated_is_not_begun_twice(desk: Desk) -> None:
    async def work() -> None:
        (key,) = await account_keys(desk.bench, 1)
        order = desk.order(key, desk.file("new"))
        await asyncio.gather(desk.queue.start([order]), desk.queue.start([order]))
        await desk.queue.start([order])
        assert steps(desk.queue.lines) == [Step.WAITING]
        assert desk.line(key).problem is None
        assert len(desk.bench.made()) == 1

    run(work())


def test_what_another_program_did_is_taken_from_the_journal(desk: Desk, tmp_path: Path) -> None:
    other = Bench(tmp_path, desk.bench.estate, nonce="othe")

    async def work() -> None:
        (key,) = await account_keys(desk.bench, 1)
        rotation = await other.rotator.advance(await other.started(key, desk.file("new")))
        await desk.queue.reload()
        line = desk.line(key)
        assert line.is_elsewhere
        assert line.next
        assert (line.next.action, line.next.words) == (
            Action.NOTHING,
            "Another oai-tui is working on it.",
        )
        await desk.queue.make(line.id, desk.bench.rotator.keep)
        assert line.problem
        assert "Another oai-tui" in str(line.problem)
        other.rotator.let_go(rotation)
        await desk.queue.reload()
        assert not line.is_elsewhere
        assert line.next.action is Action.REVOKE
        await other.rotator.keep(rotation)
        await desk.queue.reload()
        assert steps([line]) == [Step.KEPT]
        assert desk.queue.unfinished == 0

    run(work())
    other.close()


def test_nothing_a_look_comes_upon_is_thrown_at_whoever_looks(desk: Desk) -> None:
    async def work() -> None:
        (key,) = await account_keys(desk.bench, 1)
        await desk.queue.start([desk.order(key, desk.file("new"))])
        line = desk.line(key)
        assert line.watch
        assert line.watch.is_moving is False
        assert line.rotation
        strange = replace(line.rotation, organization="org-another")
        line.rotation = strange
        await desk.queue.look(line.id)
        assert isinstance(line.problem, WrongInput)
        assert "org-another" in str(line.problem)
        await desk.queue.look("a line that is gone meanwhile")

    run(work())


def test_a_platform_that_keeps_the_old_key_is_told_and_the_rotation_goes_on(desk: Desk) -> None:
    async def work() -> None:
        (key,) = await account_keys(desk.bench, 1)
        await desk.queue.start([desk.order(key, desk.file("new"))])
        line = desk.line(key)
        desk.bench.estate.world.service_account_key_delete = "refused"
        await desk.queue.make(line.id, desk.bench.rotator.revoke)
        assert isinstance(line.problem, Rejected)
        assert "let it expire" in str(line.problem)
        assert steps([line]) == [Step.WAITING]
        desk.bench.estate.world.service_account_key_delete = "allowed"
        await desk.queue.make(line.id, desk.bench.rotator.revoke)
        assert steps([line]) == [Step.REVOKED]
        assert not desk.bench.lives(key.id)

    run(work())


def test_only_what_is_finished_is_taken_off_the_list(desk: Desk) -> None:
    async def work() -> None:
        (key,) = await account_keys(desk.bench, 1)
        await desk.queue.start([desk.order(key, desk.file("new"))])
        line = desk.line(key)
        desk.queue.dismiss(line.id)
        assert desk.queue.lines == (line,)
        await desk.queue.make(line.id, desk.bench.rotator.keep)
        desk.queue.dismiss(line.id)
        assert desk.queue.lines == ()
        await desk.queue.reload()
        assert desk.queue.lines == ()

    run(work())
