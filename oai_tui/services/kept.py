"""Looking for a key that is kept already, before anything is asked of the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import VaultProblem
from oai_tui.vault.credential import Credential
from oai_tui.vault.place import Place


@dataclass(frozen=True, slots=True)
class Kept:
    """A key found at start, and the name of the place it came from."""

    credential: Credential
    place: Place


async def kept(
    places: Sequence[Place], profile: str, base_url: BaseUrl
) -> tuple[Kept | None, tuple[VaultProblem, ...]]:
    """Look for a key in each place in turn; what kept a place from answering is told beside."""
    problems: list[VaultProblem] = []
    for place in places:
        try:
            credential = await place.load(profile, base_url.origin)
        except VaultProblem as problem:
            problems.append(problem)
            continue
        if credential:
            return Kept(credential, place), tuple(problems)
    return None, tuple(problems)
