"""What a table tells its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual.message import Message

if TYPE_CHECKING:
    from oai_tui.ui.widgets.table import Table

R = TypeVar("R")


class TableMessage(Message, Generic[R]):
    """Something happened in a table."""

    def __init__(self, table: Table[R]) -> None:
        super().__init__()
        self.table = table

    @property
    def control(self) -> Table[R]:
        """The table that sent it."""
        return self.table


class RowMessage(TableMessage[R]):
    """Something happened to one row of a table."""

    def __init__(self, table: Table[R], row: R) -> None:
        super().__init__(table)
        self.row = row
