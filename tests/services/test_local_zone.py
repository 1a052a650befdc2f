"""The zone of the person is that of the system, by name where it has one."""

from __future__ import annotations

from pathlib import Path

import pytest

from oai_tui.core.zone import UTC, Zone
from oai_tui.services.local_zone import local_zone


@pytest.mark.parametrize(
    ("environ", "target", "zone"),
    [
        ({"TZ": "Asia/Tokyo"}, "Europe/Berlin", Zone("Asia/Tokyo")),
        ({"TZ": ":Asia/Tokyo"}, "Europe/Berlin", Zone("Asia/Tokyo")),
        ({}, "Europe/Berlin", Zone("Europe/Berlin")),
        ({"TZ": "no such place"}, "Europe/Berlin", Zone("Europe/Berlin")),
        ({"TZ": "UTC"}, "Europe/Berlin", UTC),
        ({}, "Etc/UTC", UTC),
    ],
)
def test_the_environment_goes_before_the_link(
    tmp_path: Path, environ: dict[str, str], target: str, zone: Zone
) -> None:
    place = tmp_path / "zoneinfo" / target
    place.parent.mkdir(parents=True)
    place.touch()
    link = tmp_path / "localtime"
    link.symlink_to(place)
    assert local_zone(environ, link) == zone


def test_without_any_name_there_is_still_a_zone(tmp_path: Path) -> None:
    assert local_zone({}, tmp_path / "localtime").name.startswith("UTC")
