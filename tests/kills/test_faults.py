"""Whatever the platform or the key store does, no key is lost and none is left unknown."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from oai_tui.core.errors import KeyRefused, PlatformDown, Problem
from oai_tui.simulator.server import Running
from tests.kills.bomb import Bomb, nothing
from tests.kills.driving import NOW, Driver, clear_up, points_of
from tests.kills.evidence import Figures, Run
from tests.kills.program import Program, perform

SCRIPTS = ("rotation", "self-rotation", "creation")
Tell = Callable[[str, Figures], None]


def attempt(run: Run, script: str, bomb: Bomb, spoil: str = "") -> None:
    """Have a script run in this process as far as it comes."""
    try:
        asyncio.run(
            perform(Program(run.folder, run.target, bomb, lambda: NOW, spoil=spoil), script)
        )
    except Problem:
        return


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("spoil", ["lost", "500"])
def test_requests_that_fail(
    script: str, spoil: str, platform: Running, drive: Driver, tmp_path: Path, tell: Tell
) -> None:
    """Each request fails once, before it arrives or after it was carried out."""
    points = points_of(script, platform, drive, tmp_path)
    total = Figures()
    for at, point in enumerate(points, 1):
        is_change = " POST " in point or " DELETE " in point
        if " request " not in point or not (is_change or spoil == "500"):
            continue
        run = Run(platform, tmp_path / f"{spoil}-{at}")
        attempt(run, script, Bomb(at, nothing), spoil)
        harm = run.at_once()
        clear_up(run, "undo" if at % 3 else "resume")
        harm += run.afterwards()
        assert harm.harm == 0, (at, point, harm, run.ends())
        total += harm
    assert total.points >= 2
    what = "time-outs" if spoil == "lost" else "failures of the platform"
    tell(f"{script} with {what}", total)


@pytest.mark.parametrize("script", ["rotation", "self-rotation"])
def test_a_store_that_is_locked_from_some_point_on(
    script: str, platform: Running, drive: Driver, tmp_path: Path, tell: Tell
) -> None:
    """The value stays in the program while that runs; when it ends, the key can be undone."""
    points = points_of(script, platform, drive, tmp_path)
    total = Figures()
    for at, point in enumerate(points, 1):
        if not point.startswith(("before store", "after request POST")):
            continue
        run = Run(platform, tmp_path / f"locked-{at}")
        program = Program(run.folder, run.target, None, lambda: NOW)
        attempt(run, script, Bomb(at, program.safe.lock))
        assert program.safe.is_locked
        program.journal.close()
        harm = run.at_once()
        program.safe.unlock()
        clear_up(run, "resume")
        harm += run.afterwards()
        assert harm.harm == 0, (at, point, harm, run.ends())
        total += harm
    assert total.points >= 3
    tell(f"{script} with a locked store", total)


@pytest.mark.parametrize("script", ["rotation", "self-rotation"])
def test_a_platform_that_cannot_delete(script: str, platform: Running, tmp_path: Path) -> None:
    run = Run(platform, tmp_path / "run")
    platform.faults.set("500@DELETE /")
    with pytest.raises(PlatformDown, match="still lives"):
        asyncio.run(perform(Program(run.folder, run.target, None, lambda: NOW), script))
    platform.faults.clear()
    assert run.ends() == ["waiting"]
    assert run.at_once().harm == 0
    clear_up(run, "resume")
    assert run.ends() == ["revoked"]
    assert run.afterwards().harm == 0


@pytest.mark.parametrize("script", ["rotation", "self-rotation"])
@pytest.mark.parametrize(("delay", "is_patient"), [(5, True), (60, False)])
def test_a_new_key_that_is_refused_at_first(
    script: str, delay: int, is_patient: bool, platform: Running, tmp_path: Path
) -> None:
    """The program waits twenty seconds for it; the old key works meanwhile."""
    run = Run(platform, tmp_path / "run")
    platform.faults.set(f"late-keys={delay}")
    platform.world.advance(3600)
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        platform.world.advance(math.ceil(seconds))

    program = Program(run.folder, run.target, None, lambda: NOW, sleep=sleep)
    if is_patient:
        asyncio.run(perform(program, script))
        assert run.ends() == ["revoked"]
    else:
        with pytest.raises(KeyRefused, match="does not answer yet"):
            asyncio.run(perform(program, script))
        assert run.ends() == ["delivered"]
        assert sum(waited) == 20
        platform.faults.clear()
        clear_up(run, "resume")
    assert waited
    assert (run.at_once() + run.afterwards()).harm == 0
