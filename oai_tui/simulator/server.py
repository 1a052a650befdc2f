"""The simulator on a real socket of this machine."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from oai_tui.simulator.faults import Fault, Faults
from oai_tui.simulator.platform import build
from oai_tui.simulator.world import Scale, World

HOST = "127.0.0.1"


def serve(
    port: int = 0,
    scale: Scale = "small",
    seed: int = 7,
    now: int | None = None,
    latency_ms: int = 0,
    faults: Iterable[Fault | str] = (),
    announce: Callable[[str], None] = print,
) -> None:
    """Serve a new world on 127.0.0.1 until Ctrl-C or SIGTERM; port 0 takes any free one.

    Announces the address and an admin key once requests are answered. `now` (Unix seconds)
    stops the clock there. Raises OSError when the port is taken and ValueError for a fault
    nobody knows.
    """
    world = World.seeded(seed, scale, now)
    app = build(world, faults, latency_ms)
    with _listening(port) as sock:

        def tell() -> None:
            announce(f"base URL   {_base_url(sock)}")
            announce(f"admin key  {world.admin_key}")

        with suppress(KeyboardInterrupt):
            _Server(app, tell).run(sockets=[sock])


@dataclass(frozen=True)
class Running:
    """A simulator that is being served: where, with which admin key, and what it is made of."""

    base_url: str
    admin_key: str
    world: World
    faults: Faults


@contextmanager
def running(
    scale: Scale = "small",
    seed: int = 7,
    now: int | None = None,
    latency_ms: int = 0,
    faults: Iterable[Fault | str] = (),
    world: World | None = None,
) -> Iterator[Running]:
    """Serve a world (a new one unless given) from a thread for as long as the context is open."""
    world = world or World.seeded(seed, scale, now)
    switched = Faults(world.seed, world)
    switched.set(*faults)
    ready = threading.Event()
    with _listening(0) as sock:
        server = _Server(build(world, switched, latency_ms), ready.set)
        thread = threading.Thread(target=server.run, args=([sock],), name="simulator", daemon=True)
        thread.start()
        try:
            if not ready.wait(20):
                raise RuntimeError("the simulator did not start")
            yield Running(_base_url(sock), world.admin_key, world, switched)
        finally:
            switched.clear()
            server.should_exit = True
            thread.join(10)


def _listening(port: int) -> socket.socket:
    # Named TCP, or asyncio would leave Nagle's delay of 40 ms on every answer.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
    except OSError:
        sock.close()
        raise
    return sock


def _base_url(sock: socket.socket) -> str:
    return f"http://{HOST}:{sock.getsockname()[1]}/v1"


class _Protocol(H11Protocol):
    """Shows the connection to the application, so that faults can really drop it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """Says when it is ready, and takes a signal as a wish to end well."""

    def __init__(self, app: ASGIApp, ready: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not noted as captured: uvicorn would raise the signal anew after it has ended.
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
