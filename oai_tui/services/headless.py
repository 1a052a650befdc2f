"""A session without a screen, for commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from oai_tui.api.client import Waiting
from oai_tui.core.errors import VaultMissing
from oai_tui.services.kept import kept
from oai_tui.services.session import Session, connect, open_session
from oai_tui.services.setup import Setup


@asynccontextmanager
async def signed_in(setup: Setup, on_wait: Waiting | None = None) -> AsyncIterator[Session]:
    """Open a session with the key that is kept, and close it again.

    Raises VaultProblem when no key is kept, or a place that may hold one does not give it; nothing
    is asked of the network.
    """
    found, problems = await kept(setup.places, setup.profile, setup.base_url)
    if found is None:
        for problem in problems:
            if not isinstance(problem, VaultMissing):
                raise problem
        raise VaultMissing(
            f"Nobody is signed in for profile {setup.profile} at {setup.base_url.origin}.",
            "Run oai-tui login, or set OPENAI_ADMIN_KEY.",
        )
    client = connect(setup, found.credential.secret, on_wait)
    session = open_session(setup, found.credential, found.place.name, client)
    try:
        yield session
    finally:
        await session.close()
