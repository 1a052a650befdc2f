"""The activity screen on a simulated organization, for the tests of what is done on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.pilot import Pilot

from oai_tui.core.brakes import subject_of_limit
from oai_tui.core.changes import Action, Change, Outcome
from oai_tui.services.activity import Line
from oai_tui.simulator.model import AuditEvent, Key
from oai_tui.simulator.world import World
from oai_tui.ui.app import OaiApp
from oai_tui.ui.screens.activity import ActivityScreen
from oai_tui.ui.widgets.activity_filters import FilterLine
from oai_tui.ui.widgets.activity_table import LogTable
from tests.ui.app_under_test import settle, signed_in


async def opened(pilot: Pilot[None]) -> None:
    """Sign in and go to the activity."""
    await signed_in(pilot)
    await pilot.press("4")
    await settle(pilot)
    assert isinstance(pilot.app.screen, ActivityScreen)


def lines(app: OaiApp) -> list[Line]:
    """Return the lines that are shown."""
    return list(app.screen.query_one(LogTable).rows)


def filters(app: OaiApp) -> str:
    """Return what the line of filters says."""
    return str(app.screen.query_one(FilterLine).render())


def move_to(app: OaiApp, wanted: Callable[[Line], bool]) -> Line:
    """Put the cursor on the first line that is wanted."""
    line = next(each for each in lines(app) if wanted(each))
    assert app.screen.query_one(LogTable).move_to_id(line.id)
    return line


def record(world: World, type: str, resource: str = "", **details: object) -> AuditEvent:
    """Write a line at the end of the log, as an owner in the dashboard."""
    owner = next(person for person in world.people.values() if person.role == "owner")
    session = {"user": {"id": owner.id, "email": owner.email}, "ip_address": "203.0.113.9"}
    actor: dict[str, object] = {"type": "session", "session": session}
    told = {"id": resource, **details} if resource else details
    event = AuditEvent(f"log_{len(world.audit)}", type, world.now(), actor, None, resource, told)
    world.audit.append(event)
    return event


def noted(app: OaiApp, at: datetime) -> Change:
    """Write a change of a hard limit into our own record."""
    changes = app.session and app.session.changes
    assert changes
    made = Change(Action.SET_LIMIT, subject_of_limit(""), "$900.00", "$500.00", at)
    return changes.tell(changes.ask(made), Outcome.DONE, at, "$500.00")


def is_live(world: World, line: Line) -> bool:
    """Whether a line is about a key that is listed."""
    key: Key | None = world.keys.get(line.event.resource_id)
    if key is None or key.deleted_at is not None:
        return False
    return world.projects[key.project_id].archived_at is None
