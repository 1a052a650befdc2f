"""Whatever is imported is asked for by name, not only brought along by something else."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = {"simulator": "demo", "ui/web.py": "web"}


def imported(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                yield from (name.name.partition(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.partition(".")[0]


def needed(files: Iterable[Path]) -> set[str]:
    outside = set(imported(files)) - sys.stdlib_module_names - {"oai_tui"}
    return {packages_distributions()[name][0].lower() for name in outside}


def asked_for(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", requirement)[0].lower() for requirement in requirements}


def test_every_import_is_declared() -> None:
    package = ROOT / "oai_tui"
    rest = set(package.rglob("*.py"))
    for place, extra in EXTRAS.items():
        own = {file for file in rest if file.is_relative_to(package / place)}
        rest -= own
        declared = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"][extra]]
        assert own
        assert needed(own) <= asked_for(declared)
    assert needed(rest) <= asked_for(PROJECT["dependencies"])
    assert asked_for(PROJECT["dependencies"]) <= needed(rest)
