"""Every figure by several dimensions, at two sizes: what the picture and the table promise."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from oai_tui.core.usage import Metric
from oai_tui.simulator.world import World
from oai_tui.ui.screens.usage import UsageScreen
from oai_tui.ui.screens.usage_view import METRICS
from oai_tui.ui.widgets.usage_chart import UsageChart
from oai_tui.ui.widgets.usage_words import write
from tests.ui.app_under_test import app_on, awaited, said, seen, settle, signed_in

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@awaited
async def test_every_figure_by_everything_adds_up(tmp_path: Path, size: tuple[int, int]) -> None:
    world = World.seeded(7, "small", int(NOW.timestamp()))
    async with app_on(world, tmp_path).run_test(size=size) as pilot:
        await signed_in(pilot)
        await pilot.press("2")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, UsageScreen)
        shown = 0
        for metric in METRICS:
            totals = set()
            for dimension in metric.dimensions:
                screen.go(screen.view.of(metric).by(dimension))
                await settle(pilot)
                words = said(pilot.app, "#head")
                assert f"{metric.label} by {dimension.label}" in words
                assert "24 Oct – 22 Nov 2026 · 30 days · UTC" in words
                if not screen.is_ready:
                    assert "No " in seen(pilot.app)
                    continue
                shown += 1
                figures = screen.figures
                assert figures is not None
                counted = [row.total for row in screen.table.rows if row.total is not None]
                whole = sum(counted, Decimal(0))
                assert write(metric, whole) in words
                totals.add(whole)
                if metric is not Metric.BYTES:
                    known = [value for value in figures.sums if value is not None]
                    assert sum(known, Decimal(0)) == whole
                assert "Traceback" not in seen(pilot.app)
                chart = screen.query_one("#daily", UsageChart)
                assert "cannot be drawn" not in chart.picture.plain
                assert len(chart.picture.columns) == len(figures.pivot.cuts)
            # However it is told apart, it is the same sum.
            assert len(totals) <= 1
        assert shown > 40
