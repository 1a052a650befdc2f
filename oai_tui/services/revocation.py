"""Revoking a key, and never the one in use."""

from __future__ import annotations

from oai_tui.api import keys as api
from oai_tui.api.client import Client
from oai_tui.core.errors import (
    ApiProblem,
    OutcomeUnknown,
    PlatformDown,
    Rejected,
    TooSlow,
    Unreachable,
    WrongInput,
)
from oai_tui.core.keys import ApiKey, KeyKind
from oai_tui.core.secret import Secret

AGAIN_IS_SAFE = "Doing it again does no harm: what is gone counts as done."


class KeptWithAccount(Rejected):
    """The platform keeps this key for as long as its service account lives."""


def is_in_use(key: ApiKey, secret: Secret) -> bool:
    """Whether a listed key may be the one this session is signed in with.

    The platform lists only the ends of a key, three or four characters of it, so a key that ends
    alike counts as well, and so does one that is listed without them.
    """
    end = key.masked.rpartition("…")[2]
    return key.kind is KeyKind.ADMIN and secret.reveal().endswith(end)


async def revoke(client: Client, key: ApiKey, secret: Secret) -> None:
    """Revoke a key for good.

    Raises WrongInput for the key in use and for what is no living key, KeptWithAccount where its
    service account has to go for it, OutcomeUnknown, and ApiProblem when it was not done.
    """
    if is_in_use(key, secret):
        raise WrongInput(
            "This is the key you are signed in with.", "Rotate it (R): that gives you another."
        )
    if not key.is_live:
        raise WrongInput("There is no key here to revoke.")
    try:
        await api.delete_key(client, key)
    except Rejected as problem:
        if key.owner and key.owner.is_service_account:
            raise KeptWithAccount(
                f"The platform refused: {problem.detail or problem.what}",
                f"Deleting its service account {key.owner.label} revokes it.",
                problem.request_id,
                problem.detail,
            ) from None
        raise
    except (Unreachable, TooSlow, PlatformDown) as problem:
        raise _unknown(problem, f"{key.name or key.id} was revoked") from None


async def keys_of_account(client: Client, key: ApiKey) -> tuple[ApiKey, ...]:
    """Return the keys that end with a key's service account, itself first. Raises ApiProblem."""
    assert key.owner
    assert key.project
    others: list[ApiKey] = []
    async for page in api.project_keys(client, key.project):
        others += [
            each
            for each in page
            if each.id != key.id and each.owner and each.owner.id == key.owner.id
        ]
    return (key, *others)


async def delete_account(client: Client, key: ApiKey) -> None:
    """Delete the service account of a key, which revokes all its keys. Raises ApiProblem."""
    assert key.owner
    assert key.project
    try:
        await api.delete_account(client, key.project.id, key.owner.id)
    except (Unreachable, TooSlow, PlatformDown) as problem:
        raise _unknown(problem, f"the account {key.owner.label} was deleted") from None


def _unknown(problem: ApiProblem, what: str) -> OutcomeUnknown:
    """Return what a failed deletion means: an answer that never came says nothing."""
    return OutcomeUnknown(
        f"{problem.what} It is not known whether {what}.", AGAIN_IS_SAFE, problem.request_id
    )
