"""Signing in: what a pasted key is and what it may do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import date

from oai_tui.api import projects as projects_api
from oai_tui.api import usage as usage_api
from oai_tui.api.client import Client
from oai_tui.core.errors import KeyRefused, MissingScope
from oai_tui.core.period import last_days
from oai_tui.core.secret import Secret
from oai_tui.core.secret_kind import SecretKind, kind_of


@dataclass(frozen=True, slots=True)
class Ability:
    """Whether a key may do one of the two things an admin key is for, and why not.

    `scopes` are the permissions it lacks; None where the platform did not accept it at all.
    """

    allowed: bool
    why: str = ""
    way_out: str = ""
    request_id: str | None = None
    scopes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What the platform says a key may do. `organization` is its name there, if told."""

    management: Ability
    usage: Ability
    organization: str | None = None

    @property
    def is_useful(self) -> bool:
        """Whether anything of the program works with it."""
        return self.management.allowed or self.usage.allowed


_REFUSED = {
    SecretKind.ADMIN: (
        "The platform refuses this admin key: it was revoked, has expired or was cut short.",
        "Copy it whole, or make a new one.",
    ),
    SecretKind.PROJECT: (
        "This is a project key: it calls models, and cannot manage keys or read usage.",
        "Make an admin key; only an organization owner can.",
    ),
    SecretKind.SERVICE_ACCOUNT: (
        "This is a service account's key: it calls models, and cannot manage keys or read usage.",
        "Make an admin key; only an organization owner can.",
    ),
    SecretKind.LEGACY_USER: (
        "This is an old user key: it calls models, and cannot manage keys or read usage.",
        "Make an admin key; only an organization owner can.",
    ),
    SecretKind.UNKNOWN: (
        "The platform does not accept this as a key.",
        "An admin key begins with sk-admin-; copy it whole.",
    ),
}


def refuse_session_key(secret: Secret) -> None:
    """Raise KeyRefused for a browser's session key, before it is sent anywhere."""
    if kind_of(secret) is SecretKind.SESSION:
        raise KeyRefused(
            "This is a browser's session key, not an API key, and it was not sent anywhere.",
            "Sign out of that browser session if you pasted it by mistake, and make an admin key.",
        )


async def prove(client: Client, secret: Secret, today: date) -> Proof:
    """Ask the platform, separately, for what managing and what reading usage needs.

    Raises KeyRefused with a sentence for this kind of key when it may do neither, and ApiProblem
    when the platform could not be asked.
    """
    refuse_session_key(secret)
    management, usage = await asyncio.gather(
        _ability(projects_api.first_project(client)),
        _ability(usage_api.costs(client, last_days(1, today), [])),
    )
    proof = Proof(management, usage, client.organization)
    if not proof.is_useful:
        raise _refusal(secret, management)
    return proof


async def _ability(question: Awaitable[object]) -> Ability:
    try:
        await question
    except (KeyRefused, MissingScope) as problem:
        scopes = problem.scopes if isinstance(problem, MissingScope) else None
        return Ability(False, problem.what, problem.way_out, problem.request_id, scopes)
    return Ability(True)


def _refusal(secret: Secret, ability: Ability) -> KeyRefused:
    kind = kind_of(secret)
    if ability.scopes is not None and kind in (SecretKind.ADMIN, SecretKind.UNKNOWN):
        if not ability.scopes:
            return KeyRefused(ability.why, ability.way_out, ability.request_id)
        return KeyRefused(
            "This admin key is restricted: it may neither manage the organization nor read usage.",
            "Make one with all permissions, or with api.management.read and api.usage.read.",
            ability.request_id,
        )
    what, way_out = _REFUSED[kind]
    return KeyRefused(what, way_out, ability.request_id)
