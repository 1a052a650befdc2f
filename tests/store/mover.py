"""Writes to a journal in a process of its own: `mover.py FOLDER NONCE…`.

Plans each nonce and sends it, saying so after each step; then waits to be killed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from oai_tui.core.creation import Creation, CreationKind, CreationState
from oai_tui.store.journal import Journal

journal = Journal(Path(sys.argv[1]))
for nonce in sys.argv[2:]:
    journal.plan(
        Creation(
            nonce=nonce,
            kind=CreationKind.SERVICE_ACCOUNT_KEY,
            profile="work",
            origin="https://api.openai.com",
            organization="acme",
            project_id="proj_1",
            account_id="svc_acct_1",
            name=f"ci-deploy {nonce}",
            at=datetime(2026, 11, 22, tzinfo=UTC),
        )
    )
    sys.stdout.write(f"planned {nonce}\n")
    sys.stdout.flush()
    journal.move(nonce, CreationState.SENT)
    sys.stdout.write(f"sent {nonce}\n")
    sys.stdout.flush()
sys.stdout.write("done\n")
sys.stdout.flush()
sys.stdin.read()
