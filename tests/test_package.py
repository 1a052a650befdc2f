"""The wheel, alone in an empty environment, without the extras."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from oai_tui import __version__

ROOT = Path(__file__).resolve().parents[1]
PIP = ("-m", "pip", "--disable-pip-version-check", "-q")


def run(*command: str | Path, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **more},
        input=typed,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    built = run(sys.executable, *PIP, "wheel", *options, ROOT)
    assert built.returncode == 0, built.stderr
    venv.create(folder / "empty", with_pip=True)
    python = folder / "empty" / "bin" / "python"
    locked = ROOT / "requirements" / "app.txt"
    needed = run(python, *PIP, "install", "--require-hashes", "-r", locked)
    assert needed.returncode == 0, needed.stderr
    installed = run(python, *PIP, "install", "--no-deps", *folder.glob("*.whl"))
    assert installed.returncode == 0, installed.stderr
    return folder / "empty" / "bin" / "oai-tui"


def test_version_and_help(program: Path) -> None:
    assert run(program, "--version").stdout == f"oai-tui {__version__}\n"
    assert "login" in run(program, "--help").stdout


def test_login_reads_a_key_and_says_what_is_wrong_with_it(program: Path, tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    done = run(program, "login", typed="sess-abcdefgh", **home)
    assert done.returncode == 1
    assert "browser's session key" in done.stderr
    nowhere = {**home, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    done = run(program, "login", typed="sk-admin-abcdefghijklmnop", **nowhere)
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "abcdefghijkl" not in done.stderr


def test_the_demo_says_what_it_needs(program: Path) -> None:
    done = run(program, "demo")
    assert done.returncode == 1
    assert "oai-tui[demo]" in done.stderr


def test_styles_and_types_are_in_the_wheel(program: Path) -> None:
    package = next((program.parents[1] / "lib").glob("python3*/site-packages/oai_tui"))
    assert (package / "ui" / "app.tcss").exists()
    assert (package / "py.typed").exists()
