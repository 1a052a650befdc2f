"""What a rotation asks of the platform: the old key, the new one, and whether it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from oai_tui.api import accounts, models
from oai_tui.api import keys as api
from oai_tui.api.client import Client
from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    KeyRefused,
    MissingScope,
    OutcomeUnknown,
    PlatformDown,
    TooSlow,
    Unreachable,
    WrongInput,
)
from oai_tui.core.keys import ApiKey, NewKey
from oai_tui.core.rotation import Method, Rotation
from oai_tui.core.secret import Secret
from oai_tui.services import login, revocation

SAYS_NOTHING = (OutcomeUnknown, Unreachable, TooSlow, PlatformDown, BadAnswer)
"""Answers to a deletion after which the key may be gone or not."""

PATIENCE = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 4.0, 4.0)
"""Seconds between two attempts of a new key: 20 s in all until it has reached the platform."""

Connect = Callable[[Secret], Client]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Listed:
    """The keys of a list, whether it is whole, and when it was read."""

    keys: tuple[ApiKey, ...]
    is_whole: bool
    as_of: datetime

    def find(self, rotation: Rotation) -> ApiKey | None:
        """Return the new key of a rotation, by its id or by the nonce in a name."""
        return next((key for key in self.keys if _is_new(key, rotation)), None)


class BothKeys:
    """The two keys of a rotation, as the organization signed in to knows them."""

    def __init__(self, client: Client, connect: Connect, sleep: Sleep = asyncio.sleep) -> None:
        self._client = client
        self._connect = connect
        self._sleep = sleep

    async def old(self, rotation: Rotation) -> ApiKey | None:
        """Return the old key as it is now, None when it is gone. Raises ApiProblem."""
        return await self._found(rotation, rotation.old_id)

    async def new(self, rotation: Rotation) -> ApiKey | None:
        """Return the new key as it is now, None when it is gone. Raises ApiProblem."""
        return await self._found(rotation, rotation.new_id)

    def is_elsewhere(self, rotation: Rotation) -> bool:
        """Whether it belongs to another organization than the one signed in to."""
        here = self._client.organization or ""
        return bool(here and rotation.organization and here != rotation.organization)

    async def create(self, rotation: Rotation) -> NewKey:
        """Make the new key, once. Raises OutcomeUnknown, or ApiProblem when it was not made."""
        client, name, expires_in = self._client, rotation.name, rotation.expires_in
        if rotation.method.is_admin:
            return await api.create_admin_key(client, name, expires_in)
        project, account = rotation.project_id, rotation.account_id
        if rotation.method is Method.NEW_ACCOUNT:
            if not rotation.scopes:
                return await api.create_account(client, project, name, expires_in)
            # The platform takes no scopes for the first key that comes with an account.
            made = await accounts.create_account_only(client, project, name)
            await accounts.make_member(client, made)
            account = made.id
        scopes = rotation.scopes or None
        return await api.create_account_key(client, project, account, name, expires_in, scopes)

    async def delete(self, rotation: Rotation, key: ApiKey, secret: Secret) -> None:
        """Revoke one of both keys, and look again when no answer says what came of it.

        Raises OutcomeUnknown only when that could not be told either; WrongInput for the key in
        use, and ApiProblem: the key lives.
        """
        try:
            await revocation.revoke(self._client, key, secret)
        except SAYS_NOTHING as problem:
            try:
                still = await self._found(rotation, key.id)
            except ApiProblem:
                raise OutcomeUnknown(
                    f"It is not known whether {key.name or key.id} was revoked.",
                    "Look again when the platform answers; doing it again does no harm.",
                    problem.request_id,
                ) from None
            if still is not None:
                raise _not_done(problem, key) from None

    async def delete_account(self, rotation: Rotation, key: ApiKey) -> str:
        """Delete the account that was made for a new key, unless it has others; return trouble."""
        try:
            others = await revocation.keys_of_account(self._client, key)
            if len(others) > 1:
                return f"The service account {rotation.name} stays: it has other keys."
            await revocation.delete_account(self._client, key)
        except ApiProblem as problem:
            return f"The service account {rotation.name} is still there: {problem}"
        return ""

    async def answers(self, rotation: Rotation, secret: Secret, now: datetime) -> None:
        """Have the new key answer, and an admin key in everything it is for.

        What the platform does not know yet is asked again for 20 s. Raises ApiProblem.
        """
        async with self._connect(secret) as client:
            waits = iter(PATIENCE)
            while True:
                try:
                    if rotation.method.is_admin:
                        await _manages(client, secret, now)
                    else:
                        await models.answers(client)
                    return
                except (KeyRefused, MissingScope) as problem:
                    if (wait := next(waits, None)) is None:
                        raise _not_accepted(problem) from None
                    await self._sleep(wait)

    async def _found(self, rotation: Rotation, id: str) -> ApiKey | None:
        if rotation.method.is_admin:
            found = await api.admin_key(self._client, id)
        else:
            found = await api.project_key(self._client, rotation.project_id, id)
        if self.is_elsewhere(rotation):
            raise WrongInput(
                f"This rotation belongs to the organization {rotation.organization}.",
                "Sign in to that one to go on with it.",
            )
        return found


async def _manages(client: Client, secret: Secret, now: datetime) -> None:
    proof = await login.prove(client, secret, now.date())
    for ability in (proof.management, proof.usage):
        if not ability.allowed:
            raise MissingScope(
                ability.why, ability.way_out, ability.request_id, ability.scopes or ()
            )


def listed(keys: Iterable[ApiKey], is_whole: bool, as_of: datetime) -> Listed:
    """Return a list of keys as evidence."""
    return Listed(tuple(keys), is_whole, as_of)


def _is_new(key: ApiKey, rotation: Rotation) -> bool:
    if rotation.new_id:
        return key.id == rotation.new_id
    end = f"-{rotation.id}"
    return key.is_live and (
        key.name.endswith(end) or bool(key.owner and key.owner.name.endswith(end))
    )


def _not_accepted(problem: ApiProblem) -> KeyRefused:
    return KeyRefused(
        f"The new key does not answer yet: {problem.what}",
        "The old one still works. Try again in a minute, or undo.",
        problem.request_id,
    )


def _not_done(problem: ApiProblem, key: ApiKey) -> PlatformDown:
    return PlatformDown(
        f"{key.name or key.id} still lives: the platform did not revoke it.",
        "Try again in a moment.",
        problem.request_id,
    )
