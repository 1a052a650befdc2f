"""All figures of some days with their totals, and all that they can be told apart by."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from oai_tui.core.usage import Dimension, Metric
from oai_tui.ui.dialogs.base import Dialog
from oai_tui.ui.screens.usage_view import View
from oai_tui.ui.widgets.usage_words import write


class UsageChoice(Dialog[View | None]):
    """Returns the view chosen, or None."""

    AUTO_FOCUS = "#metrics"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", id="choice.cancel"),
    ]
    DEFAULT_CSS = """
    UsageChoice {
        .columns { height: auto; }
        .columns Vertical { width: 1fr; height: auto; }
        #metrics, #groups {
            height: auto; max-height: 16; border: none; padding: 0; background: transparent;
        }
    }
    """

    def __init__(self, view: View, metrics: Sequence[tuple[Metric, Decimal | None]]) -> None:
        """Offer `metrics` with their totals; None is one that is not known."""
        super().__init__()
        self._view = view
        self._metrics = metrics

    def compose(self) -> ComposeResult:
        """Lay out the figures and the dimensions side by side."""
        with Vertical(classes="dialog") as box:
            box.border_title = "Figures"
            box.border_subtitle = "enter chooses · tab to the groups · esc cancels"
            with Horizontal(classes="columns"):
                with Vertical():
                    yield Static(Content("These days"), classes="label")
                    yield OptionList(*map(self._metric, self._metrics), id="metrics", markup=False)
                with Vertical():
                    yield Static(Content("By"), classes="label")
                    yield OptionList(*map(_group, self._view.dimensions), id="groups", markup=False)

    def on_mount(self) -> None:
        """Begin at what is shown now."""
        metrics = [metric for metric, _ in self._metrics]
        self.query_one("#metrics", OptionList).highlighted = metrics.index(self._view.metric)
        groups = self.query_one("#groups", OptionList)
        groups.highlighted = self._view.dimensions.index(self._view.dimension)

    @on(OptionList.OptionSelected, "#metrics")
    def _figure(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._view.of(Metric(event.option_id or "")))

    @on(OptionList.OptionSelected, "#groups")
    def _by(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._view.by(Dimension(event.option_id or "")))

    @staticmethod
    def _metric(offered: tuple[Metric, Decimal | None]) -> Option:
        metric, total = offered
        tone = "" if total else "$text-muted"
        words = f"{metric.label:<18}{write(metric, total):>12}"
        return Option(Content.styled(words, tone), id=metric.value)


def _group(dimension: Dimension) -> Option:
    return Option(Content(dimension.label), id=dimension.value)
