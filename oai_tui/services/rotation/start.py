"""Beginning a rotation: what is wished is checked, written down, and a new key is made."""

from __future__ import annotations

from collections.abc import Callable

from oai_tui.core.delivery import Destination
from oai_tui.core.errors import ApiProblem, OutcomeUnknown, Rejected, WrongInput
from oai_tui.core.keys import NewKey
from oai_tui.core.rotation import PROFILE, Method, Rotation, Step
from oai_tui.core.text import without_keys
from oai_tui.services.delivery import check
from oai_tui.services.policy import explained
from oai_tui.services.rotation.desk import Desk
from oai_tui.services.rotation.plan import Proposal, Wish, checked_destinations, checked_name
from oai_tui.services.setup import Setup


class Starting:
    """Begins rotations; `nonce` gives the few characters that tell a new key by its name."""

    def __init__(self, desk: Desk, setup: Setup, nonce: Callable[[], str]) -> None:
        self._desk = desk
        self._setup = setup
        self._nonce = nonce

    async def start(self, proposal: Proposal, wish: Wish) -> Rotation:
        """Make the new key and put its value where it waits; see `Rotator.start`."""
        log = self._desk.log
        planned = log.plan(self._planned(proposal, wish))
        with log.working_on(planned.id) as rotation:
            rotation = log.before(rotation.begin(Step.CREATED))
            key = await self._made(rotation)
            try:
                rotation = log.after(_created(rotation, key))
                rotation = log.after(rotation.begin(Step.STORED))
            finally:  # whatever the journal says, the value must not be lost
                kept_in, trouble = await self._desk.values.keep(rotation, key.secret)
            log.tell(rotation.id, "value", trouble)
            return log.after(rotation.finish(Step.STORED, kept_in=kept_in))

    async def _made(self, rotation: Rotation) -> NewKey:
        log = self._desk.log
        try:
            return await self._desk.keys.create(rotation)
        except OutcomeUnknown:
            log.let_go(rotation.id)
            raise
        except ApiProblem as problem:
            log.after(rotation.finish(Step.FAILED))
            log.let_go(rotation.id)
            if isinstance(problem, Rejected):
                raise explained(problem) from None
            raise

    def _planned(self, proposal: Proposal, wish: Wish) -> Rotation:
        desk, setup, key = self._desk, self._setup, proposal.key
        destinations = self._checked(proposal, wish)
        nonce = self._nonce()
        account = key.owner.id if key.owner and proposal.method is Method.SAME_ACCOUNT else ""
        return Rotation(
            id=nonce,
            method=proposal.method,
            profile=setup.profile,
            origin=desk.client.base_url.origin,
            organization=desk.client.organization or "",
            project_id=key.project.id if key.project else "",
            account_id=account,
            old_id=key.id,
            old_name=without_keys(key.name),
            old_masked=key.masked if "…" in key.masked else "",
            name=f"{checked_name(wish.name)}-{nonce}",
            at=setup.clock(),
            expires_in=wish.expires_in,
            scopes=wish.scopes,
            destinations=destinations,
            keep_old=wish.keep_old,
        )

    def _checked(self, proposal: Proposal, wish: Wish) -> tuple[str, ...]:
        """Return the destinations, all of which can be delivered to as far as one can see."""
        if proposal.refusal:
            raise WrongInput(proposal.refusal)
        if self._setup.read_only:
            raise WrongInput("This profile is read-only.", "Start without --read-only.")
        if wish.scopes and proposal.method.is_admin:
            raise WrongInput("An admin key made by API has all permissions.", "Choose no scopes.")
        found = checked_destinations(wish, proposal.method, self._desk.values.lasting)
        for each in found:
            if each != PROFILE and not (there := Destination.parse(each)).is_by_hand:
                check(there, self._desk.commands)
        return found


def _created(rotation: Rotation, key: NewKey) -> Rotation:
    account = key.account_id if rotation.method is Method.NEW_ACCOUNT else ""
    return rotation.finish(Step.CREATED, new_id=key.id, new_account_id=account)
