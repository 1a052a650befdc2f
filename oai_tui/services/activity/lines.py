"""Lines with the names of what they are about: who, what, about what, in which project."""

from __future__ import annotations

from dataclasses import dataclass

from oai_tui.core.activity import ActorKind, Event
from oai_tui.core.activity_words import (
    Subject,
    deed,
    effect,
    has_failed,
    is_sign_in,
    subject_of,
)
from oai_tui.core.text import short_id
from oai_tui.core.usage import Dimension
from oai_tui.services.directory import Directory

NAMELESS = "somebody unnamed"

_NAMES = ("title", "name", "email", "group_name", "role_name")
"""The details that name what a line is about."""

_DIMENSIONS = {
    Subject.KEY: Dimension.KEY,
    Subject.PROJECT: Dimension.PROJECT,
    Subject.USER: Dimension.USER,
    Subject.ACCOUNT: Dimension.USER,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as it is read. `subject` and `project` are "" where there is none to name."""

    event: Event
    who: str
    what: str
    subject: str
    project: str
    effect: str

    @property
    def id(self) -> str:
        """The id of the event."""
        return self.event.id

    @property
    def shown(self) -> str:
        """Everything that is shown of it, in small letters."""
        event = self.event
        parts = (self.who, self.what, self.subject, self.project, self.effect)
        more = (event.type, event.id, event.resource_id, event.ip, event.actor_id)
        return "\n".join((*parts, *more)).casefold()

    @property
    def sentence(self) -> str:
        """It in one sentence: `bob@acme.io created key ci-deploy in web`."""
        event, about = self.event, f" {self.subject}" if self.subject else ""
        place = f" in {self.project}" if self.project and self.project != self.subject else ""
        is_noun = event.recorded_here or has_failed(event) or self.what == event.type
        head = f"{self.who or NAMELESS}{':' if is_noun else ''} {self.what}"
        tail = f"{':' if has_failed(event) else ','} {self.effect}" if self.effect else ""
        return f"{head}{about}{place}{tail}"


class Teller:
    """Finds the names of what lines are about."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def line(self, event: Event) -> Line:
        """Return an event with the names that are known now."""
        _, project = self.place(event)
        came_to = effect(event)
        subject = self._subject(event)
        return Line(event, event.actor, deed(event), subject, project, came_to)

    def place(self, event: Event) -> tuple[str, str]:
        """Return id and name of the project a line is about, both empty where that is not known.

        What an admin key does is filed under the default project; the thing itself tells better.
        """
        if event.recorded_here and not event.project_id:
            return "", ""
        if subject_of(event) is Subject.PROJECT:
            return event.resource_id, self._subject(event)
        key = self._directory.key_of(event.resource_id)
        if key and key.project:
            return key.project.id, key.project.name or short_id(key.project.id)
        if event.actor_kind is ActorKind.KEY or not event.project_id:
            return "", ""
        known = self._directory.known(Dimension.PROJECT).get(event.project_id)
        return event.project_id, known or event.project_name or short_id(event.project_id)

    def _subject(self, event: Event) -> str:
        if is_sign_in(event):
            return ""
        if event.recorded_here:
            return event.detail("subject")
        if found := self._known(event):
            return found
        if event.type.startswith("rate_limit.") and effect(event):
            # Its id says nothing to anybody; what it came to does.
            return event.detail("model")
        if event.resource_id.replace("_", " ") in deed(event):
            return ""  # what there is only one of is named by what was done
        return event.detail(*_NAMES) or short_id(event.resource_id)

    def _known(self, event: Event) -> str:
        dimension = _DIMENSIONS.get(subject_of(event))
        if dimension is None:
            return ""
        name = self._directory.known(dimension).get(event.resource_id, "")
        if dimension is Dimension.PROJECT and event.resource_id == event.project_id:
            return name or event.project_name
        return "" if name == event.resource_id else name
