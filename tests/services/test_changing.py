"""Scopes, expiry and projects are changed as asked, or it is said why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oai_tui.api.projects import projects
from oai_tui.core.errors import ApiProblem, OutcomeUnknown, Rejected, WrongInput
from oai_tui.core.keys import ApiKey, KeyKind, Project
from oai_tui.services.changing import (
    KeyChange,
    archive_project,
    change_key,
    create_project,
    rename_project,
    why_unchangeable,
)
from tests.services.estate import Estate, run

POST = "@POST /organization"


async def some_key(estate: Estate, owner: str = "service_account") -> ApiKey:
    """Return a project key that can be changed."""
    async with estate.client() as client:
        return next(
            key
            for key in await estate.listed(client)
            if key.owner
            and key.owner.type == owner
            and key.project
            and not why_unchangeable(key, estate.clock())
        )


def changed(estate: Estate, change: KeyChange, owner: str = "service_account") -> str:
    async def do() -> str:
        key = await some_key(estate, owner)
        async with estate.client() as client:
            return await change_key(client, key, change, estate.clock())

    return run(do())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (KeyChange(expires_in=86_400), ("expires 23 Nov 2026", "UTC")),
        (KeyChange(scopes=()), ("scopes: all",)),
        (KeyChange(("api.all.read",), 3600), ("expires 22 Nov 2026", "scopes: read only")),
    ],
)
def test_a_key_is_changed_and_told(change: KeyChange, told: tuple[str, ...]) -> None:
    estate = Estate()
    words = changed(estate, change)
    assert all(part in words for part in told)
    (event,) = [line for line in estate.world.audit if line.type == "api_key.updated"][-1:]
    key = estate.world.keys[event.resource_id]
    if change.expires_in:
        assert key.expires_at == estate.world.now() + change.expires_in
    if change.scopes is not None:
        assert key.scopes == change.scopes


def test_the_rules_of_the_organization_are_explained() -> None:
    estate = Estate()
    estate.world.policy_max_key_lifetime = 86_400
    with pytest.raises(Rejected, match="keys live 1 d at most") as caught:
        changed(estate, KeyChange(expires_in=90 * 86_400))
    assert caught.value.way_out == "Give it an expiry within 1 d."
    estate.world.policy_max_key_lifetime = None
    estate.world.policy_service_accounts_only = True
    with pytest.raises(Rejected, match="only service accounts have keys") as caught:
        changed(estate, KeyChange(scopes=()), owner="user")
    assert "(n)" in caught.value.way_out
    assert caught.value.request_id


def test_another_refusal_keeps_the_platforms_words() -> None:
    estate = Estate(f"404-envelope{POST}")
    with pytest.raises(ApiProblem, match="does not know"):
        changed(estate, KeyChange(scopes=()))


@pytest.mark.parametrize("fault", ["reset-after", "500", "empty-body"])
def test_a_lost_answer_may_be_asked_again(fault: str) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        changed(Estate(f"{fault}{POST}"), KeyChange(scopes=()))
    assert "no harm" in caught.value.way_out


def test_what_cannot_be_changed_says_why_and_is_not_sent() -> None:
    estate = Estate()
    now = estate.clock()
    key = run(some_key(estate))
    assert key.project
    cases = {
        "rotate it (R)": replace(key, kind=KeyKind.ADMIN, project=None),
        "expired keys": replace(key, expires_at=now),
        "archived": replace(key, project=replace(key.project, status="archived")),
        "no key": replace(key, kind=KeyKind.ACCOUNT),
    }
    for why, case in cases.items():
        assert why in why_unchangeable(case, now)

        async def ask(case: ApiKey = case) -> None:
            async with estate.client() as client:
                await change_key(client, case, KeyChange(scopes=()), now)

        with pytest.raises(WrongInput):
            run(ask())
    with pytest.raises(WrongInput, match="Nothing is to be changed"):
        changed(estate, KeyChange())
    assert not [line for line in estate.world.audit if line.at == estate.world.now()]


def test_a_project_is_made_renamed_and_archived() -> None:
    estate = Estate()

    async def do() -> None:
        async with estate.client() as client:
            made = await create_project(client, "  Night shift ")
            assert made.name == "Night shift"
            renamed = await rename_project(client, made, "Day shift")
            assert (renamed.id, renamed.name) == (made.id, "Day shift")
            with pytest.raises(WrongInput, match="its name already"):
                await rename_project(client, renamed, "Day shift")
            assert (await archive_project(client, renamed)).is_archived
            assert made.id not in {project.id for project in await projects(client)}

    run(do())


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "sk-proj-abcdefghijkl"])
def test_a_name_that_cannot_be_is_not_sent(name: str) -> None:
    estate = Estate()
    before = len(estate.world.projects)
    with pytest.raises(WrongInput):
        run(create_project(estate.client(), name))
    assert len(estate.world.projects) == before


def test_the_default_project_says_that_it_is_one() -> None:
    estate = Estate()
    default = next(each for each in estate.world.projects.values() if each.is_default)
    project = Project(default.id, default.name)
    with pytest.raises(Rejected, match="default project, which cannot be renamed"):
        run(rename_project(estate.client(), project, "Another"))
    with pytest.raises(Rejected, match="default project, which cannot be archived"):
        run(archive_project(estate.client(), project))


def test_a_project_that_may_have_been_made_is_to_be_looked_for() -> None:
    estate = Estate(f"reset-after*1{POST}")
    with pytest.raises(OutcomeUnknown, match="Look for Night shift in the list"):
        run(create_project(estate.client(), "Night shift"))
