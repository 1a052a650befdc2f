from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from oai_tui.core.estate import EstateRow
from oai_tui.core.facts import KeyFacts
from oai_tui.core.health import Ailment, findings
from oai_tui.core.keys import KeyKind
from tests.core.test_health import KEY, NOW


def row(**changes: object) -> EstateRow:
    key = replace(KEY, **changes)  # type: ignore[arg-type]
    return EstateRow(key, KeyFacts(), findings(key, NOW))


def test_facts_that_are_not_known_are_no_zero() -> None:
    assert KeyFacts() != KeyFacts(0, Decimal(0))
    assert not KeyFacts().is_active
    assert not KeyFacts(0, Decimal(0)).is_active
    assert KeyFacts(1).is_active
    assert KeyFacts(None, Decimal("0.0001")).is_active


def test_a_row_tells_what_is_wrong() -> None:
    sick = row(owner_access="inactive", expires_at=None)
    assert sick.state.word == "owner gone"
    assert sick.ailments == {Ailment.OWNER_GONE, Ailment.NO_EXPIRY}
    assert row().ailments == frozenset()
    assert sick.id == KEY.id


def test_what_is_shown_does_not_change_what_a_row_is() -> None:
    one, other = row(), row()
    assert "alice chen" in one.shown
    assert one == other
    assert one.shown is one.shown


def test_the_place_of_a_row() -> None:
    assert row().place() == "Web"
    assert row(project=None, kind=KeyKind.ADMIN).place() == "organization"
    assert row(project=None, kind=KeyKind.DELETED).place() == ""
