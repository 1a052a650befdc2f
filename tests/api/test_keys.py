"""Looking keys up and changing them, against the platform on a real socket."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import openai
import pytest

from oai_tui.api import keys, models
from oai_tui.api.client import Client
from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    KeyRefused,
    MissingScope,
    NotFound,
    OutcomeUnknown,
    Rejected,
    WrongInput,
)
from oai_tui.core.keys import ApiKey, KeyKind, Project
from oai_tui.simulator.model import Key, ServiceAccount
from oai_tui.simulator.server import Running, running
from tests.api.talking import Answer, Platform, asking, client_of

NOW = 1_795_350_000
ONE = ApiKey("key_1", "ci", KeyKind.PROJECT, "sk-proj…abcd", None, project=Project("proj_1", "web"))
ADMIN = ApiKey("key_2", "ops", KeyKind.ADMIN, "sk-admin…abcd", None)


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(now=NOW) as found:
        yield found


@pytest.fixture
def made(served: Running) -> Key:
    """A key of its own in the world, of a service account in a project that is in use."""
    served.faults.clear()
    account = account_of(served)
    new = ask(served, lambda c: keys.create_account_key(c, account.project_id, account.id, "t", 60))
    return served.world.keys[new.id]


def account_of(served: Running) -> ServiceAccount:
    world = served.world
    return next(
        account
        for account in world.service_accounts.values()
        if world.projects[account.project_id].archived_at is None
        and account.deleted_at is None
        and account.role == "member"
    )


def ask(served: Running, question: Callable[[Client], Coroutine[Any, Any, Any]]) -> Any:
    client = client_of(address=served.base_url, key=served.admin_key, deadline=1.5)
    return asking(client, question)


def listed(made: Key) -> ApiKey:
    return ApiKey(
        made.id, "t", KeyKind.PROJECT, "sk-svc…", None, project=Project(made.project_id, "")
    )


def official(served: Running, value: str) -> openai.OpenAI:
    return openai.OpenAI(
        api_key=value, admin_api_key=served.admin_key, base_url=served.base_url, max_retries=0
    )


def test_a_key_is_looked_up_as_it_is_now(served: Running, made: Key) -> None:
    found = ask(served, lambda c: keys.project_key(c, made.project_id, made.id))
    assert (found.id, found.name, found.project.id) == (made.id, "t", made.project_id)
    assert found.owner.is_service_account
    mine = next(iter(served.world.admin_keys.values()))
    assert ask(served, lambda c: keys.admin_key(c, mine.id)).kind is KeyKind.ADMIN


def test_a_key_that_is_gone_is_none(served: Running, made: Key) -> None:
    ask(served, lambda c: keys.delete_key(c, listed(made)))
    assert ask(served, lambda c: keys.project_key(c, made.project_id, made.id)) is None
    assert ask(served, lambda c: keys.admin_key(c, "key_nobody")) is None
    ask(served, lambda c: keys.delete_key(c, listed(made)))


@pytest.mark.parametrize(
    "question",
    [
        lambda c: keys.project_key(c, "proj_1", "key_1"),
        lambda c: keys.admin_key(c, "key_1"),
        lambda c: keys.delete_key(c, ONE),
        lambda c: keys.delete_account(c, "proj_1", "svc_1"),
    ],
)
def test_an_address_nobody_serves_says_nothing_of_a_key(
    question: Callable[[Client], Coroutine[Any, Any, Any]],
) -> None:
    error = {"message": "Invalid URL (GET /v1/organization/x)", "type": "invalid_request_error"}
    with pytest.raises(NotFound):
        asking(client_of(Platform(Answer(404, {"error": error}))), question)


def test_an_answer_about_another_key_is_not_believed() -> None:
    with pytest.raises(BadAnswer):
        asking(
            client_of(Platform(Answer(body={"id": "key_9"}))),
            lambda c: keys.project_key(c, "proj_1", "key_1"),
        )
    with pytest.raises(OutcomeUnknown):
        asking(
            client_of(Platform(Answer(body={"id": "key_9"}))),
            lambda c: keys.update_key(c, ONE, expires_in=60),
        )


def test_permissions_and_expiry_change_for_whoever_uses_the_key(served: Running, made: Key) -> None:
    with official(served, made.value) as client:
        assert client.models.list().data
        changed = ask(
            served,
            lambda c: keys.update_key(c, listed(made), scopes=["api.files.read"], expires_in=3600),
        )
        assert int(changed.expires_at.timestamp()) == NOW + 3600
        assert changed.name == "t"
        with pytest.raises((openai.PermissionDeniedError, openai.AuthenticationError)):
            client.models.list()
        ask(served, lambda c: keys.update_key(c, changed, scopes=[]))
        assert client.models.list().data
        theirs = client.admin.organization.projects.api_keys.retrieve(
            made.id, project_id=made.project_id
        )
        assert theirs.expires_at == NOW + 3600


def test_what_was_changed_is_asked_for_and_nothing_else() -> None:
    platform = Platform(Answer(body={"id": "key_1"}))
    asking(client_of(platform), lambda c: keys.update_key(c, ONE, scopes=()))
    assert platform.asked[0].body == b'{"scopes":[]}'
    asking(client_of(platform), lambda c: keys.update_key(c, ONE, expires_in=7))
    assert platform.asked[1].body == b'{"expires_in_seconds":7}'


def test_a_change_that_cannot_be_is_not_sent() -> None:
    platform = Platform(Answer())
    with pytest.raises(WrongInput):
        asking(client_of(platform), lambda c: keys.update_key(c, ADMIN, expires_in=60))
    with pytest.raises(WrongInput):
        asking(client_of(platform), lambda c: keys.update_key(c, ONE))
    assert not platform.asked


@pytest.mark.parametrize(
    ("fault", "kind", "moved"),
    [
        ("reset-before", OutcomeUnknown, False),
        ("timeout-after", OutcomeUnknown, True),
        ("cut-body", OutcomeUnknown, True),
        ("503", OutcomeUnknown, False),
        ("404-envelope", NotFound, False),
    ],
)
def test_a_failed_change_is_sent_once(
    served: Running, made: Key, fault: str, kind: type[ApiProblem], moved: bool
) -> None:
    served.faults.set(f"{fault}*1@POST /organization/projects/*/api_keys/*")
    with pytest.raises(kind):
        ask(served, lambda c: keys.update_key(c, listed(made), expires_in=3600))
    assert (made.expires_at == NOW + 3600) is moved


def test_a_key_is_made_with_the_permissions_asked_for(served: Running) -> None:
    account, scopes = account_of(served), ["api.model.read", "api.files.read"]
    new = ask(
        served,
        lambda c: keys.create_account_key(c, account.project_id, account.id, "t", None, scopes),
    )
    assert list(served.world.keys[new.id].scopes) == scopes


def test_a_service_account_goes_with_its_keys(served: Running) -> None:
    project = account_of(served).project_id
    served.faults.set("reset-after*1@DELETE /organization/projects/*/service_accounts/*")
    new = ask(served, lambda c: keys.create_account(c, project, "passing", None))
    ask(served, lambda c: keys.delete_account(c, project, new.account_id))
    ask(served, lambda c: keys.delete_account(c, project, new.account_id))
    assert served.world.keys[new.id].deleted_at is not None
    with pytest.raises(OutcomeUnknown, match="service account"):
        asking(client_of(Platform(Answer())), lambda c: keys.delete_account(c, "proj_1", "svc_1"))


def test_the_refusal_of_an_older_platform_is_told(served: Running, made: Key) -> None:
    served.world.service_account_key_delete = "refused"
    try:
        with pytest.raises(Rejected, match="service account"):
            ask(served, lambda c: keys.delete_key(c, listed(made)))
    finally:
        served.world.service_account_key_delete = "allowed"


def proving(served: Running, value: str) -> None:
    asking(client_of(address=served.base_url, key=value), models.answers)


def test_a_key_that_works_answers(served: Running, made: Key) -> None:
    proving(served, made.value)
    ask(served, lambda c: keys.update_key(c, listed(made), scopes=["api.files.read"]))
    proving(served, made.value)  # it may not list models, but the platform knows it
    ask(served, lambda c: keys.delete_key(c, listed(made)))
    with pytest.raises(KeyRefused):
        proving(served, made.value)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(403, {"error": "Country not supported"}), MissingScope),
        (Answer(body={}), BadAnswer),
        (Answer(body=b"<html>", content_type="text/html"), BadAnswer),
    ],
)
def test_what_proves_nothing_is_no_proof(answer: Answer, kind: type[ApiProblem]) -> None:
    with pytest.raises(kind):
        asking(client_of(Platform(answer)), models.answers)
