"""Projects are made, renamed and archived."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oai_tui.api import projects as api
from oai_tui.api.client import Client
from oai_tui.core.errors import BadAnswer, OutcomeUnknown, Rejected
from oai_tui.simulator.server import Running, running
from tests.api.talking import Answer, Platform, asking, client_of


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(now=1_795_350_000) as found:
        yield found


def test_a_project_lives_and_ends(served: Running) -> None:
    async def live(client: Client) -> None:
        made = await api.create_project(client, "Night shift")
        renamed = await api.rename_project(client, made.id, "Day shift")
        assert (renamed.id, renamed.name, renamed.is_archived) == (made.id, "Day shift", False)
        archived = await api.archive_project(client, made.id)
        assert archived.is_archived
        assert made.id not in [project.id for project in await api.projects(client)]
        assert archived in await api.projects(client, archived=True)
        with pytest.raises(Rejected):
            await api.rename_project(client, made.id, "Late")

    asking(client_of(address=served.base_url, key=served.admin_key), live)


def test_the_default_project_keeps_its_name(served: Running) -> None:
    default = next(p.id for p in served.world.projects.values() if p.is_default)
    client = client_of(address=served.base_url, key=served.admin_key)
    with pytest.raises(Rejected, match="default project"):
        asking(client, lambda c: api.rename_project(c, default, "Main"))


def test_a_project_that_may_have_been_made_is_not_made_twice(served: Running) -> None:
    served.faults.set("reset-after*1@POST /organization/projects")
    client = client_of(address=served.base_url, key=served.admin_key)
    with pytest.raises(OutcomeUnknown):
        asking(client, lambda c: api.create_project(c, "Once"))
    assert [p.name for p in served.world.projects.values()].count("Once") == 1


@pytest.mark.parametrize("body", [{"id": "proj_1"}, {"id": "proj_2", "status": "archived"}, {}, []])
def test_an_archive_that_is_not_said_is_unknown(body: object) -> None:
    with pytest.raises(OutcomeUnknown):
        asking(client_of(Platform(Answer(body=body))), lambda c: api.archive_project(c, "proj_1"))


def test_an_id_leads_nowhere_else() -> None:
    platform = Platform(Answer())
    with pytest.raises(BadAnswer):
        asking(client_of(platform), lambda c: api.archive_project(c, "../users"))
    assert not platform.asked
