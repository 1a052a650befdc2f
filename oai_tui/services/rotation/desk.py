"""What every move of a rotation needs at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from oai_tui.api.client import Client
from oai_tui.core.delivery import Command
from oai_tui.core.rotation import Rotation, Step
from oai_tui.core.secret import Secret
from oai_tui.services.rotation.keys import BothKeys
from oai_tui.services.rotation.log import RotationLog
from oai_tui.services.rotation.values import Values


class SignedIn(Protocol):
    """Whoever is signed in: with which key, and with which one from now on."""

    @property
    def secret(self) -> Secret:
        """The key that signs requests now."""
        ...

    def use(self, secret: Secret) -> None:
        """Sign with another key from now on."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The client, the journal, the values that wait, both keys on the platform, and the time."""

    client: Client
    log: RotationLog
    values: Values
    keys: BothKeys
    own: SignedIn
    clock: Callable[[], datetime]
    commands: Mapping[str, Command]


def ready(rotation: Rotation) -> Rotation:
    """Return it without a move that was broken off and can simply be made again."""
    if rotation.delivering is not None:
        return rotation.give_up(unsure=True)
    if rotation.doing in (Step.STORED, Step.PROVED, Step.WAITING):
        return rotation.give_up()
    return rotation
