"""Usage and costs: fetched once at the finest grain, and every view of them local after that."""

from __future__ import annotations

from oai_tui.services.usage.desk import UsageDesk
from oai_tui.services.usage.question import Question, Report

__all__ = ["Question", "Report", "UsageDesk"]
