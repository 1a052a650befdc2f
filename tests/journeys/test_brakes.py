"""Every brake, by keyboard, in a terminal: what is done to it stands at the platform afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from oai_tui.simulator.model import Alert, RateLimit
from oai_tui.simulator.world import World
from tests.journeys.driving import SIZES, person, platform, started
from tests.terminal import Terminal
from tests.vault.canary import CANARY

PROJECT = "Research"
MODEL = "gpt-6-astra"


@contextmanager
def at_the_bill(folder: Path, size: tuple[int, int]) -> Iterator[tuple[Terminal, World]]:
    """Sign in at a platform on a socket with a key from the environment, and turn to the bill."""
    with platform() as served:
        more = {"OPENAI_BASE_URL": served.base_url, "OPENAI_ADMIN_KEY": CANARY}
        with started(person(folder, **more), size=size) as terminal:
            terminal.wait_for("need attention")
            terminal.press("3")
            terminal.wait_for("hard limit")
            yield terminal, served.world
            terminal.press("q")
            assert terminal.wait_exit() == 0
            assert CANARY not in terminal.raw.decode()


def asked(terminal: Terminal) -> str:
    """Return what stands in the frame of a question, as one run of words."""
    inside = [line.split("│")[1:-1] for line in terminal.screen if line.count("│") >= 2]
    return " ".join(" ".join("".join(parts) for parts in inside).split())


def fill(terminal: Terminal, text: str, shown: str = "") -> None:
    """Write into the line that has the cursor, in place of what is there."""
    terminal.press("end", "ctrl+u")
    terminal.type(text)
    terminal.wait_for(shown or text)


def confirm(terminal: Terminal, question: str, told: str) -> None:
    """See the question, say yes, see what was and what is, and go back to the page."""
    terminal.wait_for(lambda it: question in asked(it))
    terminal.wait_quiet()
    terminal.press("y")
    leave(terminal, told)


def leave(terminal: Terminal, told: str) -> None:
    """See what came of a change, and go back to the page."""
    terminal.wait_for("Read back from the platform")
    terminal.wait_for(lambda it: told in asked(it))
    close(terminal)


def close(terminal: Terminal) -> None:
    """Leave what tells how a change went."""
    terminal.press("escape")
    terminal.wait_for(lambda it: "Close" not in it.text)
    terminal.wait_quiet()


def is_seen(terminal: Terminal, *words: str) -> bool:
    """Whether one line has all these words."""
    return any(all(word in line for word in words) for line in terminal.screen)


def go_to(terminal: Terminal, *words: str) -> None:
    """Move the cursor to the row with these words, from above it or from below."""
    for _ in range(200):
        terminal.wait_for(lambda it: cursor(it) is not None)
        lines, here = terminal.screen, cursor(terminal) or 0
        found = [all(word in line for word in words) for line in lines]
        if found[here]:
            return
        terminal.press("up" if any(found[:here]) else "down")
        terminal.wait_for(partial(has_moved, here))
    raise AssertionError(f"no row with {words}; the screen:\n{terminal.text}")


def has_moved(before: int, terminal: Terminal) -> bool:
    """Whether the cursor is on another line."""
    return cursor(terminal) not in (None, before)


def cursor(terminal: Terminal) -> int | None:
    """Return the line that has the cursor; None while it moves."""
    found = [place for place, line in enumerate(terminal.screen) if line.startswith("▌")]
    return found[0] if len(found) == 1 else None


def project_id(world: World) -> str:
    return next(each.id for each in world.projects.values() if each.name == PROJECT)


def cents(world: World, id: str | None = None) -> int | None:
    limit = world.spend_limits.get(id)
    return limit.cents if limit else None


@pytest.mark.parametrize("size", SIZES)
def test_the_hard_limit_of_the_organization(tmp_path: Path, size: tuple[int, int]) -> None:
    with at_the_bill(tmp_path, size) as (terminal, world):
        terminal.press("a")
        terminal.wait_for("BRAKE")
        terminal.press("L")
        terminal.wait_for("now $2,500.00 a month")
        fill(terminal, "3,200.50", "$3,200.50 a month")
        terminal.press("enter")
        confirm(terminal, "Yes, set it (y)", "$3,200.50 a month (enforcing)")
        assert cents(world) == 320_050
        terminal.wait_for(lambda it: is_seen(it, "Organization", "$3,200.50"))

        terminal.press("L")
        terminal.wait_for("now $3,200.50 a month")
        fill(terminal, "200", "$200.00 a month")
        terminal.press("enter")
        terminal.wait_for("type $200.00 again")
        terminal.wait_for("from now on")
        terminal.press("y", "enter")
        terminal.wait_quiet()
        assert cents(world) == 320_050
        fill(terminal, "200")
        terminal.press("enter")
        leave(terminal, "$200.00 a month (enforcing)")
        assert cents(world) == 20_000
        terminal.wait_for(lambda it: is_seen(it, "Organization", "$200.00", "reached"))

        go_to(terminal, "Organization", "hard limit")
        terminal.press("X")
        confirm(terminal, "Remove the hard limit of the organization?", "→ no limit")
        assert cents(world) is None
        terminal.wait_for(lambda it: is_seen(it, "Organization", "hard limit", "none"))


@pytest.mark.parametrize("size", SIZES)
def test_the_hard_limit_of_a_project(tmp_path: Path, size: tuple[int, int]) -> None:
    with at_the_bill(tmp_path, size) as (terminal, world):
        project = project_id(world)
        terminal.press("a")
        terminal.wait_for("BRAKE")
        go_to(terminal, PROJECT, "hard limit")
        terminal.press("X")
        confirm(terminal, f"Remove the hard limit of {PROJECT}?", "→ no limit")
        assert cents(world, project) is None

        terminal.press("p")
        terminal.wait_for("SPENT")
        if size == SIZES[1]:
            terminal.wait_for("PROJECT")
        go_to(terminal, PROJECT)
        terminal.press("L")
        terminal.wait_for("now no limit")
        fill(terminal, "750", "$750.00 a month")
        terminal.press("enter")
        confirm(terminal, f"Set the hard limit of {PROJECT}?", "no limit → $750.00 a month")
        assert cents(world, project) == 75_000

        terminal.press("a")
        terminal.wait_for("BRAKE")
        go_to(terminal, PROJECT, "hard limit", "$750.00")
        terminal.press("enter")
        terminal.wait_for("now $750.00 a month")
        fill(terminal, "900", "$900.00 a month")
        terminal.press("enter")
        confirm(terminal, f"Set the hard limit of {PROJECT}?", "$900.00 a month (enforcing)")
        assert cents(world, project) == 90_000
        assert cents(world) == 250_000


@pytest.mark.parametrize("size", SIZES)
def test_a_spend_alert(tmp_path: Path, size: tuple[int, int]) -> None:
    with at_the_bill(tmp_path, size) as (terminal, world):
        known = set(world.alerts)

        def made() -> Alert:
            (found,) = (each for id, each in world.alerts.items() if id not in known)
            return found

        terminal.press("a")
        terminal.wait_for("BRAKE")
        terminal.press("n")
        terminal.wait_for("New spend alert")
        fill(terminal, "1600", "$1,600.00 a month: at this pace")
        terminal.press("tab")
        fill(terminal, "night@example.com, day@example.com")
        terminal.press("tab")
        fill(terminal, "[spend]")
        terminal.press("enter")
        leave(terminal, "no alert → $1,600.00 a month")
        assert made().cents == 160_000
        assert made().recipients == ["night@example.com", "day@example.com"]
        assert made().subject_prefix == "[spend]"

        go_to(terminal, "alert", "$1,600.00")
        terminal.press("e")
        terminal.wait_for(made().id)
        fill(terminal, "1700", "$1,700.00 a month: at this pace")
        terminal.press("enter")
        leave(terminal, "$1,700.00 a month")
        assert made().cents == 170_000
        assert made().recipients == ["night@example.com", "day@example.com"]

        go_to(terminal, "alert", "$1,700.00")
        terminal.press("X")
        confirm(terminal, "would not hear of it", "→ no alert")
        assert set(world.alerts) == known


@pytest.mark.parametrize("size", SIZES)
def test_rate_limits_of_one_model_and_of_many(tmp_path: Path, size: tuple[int, int]) -> None:
    with at_the_bill(tmp_path, size) as (terminal, world):
        terminal.press("t")
        terminal.wait_for("near a ceiling")
        ceilings = world.rate_limits_of(project_id(world)).values()
        one = next(each for each in ceilings if each.model == MODEL)
        tokens = one.max_tokens_per_1_minute
        go_to(terminal, MODEL, PROJECT)
        terminal.press("e")
        terminal.wait_for(f"Rate limits of {MODEL}")
        terminal.press("tab")
        fill(terminal, "x10", f"{tokens:,} → {10 * tokens:,}")
        terminal.press("enter")
        confirm(terminal, f"{tokens:,} → {10 * tokens:,}", "tokens a minute")
        assert one.max_tokens_per_1_minute == 10 * tokens
        terminal.wait_for(lambda it: "near a ceiling" not in it.text)

        terminal.press("/")
        terminal.type("project:research !gpt-4 !o4")
        terminal.wait_for("of 70")
        terminal.press("enter")
        terminal.wait_quiet()
        terminal.press("*")
        terminal.wait_for("marked")
        several: list[RateLimit] = [
            each for each in ceilings if "gpt-4" not in each.model and "o4" not in each.model
        ]
        before = {each.id: each.max_requests_per_1_minute for each in several}
        terminal.press("e")
        terminal.wait_for(f"Rate limits of {len(several)} models")
        fill(terminal, "50%", "→")
        terminal.press("enter")
        terminal.wait_for(f"Yes, change {len(several)} (y)")
        terminal.wait_quiet()
        terminal.press("y")
        terminal.wait_for(f"{len(several)} of {len(several)} changed and read back")
        assert {each.id: each.max_requests_per_1_minute * 2 for each in several} == before
        close(terminal)
