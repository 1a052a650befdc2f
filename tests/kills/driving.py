"""Having the program run in processes that are killed, and starting it again afterwards."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from oai_tui.simulator.server import Running
from tests.kills.evidence import Run
from tests.kills.program import Program, perform

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


class Driver:
    """The process whose forks are killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.driver"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.answer() == "ready"

    def __call__(self, run: Run, script: str, at: int = 0, way: str = "kill") -> str:
        """Have a script run and hit at a point; returns how it ended."""
        self.ask(run, script, at, way)
        return self.answer()

    def ask(self, run: Run, script: str, at: int = 0, way: str = "kill") -> None:
        assert self._process.stdin
        job = {
            "folder": str(run.folder),
            "target": json.dumps(asdict(run.target)),
            "now": NOW.isoformat(),
            "script": script,
            "at": at,
            "way": way,
        }
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)


def points_of(script: str, platform: Running, drive: Driver, folder: Path) -> list[str]:
    """Return the points a script passes when nothing hits it, which does no harm either."""
    run = Run(platform, folder / "whole")
    told = drive(run, script)
    assert told.startswith("done "), told
    assert (run.at_once() + run.afterwards()).harm == 0
    points: list[str] = json.loads(told.removeprefix("done "))
    return points


def clear_up(run: Run, wish: str) -> None:
    """Start again after a crash; `wish` is `resume` or `undo`."""
    asyncio.run(perform(Program(run.folder, run.target, None, lambda: NOW), wish))
