"""Files that only their owner reads, written whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from oai_tui.core.errors import StoreProblem
from oai_tui.store.files import make_folder, problem_with, write_whole
from oai_tui.store.paths import Folders


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_write_replaces_the_content_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    path.chmod(0o644)
    write_whole(path, b"after")
    assert path.read_bytes() == b"after"
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "real"
    real.parent.mkdir()
    real.write_text("before")
    link = tmp_path / "link"
    link.symlink_to(real)
    write_whole(link, b"after")
    assert link.is_symlink()
    assert real.read_bytes() == b"after"


def test_a_write_that_fails_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    script = (
        "import sys, pathlib\n"
        "from oai_tui.store.files import write_whole\n"
        "try:\n    write_whole(pathlib.Path(sys.argv[1]), b'x' * 100_000)\n"
        "except Exception as error:\n    sys.exit(f'{type(error).__name__}: {error}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )
    assert done.stderr.startswith(f"StoreProblem: {path} cannot be written")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreProblem, match="a file is where a folder should be") as raised:
            make_folder(path)
        assert raised.value.way_out
    with pytest.raises(StoreProblem):
        write_whole(tmp_path / "nowhere" / "file", b"")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permission is denied"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_the_reason_is_a_sentence(number: int, reason: str) -> None:
    problem = problem_with(Path("/x\x1b[2J"), "written", OSError(number, os.strerror(number)))
    assert reason in problem.what
    assert "\x1b" not in problem.what


def test_folders_are_made_for_their_owner_only(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path / "root")
    (tmp_path / "root" / "state").mkdir(parents=True, mode=0o755)
    folders.make()
    folders.make()
    for folder in (folders.cache, folders.state, folders.config):
        assert mode(folder) == 0o700
        assert folder.is_relative_to(tmp_path)


def test_the_users_folders_bear_the_programs_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    folders = Folders.of_user()
    assert {folders.cache.name, folders.state.name, folders.config.name} == {"oai-tui"}
    assert not folders.cache.exists()
