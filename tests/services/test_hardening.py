"""What the process does before anything else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CONNECT = """
import os
from oai_tui.services.hardening import harden
harden(os.environ)
import ssl
ssl.create_default_context()
import textual.constants
print(textual.constants.LOG_FILE, os.umask(0), os.path.exists(os.environ["WATCHED"]))
"""


@pytest.mark.parametrize(("switch", "written"), [("", False), ("1", True)])
def test_nothing_writes_down_keystrokes_or_the_keys_of_connections(
    switch: str, written: bool, tmp_path: os.PathLike[str]
) -> None:
    keys, log = os.path.join(tmp_path, "tls"), os.path.join(tmp_path, "log")
    recorders = {"SSLKEYLOGFILE": keys, "TEXTUAL_LOG": log}
    done = subprocess.run(
        [sys.executable, "-c", CONNECT],
        env={**os.environ, **recorders, "WATCHED": keys, "OAI_TUI_DEBUG": switch},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [log if written else "None", str(0o077), str(written)]
