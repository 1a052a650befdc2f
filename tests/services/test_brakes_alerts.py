"""Spend alerts are made, edited and deleted, never twice and never to reach nobody."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from oai_tui.core.errors import (
    WrongInput,
)
from oai_tui.core.money import Money
from oai_tui.services.billing.brakes import ChangedMeanwhile
from oai_tui.simulator.model import Alert
from tests.services.braking import LOWER, WANTED, House


def test_an_alert_lives_and_dies(tmp_path: Path) -> None:
    house = House(tmp_path)
    web = house.project("Web app")
    done = house.do(lambda b: b.create_alert(replace(WANTED, project_id=web)))
    assert done.words.startswith("A spend alert of Web app: no alert → $50.00 a month, mails ops@")
    (alert,) = house.alerts(web)
    richer = replace(alert, amount=Money(Decimal(60)), subject_prefix="")
    done = house.do(lambda b: b.edit_alert(alert, richer))
    assert done.is_now == "$60.00 a month, mails ops@acme.example"
    with pytest.raises(ChangedMeanwhile):
        house.do(lambda b: b.edit_alert(alert, replace(alert, amount=Money(Decimal(70)))))
    assert house.do(lambda b: b.delete_alert(richer)).is_now == "no alert"
    assert not list(house.world.alerts_of(web))
    assert {change.target for change in house.log.recent()} == {alert.id, ""}


def test_an_alert_is_never_made_twice(tmp_path: Path) -> None:
    house = House(tmp_path, "timeout-after*1@POST /organization/spend_alerts")
    assert "read back" in house.do(lambda b: b.create_alert(WANTED)).words
    with pytest.raises(WrongInput, match="already"):
        house.do(lambda b: b.create_alert(replace(WANTED, recipients=("OPS@acme.example",))))
    assert sum(alert.cents == 5_000 for alert in house.world.alerts.values()) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipients": ()},
        {"recipients": ("ops",)},
        {"recipients": ("ops@acme.example", "a@b@c.de")},
        {"recipients": ("ops@acme.example bob@acme.example",)},
        {"recipients": tuple(f"a{n}@acme.example" for n in range(51))},
        {"subject_prefix": "x" * 200},
        {"amount": Money(Decimal("0.001"))},
    ],
)
def test_an_alert_that_would_reach_nobody_is_not_sent(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    house = House(tmp_path)
    before = dict(house.world.alerts)
    with pytest.raises(WrongInput):
        house.do(lambda b: b.create_alert(replace(WANTED, **wrong)))
    assert house.world.alerts == before


def test_an_address_is_mailed_once(tmp_path: Path) -> None:
    house = House(tmp_path)
    several = ("b@acme.example", "Ops@acme.example", "ops@acme.example", "a@acme.example")
    house.do(lambda b: b.create_alert(replace(WANTED, recipients=several)))
    made = list(house.world.alerts.values())[-1]
    assert made.recipients == ["b@acme.example", "Ops@acme.example", "a@acme.example"]


def test_what_an_alert_had_is_kept_but_not_what_cannot_be_told(tmp_path: Path) -> None:
    house = House(tmp_path)
    alert: Alert = next(iter(house.world.alerts.values()))
    alert.recipients, alert.subject_prefix = ["root@localhost", "jürgen@exämple.com"], "x" * 150
    (seen, other) = house.alerts()
    house.do(lambda b: b.edit_alert(seen, replace(seen, amount=LOWER)))
    assert alert.cents == 199_999
    assert alert.recipients == ["root@localhost", "jürgen@exämple.com"]
    house.world.alerts[other.id].recipients = ["a\x1b@b.co"]
    (_, seen) = house.alerts()
    with pytest.raises(WrongInput, match="cannot be shown"):
        house.do(lambda b: b.edit_alert(seen, replace(seen, amount=LOWER)))
    assert house.world.alerts[other.id].recipients == ["a\x1b@b.co"]


def test_an_alert_that_somebody_deleted_is_not_edited(tmp_path: Path) -> None:
    house = House(tmp_path)
    alert: Alert = next(iter(house.world.alerts.values()))
    (seen, _) = house.alerts()
    del house.world.alerts[alert.id]
    with pytest.raises(ChangedMeanwhile, match="no alert now"):
        house.do(lambda b: b.edit_alert(seen, replace(seen, amount=LOWER)))
