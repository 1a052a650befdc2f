"""Answers orders on stdin, one JSON object a line, with what the keyring place did.

Run as a process of its own, so that a key store can hang, die or lock without the tests.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from oai_tui.core.errors import Problem
from oai_tui.core.secret import Secret
from oai_tui.vault import Credential, KeyringPlace


async def obey(place: KeyringPlace, order: dict[str, str]) -> dict[str, object]:
    verb, profile, origin = order["verb"], order.get("profile", ""), order.get("origin", "")
    if verb == "state":
        state = await place.state()
        return {"condition": state.condition, "detail": state.detail, "way_out": state.way_out}
    if verb == "save":
        await place.save(profile, Credential(Secret(order["key"]), origin))
        return {"saved": True}
    if verb == "delete":
        await place.delete(profile)
        return {"deleted": True}
    found = await place.load(profile, origin)
    return {"key": found and found.secret.reveal()}


def say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def main() -> None:
    place = KeyringPlace(deadline=float(sys.argv[1]))
    say({"keyring imported": "keyring" in sys.modules})
    for line in sys.stdin:
        begun = time.monotonic()
        try:
            answer = await obey(place, json.loads(line))
        except Problem as problem:
            answer = {"problem": type(problem).__name__, "text": str(problem)}
        say({**answer, "seconds": time.monotonic() - begun})


asyncio.run(main())
