"""Keys in the operating system's own key store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from oai_tui.core.base_url import BaseUrl
from oai_tui.core.errors import VaultProblem, VaultSilent, WrongInput
from oai_tui.core.secret_kind import key_from
from oai_tui.vault.backends import Backend, pick, problem_after, shown
from oai_tui.vault.credential import Credential
from oai_tui.vault.deadline import DeadlinePassed, within
from oai_tui.vault.place import Condition, PlaceState

T = TypeVar("T")

SERVICE = "oai-tui"
LONGEST_ENTRY = 1280
"""Characters: Windows keeps 2,560 bytes of UTF-16."""


class KeyringPlace:
    """Keys kept by keyring, one entry a profile: the origin, a blank, the key.

    One entry holds both, so that no crash can leave a key with another key's origin. `backend` is
    a backend named in our own settings, `deadline` the seconds one call may take.
    """

    name = "keyring"
    can_keep = True

    def __init__(self, backend: str | None = None, deadline: float = 3.0) -> None:
        self._named = backend
        self._deadline = deadline
        self._backend: Backend | None = None

    async def state(self) -> PlaceState:
        """Return whether the key store can be read now; a locked desktop may ask to unlock it."""
        try:
            await self._ask(lambda backend: backend.get_password(SERVICE, "state"))
        except VaultProblem as problem:
            return PlaceState.after(problem, self._detail)
        return PlaceState(Condition.WORKING, self._detail, f"{self._detail} keeps the key.")

    async def load(self, profile: str, origin: str) -> Credential | None:
        """Return the key of a profile; raises VaultProblem if it is for another origin."""
        found = await self._read(profile)
        return found and found.only_for(origin)

    async def save(self, profile: str, credential: Credential) -> None:
        """Write a key, read it back and compare. Raises VaultProblem unless it is there."""
        if len(_entry(credential)) > LONGEST_ENTRY:
            raise VaultProblem("The key and its base URL are too long for a key store.")
        unanswered = None
        try:
            await self._ask(lambda store: store.set_password(SERVICE, profile, _entry(credential)))
        except VaultSilent as silent:
            unanswered = silent
        if unanswered is not None:
            await self._make_sure(profile, credential, unanswered)
        elif await self._read(profile) != credential:
            raise VaultProblem(
                f"{self._detail} took the key but did not give the same key back.",
                "Keep the key shown, and choose another place.",
            )

    async def delete(self, profile: str) -> None:
        """Forget the key of a profile. Raises VaultProblem unless it is gone."""

        def forget(backend: Backend) -> bool:
            if backend.get_password(SERVICE, profile) is not None:
                backend.delete_password(SERVICE, profile)
            return backend.get_password(SERVICE, profile) is None

        if not await self._ask(forget):
            raise VaultProblem(
                f"{self._detail} still holds the key.", "Delete its entry “oai-tui” there."
            )

    @property
    def _detail(self) -> str:
        return shown(self._backend) if self._backend is not None else "The key store"

    async def _make_sure(
        self, profile: str, credential: Credential, unanswered: VaultSilent
    ) -> None:
        """Look what became of a write nobody confirmed. Raises VaultSilent unless it was made."""
        try:
            kept = await self._read(profile) == credential
        except VaultProblem:
            kept = False
        if not kept:
            raise VaultSilent(
                f"{unanswered.what} It is not known whether the key was kept.",
                "Keep the key shown, and save it again or choose another place.",
            )

    async def _read(self, profile: str) -> Credential | None:
        entry = await self._ask(lambda backend: backend.get_password(SERVICE, profile))
        if entry is None:
            return None
        origin, _, key = entry.partition(" ")
        try:
            return Credential(key_from(key), BaseUrl.parse(origin).origin)
        except WrongInput:
            problem = VaultProblem(
                f"{self._detail} holds an entry “oai-tui” that oai-tui did not write.",
                "Delete that entry, or log in again to replace it.",
            )
        raise problem

    async def _ask(self, question: Callable[[Backend], T]) -> T:
        """Put one question to the backend. Every failure becomes a VaultProblem.

        It is raised outside the handler: a failed call's frames hold the key, and must not hang
        on to our error as its context.
        """

        def ask() -> T:
            if self._backend is None:
                self._backend = pick(self._named)
            return question(self._backend)

        try:
            return await within(self._deadline, ask)
        except DeadlinePassed:
            problem: VaultProblem = VaultSilent(
                f"{self._detail} did not answer within {self._deadline:g} s.",
                "It may be asking for its password in another window; answer it, then try again.",
            )
        except VaultProblem as refused:
            problem = refused
        except Exception as error:
            problem = problem_after(error, self._detail)
        raise problem


def _entry(credential: Credential) -> str:
    return f"{credential.origin} {credential.secret.reveal()}"
