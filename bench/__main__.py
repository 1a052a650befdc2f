"""Run every module here that has a `measure()`, or those named: `python -m bench table`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from bench import Figure


def main(wanted: list[str]) -> int:
    over = 0
    for found in sorted(pkgutil.iter_modules([str(Path(__file__).parent)]), key=lambda m: m.name):
        if found.name.startswith("_") or (wanted and found.name not in wanted):
            continue
        module = importlib.import_module(f"bench.{found.name}")
        figures: list[Figure] = module.measure() if hasattr(module, "measure") else []
        for figure in figures:
            over += not figure.ok
            verdict = "ok" if figure.ok else "OVER"
            print(f"{figure.name:<72} {figure.ratio:6.2f}  of {figure.limit:5.2f}  {verdict}")
    return min(over, 1)


sys.exit(main(sys.argv[1:]))
