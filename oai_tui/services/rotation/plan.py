"""What a rotation of a key will do and what it cannot, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass

from oai_tui.core import lifetime
from oai_tui.core.delivery import Destination
from oai_tui.core.errors import WrongInput
from oai_tui.core.keys import ApiKey, KeyKind
from oai_tui.core.rotation import PROFILE, Method
from oai_tui.core.secret import Secret
from oai_tui.core.text import KEYLIKE, without_keys
from oai_tui.services.delivery import anchored
from oai_tui.services.revocation import is_in_use
from oai_tui.store.rotation_rows import Remembered

LONGEST_NAME = 94
"""Characters of a name without its nonce."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a key can be rotated. `refusal` is why it cannot, in a sentence, or "".

    `name` is suggested, without the nonce; `expires_in` is the length of life the old key had, in
    seconds, None for never. `will` and `will_not` are sentences; `remembered` are the destinations
    its value went to when it was made, `keep_in` says where the new value waits. `takes_over` is
    whether the profile gets the new key by itself, so that it has to go nowhere else.
    """

    key: ApiKey
    method: Method
    name: str = ""
    expires_in: int | None = None
    scopes: tuple[str, ...] | None = None
    will: tuple[str, ...] = ()
    will_not: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    keep_in: str = ""
    refusal: str = ""
    takes_over: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants of a rotation. `expires_in` is seconds, None for never.

    `destinations` are spelled as in `core.delivery`; `show` and `clipboard` are for screens to do.
    `keep_old` leaves the old key alive at the end.
    """

    name: str
    expires_in: int | None = None
    scopes: tuple[str, ...] | None = None
    destinations: tuple[str, ...] = ()
    keep_old: bool = False


def proposed(
    key: ApiKey,
    secret: Secret,
    known: Remembered,
    lasting: str,
    known_scopes: tuple[str, ...] | None,
) -> Proposal:
    """Return how a key can be rotated.

    `secret` is the key of the session, `lasting` the name of the place that keeps it and takes
    others ("" where none does that outlives this run), `known_scopes` what the audit log says the
    key may do.
    """
    if refusal := _refusal(key):
        return refused(key, secret, refusal)
    method = _method(key, secret)
    scopes = None if method.is_admin else known_scopes
    return Proposal(
        key,
        method,
        name=known.name or without_keys(key.name)[:LONGEST_NAME] or "rotated",
        expires_in=_length_of_life(key),
        scopes=scopes,
        will=_will(key, method, lasting),
        will_not=_will_not(key, method, scopes, lasting),
        remembered=known.destinations,
        keep_in=_keep_in(lasting),
        takes_over=method is Method.OWN and bool(lasting),
    )


def refused(key: ApiKey, secret: Secret, why: str) -> Proposal:
    """Return a proposal that says in a sentence why there is none."""
    return Proposal(key, _method(key, secret), refusal=why)


def checked_name(name: str) -> str:
    """Return a name that the new key can have before its nonce. Raises WrongInput."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise WrongInput(
            f"A name has 1 to {LONGEST_NAME} characters.", "Try <service>-<where>-<purpose>."
        )
    if KEYLIKE.search(name):
        raise WrongInput(
            "This name looks like a key, and names are shown everywhere.", "Choose another."
        )
    return name


def checked_destinations(wish: Wish, method: Method, lasting: str) -> tuple[str, ...]:
    """Return the destinations as they are written down, this program's own first. WrongInput."""
    own = (PROFILE,) if method is Method.OWN and lasting else ()
    wanted = (spelled(each) for each in wish.destinations if each != PROFILE)
    return tuple(dict.fromkeys((*own, *wanted)))


def spelled(destination: str) -> str:
    """Return a destination as it means the same wherever oai-tui is started. Raises WrongInput."""
    return anchored(Destination.parse(destination)).text


def _method(key: ApiKey, secret: Secret) -> Method:
    if key.kind is KeyKind.ADMIN:
        return Method.OWN if is_in_use(key, secret) else Method.ADMIN
    if key.owner and key.owner.is_service_account:
        return Method.SAME_ACCOUNT
    return Method.NEW_ACCOUNT


def _refusal(key: ApiKey) -> str:
    if not key.is_live:
        return "There is no key here to rotate."
    if key.kind is KeyKind.ADMIN:
        return ""
    if key.project is None:
        return "The project of this key is not known, so none can be made in its place."
    if key.project.is_archived:
        return "Its project is archived: no key can be made there. Revoke this one instead."
    if key.owner is None or (key.owner.is_service_account and not key.owner.id):
        return "The owner of this key is not known, so none can be made in its place."
    return ""


def _length_of_life(key: ApiKey) -> int | None:
    if key.expires_at is None or key.created_at is None:
        return None
    life = int((key.expires_at - key.created_at).total_seconds())
    return min(max(life, 1), lifetime.LONGEST)


def _will(key: ApiKey, method: Method, lasting: str) -> tuple[str, ...]:
    label = key.owner.label if key.owner else ""
    made = {
        Method.SAME_ACCOUNT: f"A second key is made for the service account {label}.",
        Method.NEW_ACCOUNT: "A new service account is made in the project, with a key.",
        Method.ADMIN: "A second admin key is made.",
        Method.OWN: "A second admin key is made.",
    }[method]
    own = (
        f"It takes the place of your own key in {lasting}, and oai-tui goes on with it.",
        "The old one is revoked only when the new one manages keys and reads usage.",
    )
    delivered = (
        "Its value is delivered where you say, and then proved with a request.",
        "The old key is revoked when you say so; until then it stays as it is.",
    )
    return (made, *(own if method is Method.OWN and lasting else delivered))


def _will_not(
    key: ApiKey, method: Method, scopes: tuple[str, ...] | None, lasting: str
) -> tuple[str, ...]:
    said = ["The new key has another id: usage and costs count it apart from the old one."]
    if method.is_admin:
        said.append("An admin key made by API has all permissions, whatever the old one had.")
    elif scopes is None:
        said.append(
            "The platform tells no scopes, so they cannot be carried over: the new key has all "
            "permissions unless you choose."
        )
    else:
        said.append(
            "The scopes are those last seen in the audit log; the platform tells no others."
        )
    if method is Method.NEW_ACCOUNT:
        person = key.owner.label if key.owner else "the person"
        said.append(
            f"It does not belong to {person}: the platform makes keys for service accounts only. "
            "To keep the owner, that person makes a key in the dashboard."
        )
    if method is Method.OWN and not lasting:
        said.append(
            "Your own key is in no key store that oai-tui can write: have the value shown or "
            "saved, and put it where your key comes from."
        )
    return tuple(said)


def _keep_in(lasting: str) -> str:
    if lasting:
        return f"Until it is delivered and proved, the value waits in {lasting}."
    return (
        "Your own key is in no key store that could keep another: until it is delivered the value "
        "is in this run only."
    )
