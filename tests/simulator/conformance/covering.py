"""Which method of the official client which scenario covers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import openai
import pytest

from tests.simulator.conformance.official import Scenario

COVERED: dict[Scenario, frozenset[str]] = {}


def covers(resource: str, *methods: str) -> Callable[[Scenario], Scenario]:
    def note(scenario: Scenario) -> Scenario:
        COVERED[scenario] = frozenset(f"{resource}.{method}" for method in methods)
        return scenario

    return note


def ids(things: Any) -> list[str]:
    return [thing.id for thing in things]


def absent(call: Callable[..., Any], *parts: Any, **named: Any) -> None:
    with pytest.raises(openai.NotFoundError):
        call(*parts, **named)
