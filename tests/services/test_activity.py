"""Lines of the audit log and of our own record as one, with names, filters and reasons."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from oai_tui.core.activity import HERE, ActorKind, Event
from oai_tui.core.activity_filter import ActivityFilter, Kind, Person
from oai_tui.core.brakes import subject_of_limit
from oai_tui.core.changes import Action, Change, Outcome
from oai_tui.core.errors import ApiProblem, MissingScope, NotFound, Rejected, StoreProblem
from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project
from oai_tui.core.period import last_days
from oai_tui.services.activity import ActivityLog, Feed, Teller
from oai_tui.services.activity.export import lines_csv, lines_json
from oai_tui.services.activity.ours import event_of
from oai_tui.services.activity.silence import SWITCH, in_short, told
from oai_tui.services.directory import Directory
from oai_tui.simulator.model import AuditEvent
from tests.services.estate import Estate, Memory, run

WEB = Project("proj_web", "Web")
CI = Owner("service_account", "svc_ci", "ci")
DEPLOY = ApiKey("key_1", "ci-deploy", KeyKind.PROJECT, "", None, owner=CI, project=WEB)


class Record:
    """Changes made from here, as a file would have them."""

    def __init__(self, *changes: Change, trouble: str = "", broken: str = "") -> None:
        self.changes, self.trouble, self.broken = changes, trouble, broken

    def recent(self, most: int | None = None) -> tuple[Change, ...]:
        if self.broken:
            raise StoreProblem(self.broken)
        return self.changes[:most]


def change(estate: Estate, action: Action = Action.SET_LIMIT, **more: object) -> Change:
    subject, at = subject_of_limit(""), estate.clock()
    made = Change(action, subject, "$900.00 a month", "$500.00 a month", at)
    usual = {"id": "c1", "outcome": Outcome.DONE, "by": "sk-admin…7TiA"}
    return replace(made, **{**usual, **more})  # type: ignore[arg-type]


def asked(
    estate: Estate,
    question: Callable[[ActivityLog], Awaitable[object]],
    record: Record | None = None,
    cache: Memory | None = None,
    directory: Directory | None = None,
) -> object:
    async def ask() -> object:
        async with estate.client() as client:
            names = directory or Directory()
            log = ActivityLog(client, names, cache or Memory(), estate.clock, record)
            return await question(log)

    return run(ask())


def read(
    estate: Estate,
    wanted: ActivityFilter = ActivityFilter(),  # noqa: B008
    *changes: Change,
    pages: int = 99,
    directory: Directory | None = None,
    record: Record | None = None,
) -> Feed:
    """Read a feed to its end, or so many pages of it."""

    async def follow(log: ActivityLog) -> Feed:
        feed = log.feed(wanted)
        for _ in range(pages):
            await feed.more()
            if feed.is_done:
                break
        return feed

    found = asked(estate, follow, record or Record(*changes), directory=directory)
    assert isinstance(found, Feed)
    return found


def moments(events: Sequence[Event]) -> list[datetime]:
    return [event.at for event in events if event.at]


def test_everything_newest_first_with_what_concerns_the_tenant() -> None:
    estate = Estate()
    feed = read(estate)
    assert {event.id for event in feed.events} == {event.id for event in estate.world.audit}
    assert len(feed.events) == len(estate.world.audit)
    assert moments(feed.events) == sorted(moments(feed.events), reverse=True)
    assert any(event.is_tenant for event in feed.events)
    assert (feed.gaps, feed.is_done) == ((), True)


def test_older_lines_are_read_only_as_far_as_asked() -> None:
    estate = Estate()
    feed = read(estate, pages=1)
    assert not feed.is_done
    assert 0 < len(feed.events) < len(estate.world.audit)
    newest = sorted((event.at for event in estate.world.audit), reverse=True)
    seen = [int(moment.timestamp()) for moment in moments(feed.events)]
    assert seen == newest[: len(seen)]


@pytest.mark.parametrize("kind", [each for each in Kind if each is not Kind.ALL])
def test_one_kind(kind: Kind) -> None:
    feed = read(Estate(), ActivityFilter(kind=kind))
    assert feed.events
    assert {event.type for event in feed.events} <= {*kind.types, *kind.tenant_types}


def test_one_person_and_some_days() -> None:
    estate = Estate()
    bob = next(person for person in estate.world.people.values() if "bob" in person.email)
    days = last_days(60, estate.clock().date())
    feed = read(estate, ActivityFilter(person=Person(bob.id, bob.email), period=days))
    assert {event.actor_email for event in feed.events} == {bob.email}
    assert all(days.start <= moment < days.end for moment in moments(feed.events))
    by_id = read(estate, ActivityFilter(person=Person(bob.id), period=days))
    assert [event.id for event in by_id.events] == [event.id for event in feed.events]


def test_a_project_with_what_admin_keys_did_to_its_keys() -> None:
    estate = Estate()
    project = next(each for each in estate.world.projects.values() if not each.is_default)
    key = next(each for each in estate.world.keys_of_project(project.id) if not each.deleted_at)
    admin = next(iter(estate.world.admin_keys.values()))
    estate.world.record(admin, "api_key.updated", key.id)
    made = estate.world.audit[-1].id
    asked_for = ActivityFilter(project_id=project.id)
    unaware = read(estate, asked_for)
    assert made not in {event.id for event in unaware.events}
    assert "under the default project" in unaware.gaps[0]
    directory = Directory()
    place = Project(project.id, project.name)
    directory.learn_estate(
        [place], [ApiKey(key.id, key.name, KeyKind.PROJECT, "", None, project=place)]
    )
    aware = read(estate, asked_for, directory=directory)
    ids = [event.id for event in aware.events]
    assert made in ids
    assert len(ids) == len(set(ids))
    default = read(
        estate, ActivityFilter(project_id=estate.world.default_project.id), directory=directory
    )
    assert made not in {event.id for event in default.events}


def test_our_own_record_stands_among_the_lines_and_says_so() -> None:
    estate = Estate()
    before = estate.clock() - timedelta(days=9)
    feed = read(estate, ActivityFilter(), change(estate, at=before))
    [line] = [event for event in feed.events if event.recorded_here]
    place = feed.events.index(line)
    assert 0 < place < len(feed.events) - 1
    assert moments(feed.events) == sorted(moments(feed.events), reverse=True)
    said = Teller(Directory()).line(line)
    assert said.sentence == (
        "here · sk-admin…7TiA: set the hard limit of the organization, "
        "$900.00 a month → $500.00 a month"
    )


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (ActivityFilter(kind=Kind.LIMITS), 1),
        (ActivityFilter(kind=Kind.KEYS), 0),
        (ActivityFilter(person=Person("user_1", "bob@acme.io")), 0),
        (ActivityFilter(person=Person(HERE)), 1),
        (ActivityFilter(project_id="proj_other"), 0),
        (ActivityFilter(period=last_days(3, datetime(2026, 1, 9, tzinfo=UTC).date())), 0),
    ],
)
def test_our_own_record_is_filtered_as_well(wanted: ActivityFilter, count: int) -> None:
    estate = Estate()
    feed = read(estate, wanted, change(estate))
    assert sum(event.recorded_here for event in feed.events) == count
    if wanted.person and wanted.person.id == HERE:
        assert len(feed.events) == count


def test_a_change_that_was_not_made_is_never_told_as_made() -> None:
    estate = Estate()
    refused = change(estate, outcome=Outcome.REFUSED, is_now="$900.00 a month")
    open_one = change(estate, outcome=Outcome.ASKED, id="c2")
    lines = [Teller(Directory()).line(event_of(each)) for each in (refused, open_one)]
    assert lines[0].what == "set (not made)"
    assert lines[0].event.is_now == "$900.00 a month"
    assert lines[1].what == "set (under way or cut off)"
    assert "$500.00" not in lines[1].effect


def test_a_rate_limit_is_told_once_with_what_it_was() -> None:
    estate = Estate()
    admin = next(iter(estate.world.admin_keys.values()))
    asked_for: dict[str, object] = {"changes_requested": {"max_requests_per_1_minute": 500}}
    estate.world.record(admin, "rate_limit.updated", "rl_1", asked_for)
    ours = change(estate, Action.SET_RATE, target="rl_1", was="300", wanted="500")
    feed = read(estate, ActivityFilter(kind=Kind.LIMITS), ours)
    assert not any(event.recorded_here for event in feed.events)
    newest = feed.events[0]
    assert (newest.resource_id, newest.was, newest.is_now) == ("rl_1", "300", "500")
    unmade = replace(ours, outcome=Outcome.UNKNOWN)
    feed = read(estate, ActivityFilter(kind=Kind.LIMITS), unmade)
    assert [event.said for event in feed.events if event.recorded_here] == ["set (not known)"]


def test_a_rate_limit_set_here_is_among_what_was_done_here_and_in_its_project() -> None:
    estate = Estate()
    admin = next(iter(estate.world.admin_keys.values()))
    project = next(each for each in estate.world.projects.values() if not each.is_default)
    estate.world.record(admin, "rate_limit.updated", "rl_1")
    ours = change(estate, Action.SET_RATE, target="rl_1", project_id=project.id)
    by_us = read(estate, ActivityFilter(person=Person(HERE)), ours)
    assert [event.id for event in by_us.events] == ["here-c1"]
    for place in (project.id, estate.world.default_project.id):
        feed = read(estate, ActivityFilter(kind=Kind.LIMITS, project_id=place), ours)
        about = [event.id for event in feed.events if event.resource_id == "rl_1"]
        assert about == (["here-c1"] if place == project.id else [])


def test_a_record_that_cannot_be_read_is_said_and_takes_nothing_with_it() -> None:
    estate = Estate()
    feed = read(estate, record=Record(broken="The file is gone."))
    assert feed.events
    assert feed.gaps == ("What was changed from here could not be read: The file is gone.",)
    feed = read(estate, record=Record(trouble="1 line cannot be read."))
    assert feed.gaps == ("1 line cannot be read.",)


def test_a_tenant_log_that_is_refused_is_a_gap() -> None:
    estate = Estate()

    async def follow(log: ActivityLog) -> Feed:
        feed = log.feed(ActivityFilter())
        estate.faults.set("403-envelope*1@GET /organization/audit_logs")
        with pytest.raises(ApiProblem):
            await feed.more()
        estate.faults.clear()
        assert await feed.more()
        return feed

    assert asked(estate, follow)


def test_a_log_that_is_off_leaves_what_is_recorded_here() -> None:
    estate = Estate()
    estate.world.audit_enabled = False
    record = Record(change(estate), change(estate, Action.SET_RATE, id="c2", target="rl_1"))

    async def follow(log: ActivityLog) -> Feed:
        feed = log.feed(ActivityFilter())
        with pytest.raises(MissingScope) as problem:
            await feed.more()
        explained = told(problem.value)
        assert SWITCH in explained.way_out
        assert "may be switched off, or this key may not read it" in explained.way_out
        return feed

    feed = asked(estate, follow, record)
    assert isinstance(feed, Feed)
    assert [event.id for event in feed.ours] == ["here-c1", "here-c2"]


@pytest.mark.parametrize(
    ("problem", "is_off"),
    [
        (MissingScope("This key may not do that: No."), True),
        (NotFound("The platform does not know this."), True),
        (Rejected("The platform refused this (400): Audit logging is off."), True),
        (MissingScope("This key lacks the permission a.b.", scopes=("a.b",)), False),
        (ApiProblem("There is no connection."), False),
    ],
)
def test_what_is_said_claims_no_more_than_is_known(problem: ApiProblem, is_off: bool) -> None:
    explained = told(problem)
    assert (SWITCH in explained.way_out) is is_off
    assert ("may be switched off" in in_short(problem)) is is_off
    if not is_off:
        assert problem.what[1:] in explained.what
        assert problem.what[1:] in in_short(problem)


def test_what_was_seen_is_remembered() -> None:
    estate, cache = Estate(), Memory()

    async def keep(log: ActivityLog) -> list[Event]:
        assert log.remembered() is None
        feed = log.feed(ActivityFilter())
        await feed.more()
        log.remember(feed)
        return feed.events

    async def recall(log: ActivityLog) -> object:
        return log.remembered()

    events = asked(estate, keep, Record(change(estate)), cache)
    found = asked(estate, recall, None, cache)
    assert isinstance(events, list)
    assert found is not None
    assert list(found.events) == [e for e in events if not e.recorded_here]  # type: ignore[attr-defined]
    assert found.at == estate.clock()  # type: ignore[attr-defined]
    cache.put("activity", b"{}", estate.clock())
    assert asked(estate, recall, None, cache) is None


def test_the_story_of_a_thing() -> None:
    estate = Estate()
    deleted = next(each for each in estate.world.audit if each.type == "api_key.deleted")

    async def tell(log: ActivityLog) -> list[Event]:
        event = Event("log_1", deleted.type, None, "", deleted.resource_id)
        return await log.story(event)

    found = asked(estate, tell)
    assert isinstance(found, list)
    assert (found[0].type, found[-1].type) == ("api_key.deleted", "api_key.created")


def named() -> Teller:
    directory = Directory()
    directory.learn_estate([WEB, Project("proj_d", "Default project")], [DEPLOY])
    directory.learn_users({"user_1": "Bob Okafor"})
    return Teller(directory)


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            Event("1", "api_key.created", None, "bob@acme.io", "key_1", "proj_web"),
            "bob@acme.io created key ci-deploy in Web",
        ),
        (
            Event(
                *("1", "api_key.deleted", None, "bob@acme.io", "key_1", "proj_d"),
                actor_kind=ActorKind.KEY,
            ),
            "bob@acme.io deleted key ci-deploy in Web",
        ),
        (
            Event(
                *("1", "api_key.deleted", None, "bob@acme.io", "key_gone", "proj_d"),
                actor_kind=ActorKind.KEY,
            ),
            "bob@acme.io deleted key key_gone",
        ),
        (
            Event(
                *("1", "login.failed", None, "bob@acme.io", ""),
                details=(("error_code", "mfa_failed"), ("error_message", "No second factor.")),
            ),
            "bob@acme.io: sign-in failed: No second factor (mfa_failed)",
        ),
        (Event("1", "login.succeeded", None, "bob@acme.io", ""), "bob@acme.io signed in"),
        (Event("1", "odd.thing", None, "", "thing_1"), "somebody unnamed: odd.thing thing_1"),
        (
            Event("1", "user.updated", None, "al@acme.io", "user_1", details=(("role", "owner"),)),
            "al@acme.io changed role of user Bob Okafor, role owner",
        ),
        (
            Event("1", "project.archived", None, "al@acme.io", "proj_web", "proj_web"),
            "al@acme.io archived project Web",
        ),
        (
            Event("1", "service_account.created", None, "al@acme.io", "svc_ci", "proj_web"),
            "al@acme.io created service account ci in Web",
        ),
    ],
)
def test_sentences(event: Event, sentence: str) -> None:
    assert named().line(event).sentence == sentence


def test_rows_for_spreadsheets_and_scripts() -> None:
    at = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
    evil = Event(
        *("log_1", "project.created", at, "=cmd()", "proj_x", "proj_web"),
        details=(("title", "+evil"), ("id", "proj_x")),
        ip="203.0.113.7",
    )
    own = event_of(Change(Action.SET_BUDGET, "daily budget", "none", "$60.00", at, id="c1"))
    lines = [named().line(each) for each in (evil, own)]
    first, second = csv.DictReader(io.StringIO(lines_csv(lines)))
    assert (first["actor"], first["resource"]) == ("'=cmd()", "'+evil")
    assert first["effective_at"] == "2026-11-22T12:04:00Z"
    assert first["details"] == "title=+evil; id=proj_x"
    assert (first["recorded_by"], second["recorded_by"]) == ("platform", "oai-tui")
    objects = json.loads(lines_json(lines))
    assert objects[0]["effective_at"] == int(at.timestamp())
    assert objects[0]["actor"] == "=cmd()"
    assert (objects[1]["was"], objects[1]["actor_id"]) == ("none", None)


def test_names_of_what_is_gone_come_from_the_line_itself() -> None:
    made = Estate()
    made.world.audit.append(
        AuditEvent("log_x", "invite.sent", made.world.now(), {}, None, "inv_1", {"id": "inv_1"})
    )
    feed = read(made, pages=1)
    event = next(each for each in feed.events if each.id == "log_x")
    assert named().line(event).subject == "inv_1"
    assert named().line(replace(event, details=(("email", "new@acme.io"),))).subject == (
        "new@acme.io"
    )
