"""The panel under the list: the key under the cursor with its use, its owner and its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from textual.content import Content
from textual.widgets import Static

from oai_tui.core.estate import EstateRow
from oai_tui.core.health import FACTS_DAYS
from oai_tui.core.keys import ApiKey
from oai_tui.core.text import UNKNOWN
from oai_tui.ui.widgets.key_words import (
    access_words,
    all_said,
    cost_words,
    dates_words,
    event_words,
    labelled,
    owner_words,
    requests_words,
    siblings_words,
    summary,
)
from oai_tui.ui.widgets.rule import rule


class KeyPanel(Static):
    """Two lines in a low terminal, eight in a high one. Its height never follows its text."""

    def tell(
        self,
        row: EstateRow | None,
        siblings: Sequence[ApiKey],
        now: datetime,
        last_day: date | None,
    ) -> None:
        """Show a row; `last_day` is the day its daily figures end with."""
        if row is None:
            text = Content("")
        elif self.size.height <= 2:
            text = summary(row, now)
        else:
            unicode = self.app.console.encoding.lower().startswith("utf")
            text = panel(row, siblings, now, last_day, self.size.width, unicode=unicode)
        self.update(text, layout=False)


def panel(
    row: EstateRow,
    siblings: Sequence[ApiKey],
    now: datetime,
    last_day: date | None,
    width: int,
    *,
    unicode: bool = True,
) -> Content:
    """Return the lines of a high panel; what does not fit `width` is cut by whoever shows it."""
    key = row.key
    owner = [owner_words(key), access_words(key)] if key.owner else [UNKNOWN]
    if key.owner and key.owner.is_service_account:
        owner.append(siblings_words(siblings))
    lines = [
        all_said(row, "   "),
        labelled("requests", Content.assemble(_trend(row, unicode), requests_words(row, last_day))),
        labelled("cost", cost_words(row, last_day)),
        labelled("owner", "   ".join(owner)),
        labelled("created", dates_words(key, now)),
        labelled("last event", event_words(row, now)),
        labelled("id", f"{key.id}   {key.masked}"),
    ]
    return Content("\n").join(
        [rule(key.name or UNKNOWN, width), *(Content(" ") + line for line in lines)]
    )


def _trend(row: EstateRow, unicode: bool) -> Content:
    if not row.facts.daily:
        return Content("")
    # Late: nothing of it is needed before the list is seen.
    from oai_tui.ui.charts import Style, spark

    drawn = spark(row.facts.daily, FACTS_DAYS, style=Style(color=False, unicode=unicode))
    return Content.styled(f"{drawn.plain}  ", "$accent")
