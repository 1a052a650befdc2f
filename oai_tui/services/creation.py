"""Making a key so that it can be neither lost nor left behind unknown.

Every step is written to the journal before the next is taken. The request carries a nonce in the
name it creates, so that a key whose answer never came can be found in the list afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from oai_tui.api import accounts
from oai_tui.api import keys as api
from oai_tui.api.client import Client
from oai_tui.core.creation import Creation, CreationKind, CreationState, IllegalMove
from oai_tui.core.delivery import Destination
from oai_tui.core.errors import ApiProblem, OutcomeUnknown, Rejected, StoreProblem, WrongInput
from oai_tui.core.keys import ApiKey, NewKey
from oai_tui.core.text import KEYLIKE
from oai_tui.services.delivery import anchored
from oai_tui.services.policy import explained
from oai_tui.store.journal import Journal
from oai_tui.store.rotation_rows import Remembered

SETTLED_AFTER = timedelta(minutes=10)
"""How long a key whose making is in doubt is looked for before it counts as never made."""

LONGEST_NAME = 100
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Order:
    """What to make. `expires_in` is seconds, None for never.

    A service account's key needs `project_id` and `account_id`; a new service account needs
    `project_id`; an admin key neither, and it takes no scopes. Without `scopes` a key may do
    everything its owner may. The first key of a new service account takes none from the platform:
    with scopes the account is made alone, then let into its project, then given its key.
    """

    kind: CreationKind
    name: str
    project_id: str | None = None
    account_id: str | None = None
    expires_in: int | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A key that now lives, and its place in the journal.

    `trouble` is set when the journal could not be written after the key was made: nothing is lost
    while the key is on the screen, but a crash now would leave it unknown.
    """

    key: NewKey
    nonce: str
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Orphan:
    """A key this program made, or may have made, whose value nobody is known to have.

    `key` None means that it is not in the list (yet); `elsewhere` that it was asked for in another
    organization than the one signed in to, whose list says nothing of it.
    """

    creation: Creation
    key: ApiKey | None
    elsewhere: bool = False


