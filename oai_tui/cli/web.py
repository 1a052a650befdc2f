"""The app in a browser of this machine."""

from __future__ import annotations

import shlex
import sys

import click

from oai_tui.cli.root import cli, setup_from
from oai_tui.cli.telling import problems_told


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.pass_context
def web(context: click.Context, port: int) -> None:
    """Serve the app to browsers of this machine; who reaches the port acts with your key."""
    with problems_told():
        setup_from(context)
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
