"""Requests that schemathesis makes from the contract: whatever is asked, the platform stands."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from tests.simulator.conformance.contract import contract, needs_contract, plain, problems
from tests.simulator.conformance.serving import PREFIX, application, furnished, names, served

pytestmark = needs_contract

SERVED = [(m, a) for m, a in served(furnished()) if a.startswith(PREFIX)]
bounded = settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@cache
def _operations() -> dict[tuple[str, str], Any]:
    wanted = {plain(address) for _, address in SERVED}
    paths = {
        f"/v1{path}": {method: _unsigned(operation) for method, operation in each.items()}
        for path, each in contract()["paths"].items()
        if plain(path) in wanted
    }
    document = {**contract(), "paths": paths, "servers": [{"url": "http://platform"}]}
    del document["security"]
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig())
    made: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    return {(each.method.upper(), plain(each.path)): each for each in made}


def _unsigned(operation: dict[str, Any]) -> dict[str, Any]:
    """Leave out who may ask: signing is ours, or nearly nothing would get past it."""
    return {name: value for name, value in operation.items() if name != "security"}


@pytest.mark.parametrize(("method", "address"), SERVED)
def test_it_stands(method: str, address: str) -> None:
    world = furnished()
    app, signed = application(world), {"authorization": f"Bearer {world.admin_key}"}

    @bounded
    @given(_cases(_operations()[method, plain(address)], address))
    def ask(case: Any) -> None:
        answer = case.call(app=app, headers=signed)
        assert answer.status_code < 500
        found = problems(method, address, answer.status_code, answer.json())
        assert not found, found

    ask()


def _cases(operation: Any, address: str) -> st.SearchStrategy[Any]:
    """Give right and, where there is something to say, wrong requests; most ids exist."""
    known = dict(_in_path(operation, address))
    right = operation.as_strategy(path_parameters=known)
    cases: st.SearchStrategy[Any] = right | operation.as_strategy() if known else right
    if len(operation.query) or len(operation.body):
        wrong = GenerationMode.NEGATIVE
        cases |= operation.as_strategy(generation_mode=wrong, path_parameters=known)
    return cases


def _in_path(operation: Any, address: str) -> list[tuple[str, str]]:
    """Give existing ids by the names that the contract has for the parameters."""
    ours = [part[1:-1] for part in address.split("/") if part.startswith("{")]
    theirs = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    existing = names(furnished(), address)
    return [(mine, existing[our]) for mine, our in zip(theirs, ours, strict=True)]
