"""Signing in and out without a screen."""

from __future__ import annotations

from dataclasses import replace

from oai_tui.core.errors import Problem, VaultMissing
from oai_tui.core.secret_kind import key_from
from oai_tui.services.login import Ability, prove, refuse_session_key
from oai_tui.services.session import connect
from oai_tui.services.setup import Setup
from oai_tui.store.cache import Cache
from oai_tui.store.ledger import Ledger
from oai_tui.store.settings import Profile, Settings
from oai_tui.vault.credential import Credential
from oai_tui.vault.keyring_place import KeyringPlace
from oai_tui.vault.place import Condition, Place


async def sign_in(setup: Setup, text: str) -> tuple[str, ...]:
    """Prove a key and keep it; return what it may do and where it is kept, a line each.

    Raises WrongInput, KeyRefused, ApiProblem or VaultProblem; nothing is kept then.
    """
    secret = key_from(text)
    refuse_session_key(secret)
    async with connect(setup, secret) as client:
        proof = await prove(client, secret, setup.clock().date())
    place = await _lasting(setup)
    trouble = await keep(setup, place, Credential(secret, setup.base_url.origin))
    return (
        f"Signed in to {proof.organization or setup.base_url.origin} with {secret.masked()}.",
        _line("manage keys, projects and limits", proof.management),
        _line("read usage and costs", proof.usage),
        f"Kept in {place.name} for profile {setup.profile}.",
        *([trouble] if trouble else []),
    )


async def keep(setup: Setup, place: Place, credential: Credential) -> str:
    """Keep a key that was proved in a place, and the profile's address beside it.

    Raises VaultProblem when the place did not take it. Returns what did not work besides, or "":
    the key is kept even when the settings could not be written.
    """
    await place.save(setup.profile, credential)
    forget_answers(setup)
    if not isinstance(place, KeyringPlace):
        return ""
    try:
        setup.settings.update(lambda settings: _with_profile(settings, setup))
    except Problem as problem:
        return f"The key is kept, and its profile is not: {problem}"
    return ""


async def sign_out(setup: Setup) -> str:
    """Forget the key and the answers of the profile; return what was done.

    Raises VaultProblem, also when the key store forgot it and the environment gives one still.
    """
    place = await _lasting(setup)
    await place.delete(setup.profile)
    forget_answers(setup)
    for other in setup.places:
        if other is not place:
            await other.delete(setup.profile)
    return (
        f"Profile {setup.profile} is signed out. The key itself still works; revoke it if need be."
    )


def forget_answers(setup: Setup) -> None:
    """Drop what was remembered for the profile: it may be of another organization."""
    cache = Cache(setup.folders.cache, setup.profile, setup.base_url.origin)
    cache.drop(setup.profile)
    cache.close()
    ledger = Ledger(setup.folders.cache, setup.profile, setup.base_url.origin)
    ledger.drop(setup.profile)
    ledger.close()


def _with_profile(settings: Settings, setup: Setup) -> Settings:
    """Add the profile, so that its key is looked for at the address it belongs to."""
    known = settings.profiles.get(setup.profile, Profile())
    profile = replace(known, base_url=setup.base_url.url)
    return replace(settings, profiles={**settings.profiles, setup.profile: profile})


async def _lasting(setup: Setup) -> Place:
    place = next(place for place in setup.places if isinstance(place, KeyringPlace))
    state = await place.state()
    if state.condition is not Condition.WORKING:
        raise VaultMissing(
            state.why, f"{state.way_out} Or set OPENAI_ADMIN_KEY where you start oai-tui."
        )
    return place


def _line(what: str, ability: Ability) -> str:
    return f"It may {what}." if ability.allowed else f"It may not {what}: {ability.why}"
