"""The bill by keyboard in a terminal: what is left, how long it lasts, and what months cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.driving import SIZES, person, started
from tests.terminal import Terminal


@pytest.mark.parametrize("size", SIZES)
def test_a_person_sees_the_bill_types_the_balance_and_exports_the_months(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with started(person(tmp_path), "demo", size=size) as terminal:
        terminal.wait_for("The demo's own key is filled in")
        terminal.press("enter")
        terminal.wait_for("read usage and costs")
        terminal.press("enter")
        terminal.wait_for("need attention")
        terminal.press("3")
        terminal.wait_for("enforcing")
        terminal.wait_for("as of 12:04 UTC")
        look_at_the_month(terminal, size)
        type_the_balance(terminal)
        set_a_budget(terminal)
        look_at_the_history(terminal, tmp_path)
        terminal.press("q")
        assert terminal.wait_exit() == 0


def look_at_the_month(terminal: Terminal, size: tuple[int, int]) -> None:
    """See the figures, the picture of the month and one project."""
    for label in ("SPENT", "TODAY", "LEFT", "PACE", "BALANCE", "ALERTS"):
        terminal.wait_for(label)
    terminal.press("enter")
    terminal.wait_for("esc closes")
    assert "proj_" in terminal.text
    terminal.press("esc")
    terminal.wait_for(lambda it: "esc closes" not in it.text)
    if size == (80, 24):
        terminal.press("c")
        terminal.wait_for("provisional  ┈ Oct")
        assert "limit $2,500" in terminal.text
        terminal.press("c")
    terminal.wait_for("PROJECT")


def type_the_balance(terminal: Terminal) -> None:
    """Write down what the billing page shows, and see what is left of it."""
    terminal.press("b")
    terminal.wait_for("Type an amount")
    terminal.type("2000")
    terminal.wait_for("≈ $2,000.00 left now")
    terminal.press("enter")
    terminal.wait_for("Written down")
    terminal.press("esc")
    terminal.wait_for(lambda it: "Prepaid balance" not in it.text)
    terminal.wait_for("≈ $2,000.00")


def set_a_budget(terminal: Terminal) -> None:
    """Set a local budget for a day."""
    terminal.press("B")
    terminal.wait_for("refuses nothing")
    terminal.type("60")
    terminal.wait_for("of it")
    terminal.press("enter")
    terminal.wait_for("$60.00 daily budget")


def look_at_the_history(terminal: Terminal, folder: Path) -> None:
    """Go to the months, open one, and write all of them to a file."""
    terminal.press("w")
    terminal.wait_for("costs go back to")
    terminal.press("down")
    terminal.press("enter")
    terminal.wait_for("31 days")
    terminal.press("esc")
    terminal.wait_for(lambda it: "31 days" not in it.text)
    terminal.press("g")
    terminal.wait_for("LINE ITEM")
    terminal.press("x")
    terminal.wait_for("a new file")
    terminal.press("ctrl+u")
    terminal.type(str(folder / "months.csv"))
    terminal.press("enter")
    terminal.wait_for("readable by you")
    assert "2026-10,1" in (folder / "months.csv").read_text()
