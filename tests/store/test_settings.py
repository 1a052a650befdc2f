"""Settings a person edits by hand and the program changes beside them."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oai_tui.core.budget import Budget
from oai_tui.core.delivery import Command
from oai_tui.core.errors import StoreProblem, WrongInput
from oai_tui.core.money import Money
from oai_tui.core.thresholds import Thresholds, Warnings
from oai_tui.store.settings import Profile, Settings, SettingsFile

BY_HAND = """\
# The team's settings
theme = "nord"            # easy on the eyes
future = [1, 2]

[profiles.work]
base_url = "https://proxy.example/v1"   # through the proxy
colour = "red"

[profiles."Acme, Inc."]
read_only = true

[keymap]
"keys.rotate" = "R"
quit = ["q", "ctrl+q"]

[window]
width = 80
"""


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "config")


def written(file: SettingsFile, text: str | bytes) -> SettingsFile:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_without_a_file_everything_is_as_it_comes(file: SettingsFile) -> None:
    assert file.load() == Settings()
    assert file.update(lambda known: known) == Settings()
    assert not file.path.exists()


def test_what_a_person_wrote_is_understood(file: SettingsFile) -> None:
    known = written(file, BY_HAND).load()
    assert known.theme == "nord"
    assert known.profiles == {
        "work": Profile(base_url="https://proxy.example/v1"),
        "Acme, Inc.": Profile(read_only=True),
    }
    assert known.keymap == {"keys.rotate": ("R",), "quit": ("q", "ctrl+q")}


def test_a_change_leaves_all_other_lines_alone(file: SettingsFile) -> None:
    written(file, BY_HAND)
    file.update(lambda known: replace(known, theme="gruvbox", default_profile="work"))
    before, after = BY_HAND.splitlines(), file.path.read_text().splitlines()
    assert [line for line in before if line not in after] == [before[1]]
    assert [line for line in after if line not in before and line] == [
        'theme = "gruvbox"            # easy on the eyes',
        'default_profile = "work"',
    ]


def test_a_file_is_made_for_its_owner_only(file: SettingsFile) -> None:
    file.update(lambda known: replace(known, theme="nord"))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_profiles_and_keys_come_and_go(file: SettingsFile) -> None:
    written(file, BY_HAND)
    file.update(
        lambda known: replace(
            known,
            profiles={"work": Profile(read_only=True), "new": Profile()},
            keymap={"quit": ("x",)},
            keyring_backend="acme.vault.Keyring",
        )
    )
    known = file.load()
    assert known.profiles == {"work": Profile(read_only=True), "new": Profile()}
    assert known.keymap == {"quit": ("x",)}
    assert known.keyring_backend == "acme.vault.Keyring"
    assert 'colour = "red"' in file.path.read_text()
    assert "# through the proxy" in file.path.read_text()
    assert "[window]" in file.path.read_text()
    assert file.update(lambda known: Settings()) == Settings() == file.load()


def test_what_another_program_wrote_meanwhile_is_kept(file: SettingsFile) -> None:
    other = SettingsFile(file.path.parent)
    file.load()
    other.update(lambda known: replace(known, profiles={"theirs": Profile()}))
    file.update(lambda known: replace(known, theme="nord"))
    assert file.load() == Settings(profiles={"theirs": Profile()}, theme="nord")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('theme = "a"\n\ntheme = nord\n', 3, "this is not TOML"),
        ('theme = "a"\ntheme = "b"\n[profiles.a]\n', 2, "overwrite a value"),
        ("theme = 3\n", 1, "theme must be text"),
        (
            "[profiles.a]\n\nread_only = 1\n[x]\n",
            3,
            r"profiles\.a\.read_only must be true or false",
        ),
        ("x = [\n1,\n]\n[profiles]\na = 1\n", 5, r"profiles\.a must be a table"),
        ("profiles = 1\n", 1, "profiles must be a table"),
        ("[keymap]\nquit = [1]\n", 2, r"keymap\.quit must be a text or a list of texts"),
        ('[profiles.a]\nbase_url = "http://x.example"\n', 2, r"base_url cannot be used: .*http"),
        ('default_profile = "b"\n[profiles.a]\n', 1, "names no profile: “b”"),
        (b'theme = "a"\nx = "\xff"\n', 2, "not UTF-8"),
        ("[health]\nstale_days = -1\n", 2, r"health\.stale_days must be a whole number from 0"),
        ('[health]\n\nexpiring_days = "14"\n', 3, "must be a whole number"),
        ("[health]\noldest_days = true\n", 2, "must be a whole number"),
        ("[health]\noldest_days = 1e2\n", 2, "must be a whole number"),
        ("[health]\noldest_days = 99999999999\n", 2, "from 0 to 36500"),
        ("health = 3\n", 1, "health must be a table"),
        ("billing = 3\n", 1, "billing must be a table"),
        ("[billing]\nnear_percent = 0\n", 2, "from 1 to 100"),
        ("[billing]\nnear_percent = 101\n", 2, "from 1 to 100"),
        ("[billing]\nrunway_days = -1\n", 2, "must be a whole number"),
        ("[billing]\npace = 1\n", 2, "must be true or false"),
        ("[profiles.a]\ndaily_budget = 60\n", 2, "must be text in quotes"),
        ('[profiles.a]\n\nmonthly_budget = "1.000,50"\n', 3, "is no budget: .*not an amount"),
        ('[profiles.a]\nmonthly_budget = "0.00"\n', 2, "leave it out where there is none"),
        ("[commands]\nput = 'vault'\n", 2, r"commands\.put must be a table"),
        ("[commands.put]\ntimeout = 3\n", 1, "needs either run"),
        ('[commands.put]\nrun = ["a"]\nshell = "b"\n', 1, "needs either run"),
        ("[commands.put]\nrun = []\n", 2, "names no program"),
        ('[commands.put]\nshell = " "\n', 2, "names no program"),
        ("[commands.put]\nrun = [1]\n", 2, "must be a text or a list"),
        ('[commands.put]\nshell = ["a"]\n', 2, "must be text"),
        ('[commands.put]\nrun = ["a\\u0000"]\n', 2, "no command can have"),
        ('[commands.put]\nrun = "x"\ntimeout = 0\n', 3, "from 1 to 3600"),
        ('[commands."a b"]\nrun = "x"\n', 1, "has a name with more"),
        ('x = 1\n[commands.put]\nrun = ["p", "sk-admin-1234567890"]\n', 3, "looks like a key"),
        (b"x = " + b"[" * 3000, 1, "nesting|TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_lost(
    file: SettingsFile, text: str | bytes, line: int, reason: str
) -> None:
    written(file, text)
    before = file.path.read_bytes()
    actions: list[Callable[[], object]] = [
        file.load,
        lambda: file.update(lambda known: replace(known, theme="x")),
    ]
    for action in actions:
        with pytest.raises(WrongInput, match=rf"settings\.toml, line {line}: .*({reason})") as told:
            action()
        assert told.value.way_out
    assert file.path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        'profiles.work.base_url = "https://a.example"\ntheme = "nord"\n',
        'theme = "nord"\nprofiles = { work = { base_url = "https://a.example" } }\n',
        '[profiles]\nwork.base_url = "https://a.example"\n[other]\n[keymap]\n',
        '[profiles.work]\r\nbase_url = "https://a.example"\r\n\r\n# end\r\n',
        '[profiles.work]\nbase_url = "https://a.example"\n[other]\n[profiles.b]\n',
    ],
)
def test_other_ways_to_write_the_same_can_be_changed(file: SettingsFile, text: str) -> None:
    written(file, text)
    wanted = Settings(
        profiles={"work": Profile(read_only=True), "new": Profile("https://b.example")},
        default_profile="new",
        theme="dracula",
        keymap={"quit": ("x", "ctrl+x")},
    )
    file.update(lambda known: wanted)
    assert file.load() == wanted
    assert ("[other]" in file.path.read_text()) is ("[other]" in text)


def test_a_mark_of_byte_order_is_no_mistake(file: SettingsFile) -> None:
    assert written(file, b'\xef\xbb\xbftheme = "nord"\n').load().theme == "nord"


def test_commands_and_thresholds_are_understood_and_stay(file: SettingsFile) -> None:
    by_hand = BY_HAND + (
        '[commands.vault-put]\nrun = ["vault", "kv", "put", "-"]   # ours\n'
        "[commands.ci_2]\nshell = 'gh secret set KEY'\ntimeout = 5\n"
        "[health]\nstale_days = 0\noldest_days = 365\n"
    )
    known = written(file, by_hand).load()
    assert known.commands == {
        "vault-put": Command(run=("vault", "kv", "put", "-"), timeout=30),
        "ci_2": Command(shell="gh secret set KEY", timeout=5),
    }
    assert known.thresholds == Thresholds(expiring_days=14, stale_days=0, oldest_days=365)
    file.update(lambda known: replace(known, theme="gruvbox"))
    assert file.path.read_text() == by_hand.replace('"nord"', '"gruvbox"')


def test_a_file_that_cannot_be_read_is_told(file: SettingsFile) -> None:
    file.path.mkdir(parents=True)
    with pytest.raises(StoreProblem, match="cannot be read"):
        file.load()


@pytest.mark.parametrize(
    "change",
    [
        lambda known: replace(known, theme="sk-admin-1234567890"),
        lambda known: replace(known, profiles={"sk-admin-1234567890": Profile()}),
        lambda known: replace(
            known, profiles={"a": Profile("https://example.org/sess-1234567890")}
        ),
        lambda known: replace(known, keymap={"quit": ("xsk-proj-" + "a1" * 20,)}),
    ],
)
def test_no_key_is_ever_written(file: SettingsFile, change: Callable[[Settings], Settings]) -> None:
    written(file, BY_HAND)
    with pytest.raises(WrongInput, match="looks like a key") as raised:
        file.update(change)
    assert "1234567890" not in str(raised.value)
    assert file.path.read_text() == BY_HAND


def test_a_name_that_only_ends_like_a_key_begins_is_fine(file: SettingsFile) -> None:
    file.update(lambda known: replace(known, profiles={"risk-engine": Profile()}))
    assert "risk-engine" in file.load().profiles


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
WORDS = NAMES.filter(lambda text: "s" not in text.lower())
SETTINGS = st.builds(
    Settings,
    profiles=st.dictionaries(WORDS, st.builds(Profile, read_only=st.booleans()), max_size=3),
    theme=WORDS,
    keymap=st.dictionaries(WORDS, st.lists(WORDS, max_size=3).map(tuple), max_size=3),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=SETTINGS, second=SETTINGS)
def test_any_settings_come_back_as_they_were(
    file: SettingsFile, first: Settings, second: Settings
) -> None:
    written(file, BY_HAND)
    for wanted in (first, second):
        file.update(lambda known, wanted=wanted: wanted)  # type: ignore[misc]
        assert file.load() == wanted
    assert "# The team's settings" in file.path.read_text()
    assert "width = 80" in file.path.read_text()


def test_budgets_are_kept_with_their_profile_in_dollars(file: SettingsFile) -> None:
    written(file, BY_HAND + '[profiles.rich]\ndaily_budget = "$1,000"  # for the launch\n')
    assert file.load().profiles["rich"].budget == Budget(Money.parse("1000"))
    budget = Budget(Money.parse("60.5"), Money.parse("1500"))

    def change(known: Settings) -> Settings:
        budgeted = {
            name: replace(known.profiles.get(name, Profile()), budget=budget)
            for name in ("work", "new")
        }
        return replace(known, profiles={**known.profiles, **budgeted})

    file.update(change)
    known, text = file.load(), file.path.read_text()
    assert known.profiles["work"].budget == known.profiles["new"].budget == budget
    assert known.profiles["work"].base_url == "https://proxy.example/v1"
    assert text.count('daily_budget = "60.50"') == text.count('monthly_budget = "1500.00"') == 2
    assert 'daily_budget = "$1,000"  # for the launch' in text
    file.update(
        lambda known: replace(
            known,
            profiles={**known.profiles, "work": replace(known.profiles["work"], budget=Budget())},
        )
    )
    assert file.load().profiles["work"].budget == Budget()
    assert file.path.read_text().count('daily_budget = "60.50"') == 1


def test_when_to_warn_of_the_spend_is_the_persons_own(file: SettingsFile) -> None:
    assert file.load().warnings == Warnings()
    written(file, "[billing]\nnear_percent = 70\nrunway_days = 14\npace = false\n")
    assert file.load().warnings == Warnings(near_percent=70, runway_days=14, pace=False)
    written(file, "[billing]\nrunway_days = 3\n")
    assert file.load().warnings == Warnings(near_percent=None, runway_days=3, pace=True)
