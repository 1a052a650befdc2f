"""The made-up organization: opened in the app, or served."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from oai_tui.cli.root import cli, open_app
from oai_tui.cli.telling import problems_told

if TYPE_CHECKING:
    from oai_tui.api.exchange import AsgiApp
    from oai_tui.simulator.world import World

SCALES = click.Choice(["small", "large"])


@cli.command()
@click.option("--scale", type=SCALES, default="small", show_default=True, help="How many keys.")
@click.option("--seed", type=int, default=7, show_default=True, help="Which organization.")
@click.pass_context
def demo(context: click.Context, scale: str, seed: int) -> None:
    """Open the app on a made-up organization inside this process; nothing is kept."""
    import tempfile
    from dataclasses import replace
    from pathlib import Path

    from oai_tui.core.secret import Secret
    from oai_tui.services.setup import Demo
    from oai_tui.services.start import clock_of, demo_setup
    from oai_tui.store.paths import Folders

    world, app = _platform(scale, seed)
    with problems_told(), tempfile.TemporaryDirectory(prefix="oai-tui-demo-") as folder:
        platform = Demo(app, Secret(world.admin_key))
        setup = demo_setup(Folders.under(Path(folder)), platform, clock_of(os.environ))
        _, _, read_only = context.find_root().obj
        sys.exit(open_app(replace(setup, read_only=read_only)))


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes any free one.")
@click.option("--scale", type=SCALES, default="small", show_default=True, help="How many keys.")
@click.option("--seed", type=int, default=7, show_default=True, help="Which organization.")
@click.option("--now", metavar="ISO", help="Let the clock stand at this time.")
@click.option("--latency", metavar="MS", type=click.IntRange(0), default=0, help="Delay answers.")
@click.option(
    "--fault",
    "faults",
    metavar="NAME[:PROBABILITY]",
    multiple=True,
    help="Let something go wrong; repeatable. A wrong name lists all.",
)
def simulate(
    port: int, scale: str, seed: int, now: str | None, latency: int, faults: tuple[str, ...]
) -> None:
    """Serve a made-up organization on 127.0.0.1 until Ctrl-C."""
    with problems_told(), _simulator_needed():
        from oai_tui.services.start import moment_of
        from oai_tui.simulator.server import serve

        stopped = int(moment_of(now).timestamp()) if now else None
        try:
            serve(port, scale, seed, stopped, latency, faults, click.echo)  # type: ignore[arg-type]
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        except OSError as error:
            raise click.ClickException(f"Port {port}: {error.strerror}.") from None


def _platform(scale: str, seed: int) -> tuple[World, AsgiApp]:
    with problems_told(), _simulator_needed():
        from oai_tui.services.start import moment_of
        from oai_tui.simulator.platform import build
        from oai_tui.simulator.world import World

        stopped = os.environ.get("OAI_TUI_NOW")
        now = int(moment_of(stopped).timestamp()) if stopped else None
        world = World.seeded(seed, scale, now)  # type: ignore[arg-type]
        return world, build(world)


@contextmanager
def _simulator_needed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn"):
            raise
        raise click.ClickException(
            "The simulator is not installed. Install it with: pip install 'oai-tui[demo]'"
        ) from None
