"""What of the activity is shown: the kinds in a line, under it every other filter that is on."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.style import Style
from textual.widget import Widget

from oai_tui.core.activity_filter import ActivityFilter, Kind
from oai_tui.ui.widgets.field import Field

META = "kind"


class FindField(Field):
    """The line the text is typed in. It tells its keys: the others are letters meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "to the list"),
        Binding("escape", "screen.clear_text", "show all"),
    ]


class FilterLine(Widget):
    """One line, and a second one while a person, a project or days are chosen."""

    DEFAULT_CSS = """
    FilterLine { height: auto; max-height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Clicked(Message):
        """A kind was clicked."""

        def __init__(self, kind: Kind) -> None:
            super().__init__()
            self.kind = kind

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._asked = ActivityFilter()
        self._project = ""
        self._days = ""

    def tell(self, asked: ActivityFilter, project: str, days: str) -> None:
        """Show a filter; `project` and `days` are its project and its days in words."""
        told = asked, project, days
        if told != (self._asked, self._project, self._days):
            self._asked, self._project, self._days = told
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        """Return the lines."""
        kinds = Content("").join([Content.styled(" f ", "$accent"), *map(self._kind, Kind)])
        chosen = self._chosen()
        if not chosen:
            return kinds
        parts = Content.styled("  and  ", "$text-muted").join(chosen)
        back = Content.styled("   esc takes one back", "$text-muted")
        return Content.assemble(kinds, "\n ", parts, back)

    def on_click(self, event: events.Click) -> None:
        """Tell which kind was clicked."""
        if name := event.style.meta.get(META):
            self.post_message(self.Clicked(Kind(name)))

    def _kind(self, kind: Kind) -> Content:
        is_on = kind is self._asked.kind
        text = Content(f" {kind.label} ").stylize(Style.from_meta({META: kind.value}))
        return text.stylize("bold $text-accent on $accent-muted" if is_on else "$text-muted")

    def _chosen(self) -> list[Content]:
        asked, person = self._asked, self._asked.person
        parts = (
            ("by", (person.label or person.email or person.id) if person else ""),
            ("project", self._project if asked.project_id else ""),
            ("days", self._days if asked.period else ""),
        )
        return [
            Content.assemble(Content.styled(f"{name} ", "$text-muted"), value)
            for name, value in parts
            if value
        ]