class KeyMaker:
    """Makes keys for one profile, one journal line each."""

    def __init__(
        self,
        client: Client,
        journal: Journal,
        profile: str,
        clock: Callable[[], datetime],
        nonce: Callable[[], str] = lambda: "".join(secrets.choice(_ALPHABET) for _ in range(5)),
    ) -> None:
        self._client = client
        self._journal = journal
        self._profile = profile
        self._clock = clock
        self._nonce = nonce

    async def make(self, order: Order) -> Made:
        """Make a key and return it with its value, the only time it is shown.

        Raises WrongInput for what cannot be ordered, StoreProblem when the journal cannot be
        written (then nothing was sent), OutcomeUnknown when it is not known whether the key was
        made, and ApiProblem when it was refused.
        """
        nonce = self._nonce()
        full_name = f"{_checked(order)}-{nonce}"
        self._journal.plan(
            Creation(
                nonce=nonce,
                kind=order.kind,
                profile=self._profile,
                origin=self._client.base_url.origin,
                organization=self._client.organization or "",
                project_id=order.project_id,
                account_id=order.account_id,
                name=full_name,
                at=self._clock(),
            )
        )
        self._journal.move(nonce, CreationState.SENT)
        try:
            key = await self._send(order, full_name)
        except OutcomeUnknown:
            self._note(nonce, CreationState.UNKNOWN)
            raise
        except Rejected as problem:
            self._note(nonce, CreationState.FAILED)
            raise explained(problem) from None
        except ApiProblem:
            self._note(nonce, CreationState.FAILED)
            raise
        return Made(key, nonce, self._note(nonce, CreationState.CREATED, key.id))

    def delivered(self, made: Made, destinations: Iterable[Destination] = ()) -> str:
        """Note that the person has the value. Returns the trouble, if the journal had any.

        The destinations that have it are proposed when the key is rotated for the first time.
        """
        missed = made.trouble and self._note(made.nonce, CreationState.CREATED, made.key.id)
        return (
            missed
            or self._note(made.nonce, CreationState.DELIVERED)
            or self._remember(made, [anchored(each).text for each in destinations])
        )

    def orphans(
        self, keys: Iterable[ApiKey], *, whole: bool, as_of: datetime | None = None
    ) -> tuple[Orphan, ...]:
        """Return what is in doubt, matched with the listed keys by id or nonce.

        With the `whole` list at hand, what was never sent, and what is not in a list read more
        than ten minutes later, is closed as never made. `as_of` is when the list was read, now
        unless told: an old list says nothing of what was sent since, and that of another
        organization nothing of what was made here. Raises StoreProblem.
        """
        listed = tuple(keys)
        seen_at = as_of or self._clock()
        found: list[Orphan] = []
        for creation in self._journal.unfinished(self._profile, self._client.base_url.origin):
            key = next((key for key in listed if _is_of(key, creation)), None)
            elsewhere = not self._may_list(creation)
            is_told = whole and not elsewhere
            is_over = key is None and is_told and _is_settled(creation, seen_at)
            if not is_over or self._note(creation.nonce, CreationState.FAILED):
                found.append(Orphan(creation, key, elsewhere))
        return tuple(found)

    def settle(self, orphan: Orphan, *, revoked: bool) -> None:
        """Close the journal line: its key was revoked, or the person takes it upon themselves.

        Raises StoreProblem, and IllegalMove when another oai-tui has closed it.
        """
        state = CreationState.FAILED if revoked else CreationState.FORGOTTEN
        if orphan.creation.state is CreationState.SENT:
            self._journal.move(orphan.creation.nonce, CreationState.UNKNOWN)
        self._journal.move(orphan.creation.nonce, state)

    def _may_list(self, creation: Creation) -> bool:
        """Whether the list of the organization signed in to could hold the key."""
        here = self._client.organization or ""
        return creation.organization in ("", here) or not here

    async def _send(self, order: Order, name: str) -> NewKey:
        if order.kind is CreationKind.ADMIN_KEY:
            return await api.create_admin_key(self._client, name, order.expires_in)
        assert order.project_id
        if order.kind is CreationKind.SERVICE_ACCOUNT_KEY:
            assert order.account_id
            return await self._account_key(order, name, order.account_id)
        if order.scopes:
            return await self._account_with_scopes(order, name)
        return await api.create_account(self._client, order.project_id, name, order.expires_in)

    async def _account_with_scopes(self, order: Order, name: str) -> NewKey:
        assert order.project_id
        account = await accounts.create_account_only(self._client, order.project_id, name)
        try:
            await accounts.make_member(self._client, account)
        except ApiProblem as problem:
            raise _account_is_left(problem, f"{name} is there now, without access") from None
        try:
            return await self._account_key(order, name, account.id)
        except OutcomeUnknown:
            raise
        except ApiProblem as problem:
            raise _account_is_left(problem, f"{name} is there now; choose it next") from None

    async def _account_key(self, order: Order, name: str, account_id: str) -> NewKey:
        assert order.project_id
        return await api.create_account_key(
            self._client,
            order.project_id,
            account_id,
            name,
            order.expires_in,
            order.scopes or None,
        )

    def _remember(self, made: Made, went_to: list[str]) -> str:
        if not went_to:
            return ""
        origin = self._client.base_url.origin
        try:
            name = self._journal.remembered(self._profile, origin, made.key.id).name
            known = Remembered(name, tuple(went_to))
            self._journal.remember(self._profile, origin, made.key.id, known)
        except StoreProblem as problem:
            return f"Where the key went could not be written down: {problem}"
        return ""

    def _note(self, nonce: str, state: CreationState, key_id: str | None = None) -> str:
        try:
            self._journal.move(nonce, state, key_id)
        except (StoreProblem, IllegalMove) as problem:
            return str(problem)
        return ""


def _checked(order: Order) -> str:
    """Return the name of what is ordered, without blanks around it. Raises WrongInput."""
    name = order.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise WrongInput(
            f"A name has 1 to {LONGEST_NAME} characters.", "Try <service>-<where>-<purpose>."
        )
    if KEYLIKE.search(name):
        raise WrongInput(
            "This name looks like a key, and names are shown everywhere.", "Choose another."
        )
    if order.kind is CreationKind.ADMIN_KEY and order.scopes:
        raise WrongInput(
            "An admin key made by API may do everything.", "Make a restricted one in the dashboard."
        )
    return name


def _account_is_left(problem: ApiProblem, left: str) -> Rejected:
    """Return why a new account got no key, and that the account itself was made."""
    if isinstance(problem, Rejected):
        problem = explained(problem)
    way_out = " ".join(part for part in (problem.way_out, f"The service account {left}.") if part)
    return Rejected(problem.what, way_out, problem.request_id)


def _is_settled(creation: Creation, seen_at: datetime) -> bool:
    return creation.state is CreationState.PLANNED or seen_at - creation.at > SETTLED_AFTER


def _is_of(key: ApiKey, creation: Creation) -> bool:
    if creation.key_id:
        return key.id == creation.key_id
    end = f"-{creation.nonce}"
    return key.name.endswith(end) or bool(key.owner and key.owner.name.endswith(end))
