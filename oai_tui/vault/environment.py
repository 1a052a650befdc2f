"""The key in OPENAI_ADMIN_KEY: read, never written."""

from __future__ import annotations

from collections.abc import Mapping

from oai_tui.core.base_url import OFFICIAL, BaseUrl
from oai_tui.core.errors import VaultProblem, WrongInput
from oai_tui.core.secret_kind import key_from
from oai_tui.vault.credential import Credential
from oai_tui.vault.place import Condition, PlaceState

VARIABLE = "OPENAI_ADMIN_KEY"
ADDRESS = "OPENAI_BASE_URL"


class EnvironmentPlace:
    """The key given by the environment, for whatever profile is in use.

    It belongs to the origin of OPENAI_BASE_URL, or to OpenAI's own where that is not set.
    """

    name = "environment"
    can_keep = False

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    async def state(self) -> PlaceState:
        """Return whether the variable is set to something that can be a key."""
        try:
            found = self._credential()
        except VaultProblem as problem:
            return PlaceState(Condition.MISSING, VARIABLE, problem.what, problem.way_out)
        if found is None:
            return PlaceState(
                Condition.MISSING,
                VARIABLE,
                f"{VARIABLE} is not set.",
                "Set it to an admin key before starting oai-tui.",
            )
        return PlaceState(Condition.WORKING, VARIABLE, f"{VARIABLE} is set, for {found.origin}.")

    async def load(self, profile: str, origin: str) -> Credential | None:
        """Return the key in the environment; raises VaultProblem if it is for another origin."""
        found = self._credential()
        return found and found.only_for(origin)

    async def save(self, profile: str, credential: Credential) -> None:
        """Raises VaultProblem: a program cannot write the environment it was started from."""
        raise VaultProblem(
            f"A key cannot be kept in the environment: {VARIABLE} is only read.",
            "Choose another place, or set the variable where you start oai-tui.",
        )

    async def delete(self, profile: str) -> None:
        """Raises VaultProblem while the variable is set, as it would come back next time."""
        if self._environ.get(VARIABLE, "").strip():
            raise VaultProblem(
                f"{VARIABLE} still gives a key, and oai-tui cannot unset it.",
                f"Unset {VARIABLE} where you start oai-tui.",
            )

    def _credential(self) -> Credential | None:
        text = self._environ.get(VARIABLE, "")
        if not text.strip():
            return None
        try:
            secret = key_from(text)
        except WrongInput as wrong:
            raise VaultProblem(f"{VARIABLE} holds no key. {wrong.what}", wrong.way_out) from None
        try:
            address = BaseUrl.parse(self._environ.get(ADDRESS) or OFFICIAL)
        except WrongInput as wrong:
            raise VaultProblem(f"{ADDRESS} is unusable. {wrong.what}", wrong.way_out) from None
        return Credential(secret, address.origin)
