from __future__ import annotations

from datetime import UTC, datetime

import pytest

from oai_tui.core.errors import WrongInput
from oai_tui.core.moment import moment_from

NOW = datetime(2026, 11, 22, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", NOW),
        (" NOW ", NOW),
        ("9:05", datetime(2026, 11, 22, 9, 5, tzinfo=UTC)),
        ("today", datetime(2026, 11, 22, tzinfo=UTC)),
        ("Today 9:05", datetime(2026, 11, 22, 9, 5, tzinfo=UTC)),
        ("yesterday 23:59", datetime(2026, 11, 21, 23, 59, tzinfo=UTC)),
        ("2026-11-03", datetime(2026, 11, 3, tzinfo=UTC)),
        ("2026-11-03 14:30", datetime(2026, 11, 3, 14, 30, tzinfo=UTC)),
        ("2026-11-03T14:30Z", datetime(2026, 11, 3, 14, 30, tzinfo=UTC)),
        ("2026-11-03 14:30 UTC", datetime(2026, 11, 3, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(typed: str, meant: datetime) -> None:
    assert moment_from(typed, NOW) == meant


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "No moment was typed"),
        ("soon", "is no moment"),
        ("24:00", "is no moment"),
        ("2026-11-31 10:00", "is no moment"),
        ("3 Nov 14:30", "is no moment"),
        ("12:21", "lies in the future"),
        ("2026-11-23", "lies in the future"),
        ("2019-01-01", "no API before 2020"),
    ],
)
def test_what_is_no_moment_is_said(typed: str, why: str) -> None:
    with pytest.raises(WrongInput, match=why):
        moment_from(typed, NOW)
