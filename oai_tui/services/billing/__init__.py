"""The bill: what was spent, what is left, how long it lasts.

Only brakes.py changes anything at the platform.
"""

from __future__ import annotations

from oai_tui.services.billing.desk import BillingDesk
from oai_tui.services.billing.statement import AlertState, Asked, ProjectSpend, Statement

__all__ = ["AlertState", "Asked", "BillingDesk", "ProjectSpend", "Statement"]
