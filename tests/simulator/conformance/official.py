"""The official client over a real socket, strict about every answer it reads."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import openai
from openai._resource import SyncAPIResource

from oai_tui.simulator.server import Running, running
from oai_tui.simulator.world import World
from tests.simulator.conformance.contract import FILE, address_of, problems
from tests.simulator.conformance.serving import NOW

ABSENT = "sk-proj-absent"


Scenario = Callable[["Platform"], None]


class Watched:
    """A resource of the client that notes the methods which were called and answered."""

    def __init__(self, resource: object, name: str, seen: set[str]) -> None:
        self._resource, self._name, self._seen = resource, name, seen

    def __getattr__(self, name: str) -> Any:
        inner, full = getattr(self._resource, name), f"{self._name}.{name}".strip(".")
        if isinstance(inner, SyncAPIResource):
            return Watched(inner, full, self._seen)

        def called(*parts: Any, **named: Any) -> Any:
            answer = inner(*parts, **named)
            self._seen.add(full)
            return answer

        return called


class Platform:
    """The client, the world it administers and the methods it has called."""

    def __init__(self, simulator: Running, strangers: list[str]) -> None:
        self.simulator = simulator
        self.world: World = simulator.world
        self.strangers = strangers
        self.client = self.signed(simulator.admin_key, ABSENT)
        self.seen: set[str] = set()
        self.organization: Any = Watched(self.client.admin.organization, "", self.seen)

    def signed(self, admin_key: str, api_key: str = ABSENT) -> openai.OpenAI:
        """Make a client with other keys."""
        return openai.OpenAI(
            admin_api_key=admin_key,
            api_key=api_key,
            base_url=self.simulator.base_url,
            max_retries=0,
            http_client=openai.DefaultHttpx2Client(event_hooks={"response": [self._check]}),
            _strict_response_validation=True,
        )

    def _check(self, response: Any) -> None:
        path = response.request.url.path
        if not FILE.exists() or not path.startswith("/v1/organization/"):
            return
        response.read()
        method = response.request.method
        address = address_of(method, path)
        found = problems(method, address, response.status_code, response.json())
        self.strangers += [f"{method} {address} {response.status_code} {line}" for line in found]

    def models(self, api_key: str) -> list[str]:
        """List the models with an ordinary key."""
        with self.signed(ABSENT, api_key) as client:
            return [model.id for model in client.models.list()]

    def project_id(self, number: int = 0) -> str:
        """Give a project that is in use and is not the default one."""
        projects = self.world.projects.values()
        usable = [p.id for p in projects if not p.is_default and p.archived_at is None]
        return usable[number]


@contextmanager
def official() -> Iterator[Platform]:
    """Serve a new world that stands still at NOW; every answer must fit the contract."""
    strangers: list[str] = []
    with running(now=NOW) as simulator:
        platform = Platform(simulator, strangers)
        with platform.client:
            yield platform
    assert not strangers, "\n".join(strangers[:20])


def client_methods() -> set[str]:
    """Name every method of the client's administration resources, without the raw variants."""
    with openai.OpenAI(admin_api_key=ABSENT, api_key=ABSENT) as client:
        return set(_methods(client.admin.organization, ""))


def _methods(resource: SyncAPIResource, name: str) -> Iterator[str]:
    for member in vars(type(resource)):
        if member.startswith(("_", "with_")):
            continue
        full = f"{name}.{member}".strip(".")
        inner = getattr(resource, member)
        if isinstance(inner, SyncAPIResource):
            yield from _methods(inner, full)
        elif inspect.ismethod(inner):
            yield full


def asked(simulator: Running, fault: str, path: str = "projects") -> httpx.Response:
    """Read below the organization's address while a fault is switched on."""
    simulator.faults.set(fault)
    headers = {"authorization": f"Bearer {simulator.admin_key}"}
    try:
        return httpx.get(f"{simulator.base_url}/organization/{path}", headers=headers)
    finally:
        simulator.faults.clear()
