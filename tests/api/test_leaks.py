"""No part of the key comes out, whatever fails and whoever listens."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from oai_tui.api import keys, projects
from oai_tui.api.client import Client
from oai_tui.core.errors import ApiProblem, Problem, WrongInput
from oai_tui.core.keys import ApiKey, KeyKind
from oai_tui.simulator.faults import Fault
from oai_tui.simulator.model import AdminKey
from oai_tui.simulator.server import Running, running
from oai_tui.simulator.world import World
from tests.api.talking import Answer, Platform, client_of, closed_port
from tests.canary import CANARY, leaks

NOW = 1_795_350_000
KEY = ApiKey("key_none", "ops", KeyKind.ADMIN, "sk-admin…abcd", None)
QUESTIONS: dict[str, Callable[[Client], Coroutine[Any, Any, object]]] = {
    "get": projects.projects,
    "post": lambda client: keys.create_admin_key(client, "ops", None),
    "delete": lambda client: keys.delete_key(client, KEY),
}
FAULTS = sorted(
    set(Fault.NAMES) - {"latency", "hold", "giant-body"} - {n for n in Fault.NAMES if "late" in n}
)


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    world = World.seeded(7, "small", NOW)
    template = next(iter(world.admin_keys.values()))
    members = {name: getattr(template, name) for name in AdminKey.__dataclass_fields__}
    world.add_admin_key(AdminKey(**members | {"id": "key_canary", "value": CANARY}))
    with running(world=world) as found:
        yield found


class Listener(logging.Handler):
    """Keeps everything that anybody logs, exceptions included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s %(args)r"))
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{self.format(record)} {vars(record)!r}")


@pytest.fixture
def listener() -> Iterator[Listener]:
    root, found = logging.getLogger(), Listener()
    level = root.level
    root.addHandler(found)
    root.setLevel(logging.DEBUG)
    yield found
    root.removeHandler(found)
    root.setLevel(level)


def told(client: Client, question: Callable[[Client], Coroutine[Any, Any, object]]) -> str:
    """Return everything that can be seen of one question and its failure."""

    async def ask() -> str:
        async with client:
            try:
                answer = await question(client)
            except Problem as problem:
                return _all_of(problem)
            return f"{answer!r} {answer}"

    return f"{asyncio.run(ask())} {client!r} {vars(client)!r}"


def _all_of(problem: BaseException) -> str:
    texts = [repr(problem), str(problem), traceback.format_exc(), repr(vars(problem))]
    waiting: list[BaseException | None] = [problem]
    while waiting:
        each = waiting.pop()
        if each is not None:
            texts += [repr(each), str(each), repr(getattr(each, "args", ()))]
            waiting += [each.__cause__, each.__context__]
    return "\n".join(texts)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", QUESTIONS)
def test_nothing_tells_the_key(
    served: Running, listener: Listener, fault: str, method: str
) -> None:
    served.faults.set(fault)
    client = client_of(address=served.base_url, deadline=0.15)
    output = told(client, QUESTIONS[method])
    heard = "\n".join(listener.heard)
    assert "httpcore" in heard
    assert not leaks(CANARY, output)
    assert not leaks(CANARY, heard)


@pytest.mark.parametrize("method", QUESTIONS)
def test_an_echoing_platform_tells_nobody(listener: Listener, method: str) -> None:
    for status in (200, 302, 400, 401, 403, 404, 429, 500):
        for body in ({"error": CANARY}, {"error": {"message": f"({CANARY})"}}, CANARY.encode()):
            headers = (("x-request-id", CANARY), ("location", f"/{CANARY}"))
            client = client_of(Platform(Answer(status, body, headers)))
            assert not leaks(CANARY, told(client, QUESTIONS[method]))


def test_a_refused_connection_tells_nobody(listener: Listener) -> None:
    for question in QUESTIONS.values():
        output = told(client_of(address=closed_port()), question)
        assert "cannot be reached" in output
        assert not leaks(CANARY, output + "\n".join(listener.heard))


@pytest.mark.parametrize("odd", ["\n", "\x00", "é", "\u2026"])
def test_a_key_that_no_header_takes_is_not_told(odd: str, listener: Listener) -> None:
    with pytest.raises(WrongInput) as caught:
        client_of(Platform(Answer()), key=f"{CANARY}{odd}")
    assert not leaks(CANARY, _all_of(caught.value) + "\n".join(listener.heard))


def test_an_unreadable_new_key_is_not_told() -> None:
    body = {"id": 7, "value": CANARY}
    client = client_of(Platform(Answer(body=body)), key="sk-admin-other")
    with pytest.raises(ApiProblem) as caught:
        asyncio.run(QUESTIONS["post"](client))
    assert not leaks(CANARY, _all_of(caught.value))
