"""Runs the program in processes that are killed: one line of JSON a run on standard input.

Everything is imported once; each run is a fork, which costs little. Answers with a line: `killed`,
`done POINTS`, or what ended it otherwise.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import traceback
from datetime import datetime
from pathlib import Path

import httpx  # noqa: F401 - loaded before the forks, which all need it

from oai_tui.api import transport  # noqa: F401
from oai_tui.core.errors import Problem
from tests.kills.bomb import Bomb, fill_disk, kill, nothing
from tests.kills.program import Program, Target, perform


def run(job: dict[str, str | int]) -> str:
    """Do one run in this process; return what to tell unless it was killed."""
    folder = Path(str(job["folder"]))
    ways = {"kill": kill, "disk": lambda: fill_disk(folder), "none": nothing}
    bomb = Bomb(int(job["at"]), ways[str(job["way"])])
    target = Target(**json.loads(str(job["target"])))
    now = datetime.fromisoformat(str(job["now"]))
    try:
        asyncio.run(perform(Program(folder, target, bomb, lambda: now), str(job["script"])))
    except Problem as problem:
        return f"problem {type(problem).__name__}: {problem}"
    return f"done {json.dumps(bomb.passed)}"


def main() -> None:
    """Serve runs until the input ends."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                told = run(json.loads(line))
            except BaseException:
                told = f"crashed {traceback.format_exc()!r}"
            os.write(writing, told.encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as said:
            told = said.read()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            told = f"killed {os.WTERMSIG(status)}"
        sys.stdout.write((told or f"ended with {status}") + "\n")
        sys.stdout.flush()


main()
