"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

from oai_tui.core.delivery import Destination, DestinationKind
from oai_tui.core.thresholds import Thresholds
from oai_tui.services.hardening import DEBUG_SWITCH
from oai_tui.store.settings import FILE, SettingsFile
from oai_tui.ui.screens.login import ADMIN_KEYS_PAGE
from oai_tui.ui.theme import THEMES
from tests.readme import README, keys_table, renewed

ROOT = README.parent
TEXT = README.read_text()


def test_its_tables_are_those_of_the_program() -> None:
    assert renewed(TEXT) == TEXT, "write it anew with: python -m tests.readme"


def test_its_make_commands_exist() -> None:
    asked = set(re.findall(r"^make (\w+)$", TEXT, re.MULTILINE))
    made = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"demo", "test", "check"} <= asked <= made


def test_its_pictures_and_links_exist() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (ROOT / target).exists(), target
    assert ADMIN_KEYS_PAGE in TEXT
    assert DEBUG_SWITCH in TEXT


def test_its_settings_are_understood_and_its_keys_are_keys(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    assert example
    (tmp_path / FILE).write_text(example[1])
    settings = SettingsFile(tmp_path).load()
    assert settings.theme in {theme.name for theme in THEMES}
    assert settings.profiles["work"].read_only
    assert settings.commands.keys() == {"vault", "ci"}
    assert settings.thresholds != Thresholds()
    assert settings.keymap
    for action in settings.keymap:
        assert f"`{action}`" in keys_table()


def test_its_places_are_all_there_are() -> None:
    kinds = "|".join(DestinationKind)
    named = re.findall(rf"^\| `((?:{kinds})(?::[^`]+)?)` \|", TEXT, re.MULTILINE)
    assert [Destination.parse(each).kind for each in named] == list(DestinationKind)


def test_no_tracked_text_names_a_package_index() -> None:
    for path in (*Path(ROOT / "requirements").glob("*.txt"), ROOT / "pyproject.toml"):
        assert "://" not in re.sub(r"^#.*$", "", path.read_text(), flags=re.MULTILINE), path
