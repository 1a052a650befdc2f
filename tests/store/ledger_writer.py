"""Writes to a ledger in a process of its own: `ledger_writer.py FOLDER PROFILE TIMES [LARGEST]`.

Each time it replaces the same ten days with a hundred rows. LARGEST bounds the bytes of a file.
"""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from oai_tui.core.cuts import Grain
from oai_tui.core.kinds import Dimension, Kind
from oai_tui.store.ledger import Ledger
from oai_tui.store.ledger_sums import Sums
from tests.figures import LATER, at, cuts_of, moment, used

folder, profile, times, *largest = sys.argv[1:]
ledger = Ledger(Path(folder), profile, "here")
rows = [used(at(n // 10), {Dimension.KEY: f"{profile} {n}"}, input_tokens=n) for n in range(100)]
ledger.put(Kind.COMPLETIONS, Grain.DAY, moment(0), moment(10), rows, LATER)
if largest:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(largest[0]), int(largest[0])))
for time in range(int(times)):
    kind = Kind.EMBEDDINGS if largest else Kind.COMPLETIONS
    since = time * 10 if largest else 0
    moved = [row._replace(at=row.at + since * 86400) for row in rows]
    ledger.put(kind, Grain.DAY, moment(since), moment(since + 10), moved, LATER)
wanted = Sums(Grain.DAY, cuts_of([0, 10_000]), tuple(Kind), ("input_tokens",))
sys.stdout.write(f"{ledger.sums(wanted)[0].figure} {ledger.trouble}")
