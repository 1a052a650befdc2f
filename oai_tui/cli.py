"""The command line: one verb, one function; everything heavy is imported late.

Exit status: 0 fine, 1 failed, 2 wrong use.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from oai_tui import __version__
from oai_tui.core.base_url import OFFICIAL
from oai_tui.core.errors import Problem, WrongInput
from oai_tui.core.text import HARMFUL, clean, without_keys

if TYPE_CHECKING:
    from types import TracebackType

    from oai_tui.api.exchange import AsgiApp
    from oai_tui.services.setup import Setup
    from oai_tui.simulator.world import World

SCALES = click.Choice(["small", "large"])


class Failed(click.ClickException):
    """A problem on standard error: what happened, the way out, the request id."""

    def __init__(self, problem: Problem) -> None:
        request = f"\nrequest {problem.request_id}" if problem.request_id else ""
        super().__init__(f"{problem}{request}")


class Misused(Failed):
    """A problem with what was typed."""

    exit_code = 2


@contextmanager
def _problems_told() -> Iterator[None]:
    try:
        yield
    except Problem as problem:
        raise (Misused if isinstance(problem, WrongInput) else Failed)(problem) from None


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--profile", metavar="NAME", help="The organization to work with.")
@click.option("--base-url", metavar="URL", help="The address of the platform.")
@click.option("--read-only", is_flag=True, help="Take the keys that change something away.")
@click.version_option(__version__, message="oai-tui %(version)s")
@click.pass_context
def cli(context: click.Context, profile: str | None, base_url: str | None, read_only: bool) -> None:
    """Keys, usage and billing of an OpenAI API organization, in the terminal.

    Without a command it opens the app.
    """
    context.obj = (profile, base_url, read_only)
    if context.invoked_subcommand is None:
        with _problems_told():
            sys.exit(_open(_setup(context)))


@cli.command()
@click.option("--scale", type=SCALES, default="small", show_default=True, help="How many keys.")
@click.option("--seed", type=int, default=7, show_default=True, help="Which organization.")
def demo(scale: str, seed: int) -> None:
    """Open the app on a made-up organization inside this process; nothing is kept."""
    import tempfile
    from pathlib import Path

    from oai_tui.core.secret import Secret
    from oai_tui.services.setup import Demo
    from oai_tui.services.start import clock_of, demo_setup
    from oai_tui.store.paths import Folders

    world, app = _platform(scale, seed)
    with _problems_told(), tempfile.TemporaryDirectory(prefix="oai-tui-demo-") as folder:
        platform = Demo(app, Secret(world.admin_key))
        sys.exit(_open(demo_setup(Folders.under(Path(folder)), platform, clock_of(os.environ))))


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
    with _problems_told(), _simulator_needed():
        from oai_tui.services.start import moment_of
        from oai_tui.simulator.server import serve

        stopped = int(moment_of(now).timestamp()) if now else None
        try:
            serve(port, scale, seed, stopped, latency, faults, click.echo)  # type: ignore[arg-type]
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        except OSError as error:
            raise click.ClickException(f"Port {port}: {error.strerror}.") from None


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.pass_context
def web(context: click.Context, port: int) -> None:
    """Serve the app to browsers of this machine; who reaches the port acts with your key."""
    with _problems_told():
        _setup(context)
    try:
        from oai_tui.ui.web import LocalServer
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("aiohttp", "textual_serve"):
            raise
        raise click.ClickException(
            "This needs an extra. Install it with: pip install 'oai-tui[web]'"
        ) from None
    profile, base_url, read_only = context.find_root().obj
    command = [sys.executable, "-m", "oai_tui"]
    command += ["--profile", profile] if profile else []
    command += ["--base-url", base_url] if base_url else []
    command += ["--read-only"] if read_only else []
    LocalServer(shlex.join(command), port).serve()


@cli.command()
@click.pass_context
def login(context: click.Context) -> None:
    """Prove an admin key and keep it in this machine's key store.

    Asks for the key without showing it, or reads it from standard input when that is no terminal.
    """
    from oai_tui.services.signing_in import sign_in

    with _problems_told():
        setup = _setup(context)
        typed = sys.stdin.isatty()
        text = click.prompt("Admin key", hide_input=True, err=True) if typed else sys.stdin.read()
        for line in asyncio.run(sign_in(setup, text)):
            click.echo(line)


@cli.command()
@click.pass_context
def logout(context: click.Context) -> None:
    """Forget the key of the profile, and what was remembered with it."""
    from oai_tui.services.signing_in import sign_out

    with _problems_told():
        click.echo(asyncio.run(sign_out(_setup(context))))


@cli.command()
@click.pass_context
def profiles(context: click.Context) -> None:
    """List the profiles of the settings file."""
    from oai_tui.services.start import FIRST_PROFILE

    with _problems_told():
        setup = _setup(context)
        settings = setup.settings.load()
        names = dict.fromkeys([*settings.profiles, settings.default_profile or FIRST_PROFILE])
        for name in names:
            known = settings.profiles.get(name)
            mark = "*" if name == setup.profile else " "
            address = known.base_url if known else OFFICIAL
            read_only = "  read-only" if known and known.read_only else ""
            click.echo(f"{mark} {clean(name, 40)}  {clean(address)}{read_only}")


def main() -> None:
    """Run the command line."""
    from oai_tui.services.hardening import harden

    harden(os.environ)
    sys.excepthook = _report
    cli(prog_name="oai-tui")


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of a mistake of ours without anything that looks like a key or moves the cursor."""
    import traceback

    report = without_keys("".join(traceback.format_exception(kind, error, trace)))
    click.echo(HARMFUL.sub("", report), err=True)


def _setup(context: click.Context) -> Setup:
    from oai_tui.services.start import setup_of
    from oai_tui.store.paths import Folders

    profile, base_url, read_only = context.find_root().obj
    return setup_of(
        os.environ, Folders.of_user(), profile=profile, base_url=base_url, read_only=read_only
    )


def _open(setup: Setup) -> int:
    if not _can_open():
        raise click.ClickException(
            "The app needs a terminal. See oai-tui --help for what works without one."
        )
    from oai_tui.ui.app import run

    return run(setup)


def _platform(scale: str, seed: int) -> tuple[World, AsgiApp]:
    with _problems_told(), _simulator_needed():
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


def _can_open() -> bool:
    """Whether there is a terminal, or the browser that `oai-tui web` draws on instead.

    Textual reads standard input and draws on standard error.
    """
    return (sys.stdin.isatty() and sys.stderr.isatty()) or "TEXTUAL_DRIVER" in os.environ
