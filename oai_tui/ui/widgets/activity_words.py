"""One line of activity in full: under the list, and in its details."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from textual.content import Content
from textual.widgets import Static

from oai_tui.core.activity import ActorKind, Event
from oai_tui.core.activity_words import Subject, detail_label, expiry, subject_of, wanted
from oai_tui.core.limits import Ceiling
from oai_tui.core.text import UNKNOWN, when
from oai_tui.services.activity import Line
from oai_tui.services.activity.lines import NAMELESS
from oai_tui.ui.widgets.key_words import labelled
from oai_tui.ui.widgets.rule import rule

ONLY_HERE = "recorded here: the platform's audit log has no line of its own for this"
FILED = "filed by the platform under {}, as all that admin keys do"
NOT_TOLD = "the platform does not tell what it was before"


class LinePanel(Static):
    """Two lines in a low terminal, eight in a high one. Its height never follows its text."""

    def __init__(self, *, id: str) -> None:
        super().__init__(markup=False, id=id)
        self._told: tuple[Line | None, datetime] | None = None

    def on_resize(self) -> None:
        """Say what there is room for now."""
        if self._told:
            self.tell(*self._told)

    def tell(self, line: Line | None, now: datetime) -> None:
        """Show a line."""
        self._told = line, now
        if line is None:
            text = Content("")
        elif self.size.height <= 2:
            text = summary(line, now)
        else:
            text = panel(line, now, self.size.width)
        self.update(text, layout=False)


def summary(line: Line, now: datetime) -> Content:
    """Return the two lines under a list that has no room for more."""
    rest = [_exactly(line.event.at, now), _how(line.event), line.id]
    return Content.assemble(
        Content.styled(f" {line.sentence}", "bold"),
        Content.styled(f"\n {'   '.join(part for part in rest if part)}", "$text-muted"),
    )


def panel(line: Line, now: datetime, width: int) -> Content:
    """Return the lines of a high panel; what does not fit `width` is cut by whoever shows it."""
    event = line.event
    facts = [
        labelled("when", _exactly(event.at, now)),
        labelled("who", _who(line)),
        labelled("about", _about(line)),
        labelled("project", _project(line)),
        labelled("type", f"{event.type or UNKNOWN}   {line.id}"),
    ]
    if event.recorded_here:
        facts.append(Content.styled(ONLY_HERE, "$text-accent"))
    return Content("\n").join(
        [rule(line.sentence, width), *(Content(" ") + fact for fact in facts)]
    )


Fact = tuple[str, Content | str]
"""A label and what stands behind it."""


def full(line: Line, now: datetime) -> list[Fact]:
    """Return everything that is known of a line itself."""
    event = line.event
    facts: list[Fact] = [
        ("what", line.sentence),
        ("when", _exactly(event.at, now)),
        ("who", _who(line)),
        *([("their id", event.actor_id)] if event.actor_id else []),
        *([("with", event.agent)] if event.agent else []),
        ("about", _about(line)),
        ("project", _project(line)),
        ("type", event.type or UNKNOWN),
        ("line", event.id),
    ]
    if event.recorded_here:
        facts.append(("", Content.styled(ONLY_HERE, "$text-accent")))
    return facts


def details(event: Event, story: Sequence[Event] | None) -> Content:
    """Return what was changed and everything else the line says; `story` tells what was before.

    None is a story that is not known.
    """
    rows = [_changed(name, event, story) for name in wanted(event)]
    if event.was or event.is_now:
        rows.insert(0, f"{event.was or UNKNOWN} → {event.is_now or UNKNOWN}")
    return Content("\n".join(rows or ["the platform tells no more"]))


def history(line: Line, story: Sequence[Line]) -> Content:
    """Return what was done to what a line is about, the newest first."""
    rows = [
        Content.assemble(
            f"{_minute(each.event.at)}  {each.who or NAMELESS}: {each.what}",
            f" · {each.effect}" if each.effect else "",
            Content.styled("   this line", "$text-accent") if each.id == line.id else "",
        )
        for each in story
    ]
    return Content("\n").join(rows)


def before(name: str, event: Event, story: Sequence[Event]) -> str:
    """Return what a detail was before a line, as an older line about the same thing tells it."""
    older = [each for each in story if each.at and event.at and each.at < event.at]
    newest_first = sorted(older, key=lambda each: each.at or datetime.min, reverse=True)
    return next((_value(name, each) for each in newest_first if name in dict(each.details)), "")


def _changed(name: str, event: Event, story: Sequence[Event] | None) -> str:
    label, value = detail_label(name), _value(name, event)
    if event.recorded_here or not event.type.endswith(".updated"):
        return f"{label}: {value}"
    known = before(name, event, story) if story else ""
    return f"{label}: {known or UNKNOWN} → {value}" + ("" if known else f"   ({NOT_TOLD})")


def _value(name: str, event: Event) -> str:
    """Return a detail as people read it."""
    if name == "expires_in_seconds":
        return expiry(event)
    value = event.detail(name)
    if name in set(Ceiling) and value.isascii() and value.isdigit():
        return f"{int(value):,}"
    return value or "all permissions" if name == "scopes" else value


def _who(line: Line) -> str:
    how = _how(line.event)
    return f"{line.who or UNKNOWN}{f'   {how}' if how else ''}"


def _how(event: Event) -> str:
    """Return what somebody acted with, and from where."""
    if event.actor_kind is ActorKind.KEY:
        return "with an admin key"
    signed_in = "in the dashboard" if event.actor_kind is ActorKind.SESSION else ""
    return f"{signed_in} from {event.ip}".strip() if event.ip else signed_in


def _about(line: Line) -> str:
    event = line.event
    kind = "" if event.recorded_here else subject_of(event)
    parts = (kind, line.subject, event.resource_id if event.resource_id != line.subject else "")
    return "   ".join(part for part in parts if part) or UNKNOWN


def _project(line: Line) -> str:
    event = line.event
    if event.actor_kind is ActorKind.KEY and event.project_id:
        named = event.project_name or event.project_id
        is_filed = line.project != named and subject_of(event) is not Subject.PROJECT
        filed = FILED.format(named) if is_filed else ""
        return "   ".join(part for part in (line.project or UNKNOWN, filed) if part)
    if line.project and event.project_id:
        return f"{line.project}   {event.project_id}"
    return line.project or ("the whole organization" if event.recorded_here else UNKNOWN)


def _minute(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else UNKNOWN


def _exactly(at: datetime | None, now: datetime) -> str:
    if at is None:
        return UNKNOWN
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC ({when(at, now)})"
