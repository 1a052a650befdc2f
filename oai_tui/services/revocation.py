"""Revoking a key, and never the one in use."""

from __future__ import annotations

from oai_tui.api import keys as api
from oai_tui.api.client import Client
from oai_tui.core.errors import Rejected, WrongInput
from oai_tui.core.keys import ApiKey, KeyKind
from oai_tui.core.secret import Secret


def is_in_use(key: ApiKey, secret: Secret) -> bool:
    """Whether a listed key may be the one this session is signed in with.

    The platform lists only the ends of a key, three or four characters of it, so a key that ends
    alike counts as well, and so does one that is listed without them.
    """
    end = key.masked.rpartition("…")[2]
    return key.kind is KeyKind.ADMIN and secret.reveal().endswith(end)


async def revoke(client: Client, key: ApiKey, secret: Secret) -> None:
    """Revoke a key for good.

    Raises WrongInput for the key in use, and ApiProblem when the platform did not do it.
    """
    if is_in_use(key, secret):
        raise WrongInput(
            "This is the key you are signed in with.", "Sign in with another admin key first."
        )
    try:
        await api.delete_key(client, key)
    except Rejected as problem:
        if key.owner and key.owner.is_service_account:
            raise Rejected(
                f"The platform refused: {problem.detail or problem.what}",
                f"Deleting its service account {key.owner.label} in the dashboard revokes it.",
                problem.request_id,
                problem.detail,
            ) from None
        raise
