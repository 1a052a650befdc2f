"""The simulator as one application."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp

from oai_tui.simulator.fault_middleware import FaultMiddleware, fault_routes
from oai_tui.simulator.faults import Fault, Faults
from oai_tui.simulator.service import create_app
from oai_tui.simulator.usage_routes import usage_routes
from oai_tui.simulator.world import World


def build(
    world: World, faults: Faults | Iterable[Fault | str] = (), latency_ms: int = 0
) -> ASGIApp:
    """Build the whole platform for a world; raises ValueError for a fault nobody knows."""
    if not isinstance(faults, Faults):
        names = tuple(faults)
        faults = Faults(world.seed, world)
        faults.set(*names)
    app = create_app(world, extra_routes=(*usage_routes(world), *fault_routes(faults)))
    return FaultMiddleware(app, faults, latency_ms)
