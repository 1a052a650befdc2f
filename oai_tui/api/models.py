"""The one question that a project key can be asked without cost."""

from __future__ import annotations

import msgspec

from oai_tui.api.client import Client
from oai_tui.api.wire import Listing
from oai_tui.core.errors import MissingScope


class Model(msgspec.Struct):
    """A model, by its name."""

    id: str


async def answers(client: Client) -> None:
    """Prove that the platform accepts the project key this client is signed with.

    A key that may not list models, but of which the platform names the permission it lacks, is
    accepted as well: it was made with fewer permissions. Raises ApiProblem otherwise, KeyRefused
    among them while a new key has not yet reached the whole platform.
    """
    try:
        await client.get(Listing[Model], "/models")
    except MissingScope as problem:
        if not problem.scopes:
            raise
