"""Which of what was done in the organization is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from oai_tui.core.activity import HERE, TENANT, Event
from oai_tui.core.period import Period


class Kind(StrEnum):
    """The families of what can be done."""

    ALL = "all"
    KEYS = "keys"
    ACCOUNTS = "accounts"
    LIMITS = "limits"
    LOGINS = "logins"
    PEOPLE = "people"

    @property
    def label(self) -> str:
        """The words for it, such as `service accounts`."""
        return _LABELS[self]

    @property
    def types(self) -> tuple[str, ...]:
        """The types that belong to it and to no tenant; none of `ALL`, which has no end."""
        return tuple(each for each in _TYPES[self] if not each.startswith(TENANT))

    @property
    def tenant_types(self) -> tuple[str, ...]:
        """The types that belong to it and to the tenant."""
        return tuple(each for each in _TYPES[self] if each.startswith(TENANT))


_LABELS = {
    Kind.ALL: "all",
    Kind.KEYS: "keys",
    Kind.ACCOUNTS: "service accounts",
    Kind.LIMITS: "limits",
    Kind.LOGINS: "logins",
    Kind.PEOPLE: "projects and people",
}


def _each(subject: str, verbs: str) -> tuple[str, ...]:
    return tuple(f"{subject}.{verb}" for verb in verbs.split())


_MADE = "created updated deleted"
_TYPES: dict[Kind, tuple[str, ...]] = {
    Kind.ALL: (),
    Kind.KEYS: (
        *_each("api_key", _MADE),
        *_each("tenant.admin_api_key", _MADE),
        "tenant.project_api_key.created",
    ),
    Kind.ACCOUNTS: (
        *_each("service_account", _MADE),
        *_each("tenant.service_account", "updated deleted token.revoked"),
    ),
    Kind.LIMITS: (
        *_each("rate_limit", "updated deleted"),
        *_each("tenant.billing", "overage_limit.updated alerts.updated info.updated"),
        *_each("tenant.usage_limit", "workspace.updated group.updated user.updated"),
        *_each("tenant.usage_limit.increase_request", "updated resolved"),
    ),
    Kind.LOGINS: (*_each("login", "succeeded failed"), *_each("logout", "succeeded failed")),
    Kind.PEOPLE: (
        *_each("project", "created updated archived deleted"),
        "organization.updated",
        *_each("user", "added updated deleted"),
        *_each("invite", "sent accepted deleted"),
        *_each("group", _MADE),
        *_each("role", _MADE),
        *_each("role.assignment", "created deleted"),
        *_each("tenant.user", "added updated removed invited"),
        *_each("tenant.group", f"{_MADE} member.added member.removed"),
        *_each("tenant.custom_role", _MADE),
        *_each("tenant.role_assignment", "created deleted"),
        *_each("tenant.membership", "accepted declined revoked"),
    ),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose doings are looked for: by e-mail address where it is known, else by id."""

    id: str = ""
    email: str = ""
    label: str = ""

    def did(self, event: Event) -> bool:
        """Whether a line is of this person."""
        if event.recorded_here:
            return self.id == HERE
        if self.email:
            return event.actor_email.casefold() == self.email.casefold()
        return bool(self.id) and event.actor_id == self.id


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What is looked for. An empty one is everything; `text` is looked for in all that is shown."""

    kind: Kind = Kind.ALL
    person: Person | None = None
    project_id: str = ""
    period: Period | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left out."""
        return self == ActivityFilter()

    def admits(self, event: Event, project_id: str) -> bool:
        """Whether a line about a project is let through, whatever the text."""
        kind, person, period = self.kind, self.person, self.period
        is_ours = event.recorded_here and kind is Kind.LIMITS
        if not (kind is Kind.ALL or is_ours or event.type in (*kind.types, *kind.tenant_types)):
            return False
        if self.project_id and project_id != self.project_id:
            return False
        if period and not (event.at and period.start <= event.at < period.end):
            return False
        return person is None or person.did(event)

    def matches(self, shown: str) -> bool:
        """Whether a line that reads as `shown`, in small letters, has every word of the text."""
        return all(word in shown for word in self.text.casefold().split())
