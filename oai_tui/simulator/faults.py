"""Everything that can go wrong on the way to the platform, switched on by name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import ClassVar

from oai_tui.simulator import distortions, refusals
from oai_tui.simulator.traffic import number_of

WAYS = {
    "latency": "waits before it does anything; =MILLISECONDS, 500 unless told",
    "hold": "waits before it does anything until the fault is switched off, then goes on",
    "hang": "reads the request, does nothing and never answers",
    "slow-bytes": "answers one byte at a time; =MILLISECONDS between two, 100 unless told",
    "reset-before": "drops the connection; the change is NOT made",
    "reset-after": "makes the change, then drops the connection before any answer",
    "timeout-after": "makes the change, and the answer never comes",
    "cut-body": "makes the change, promises the whole answer and drops the connection halfway",
    "giant-body": "pads the answer with white space; =MEBIBYTES, 64 unless told",
    "empty-body": "makes the change and answers with no body at all",
    "late-keys": "accepts new keys only after a while; =SECONDS, 5 unless told",
    "late-revocation": "goes on accepting revoked keys for a while; =SECONDS, 5 unless told",
    "late-costs": "shows costs late; =HOURS, 48 unless told",
    "credits": "takes a credit off the costs of two days ago; =CENTS, 50000 unless told",
    "idle": "has no use and no costs of the last days; =DAYS, 60 unless told",
    "audit-off": "has audit logging switched off: no log can be read",
}
# The attribute of the world, its value without the fault and the usual one with it.
_SWITCHES = {
    "late-keys": ("new_key_delay", 0, 5),
    "late-revocation": ("revocation_delay", 0, 5),
    "late-costs": ("cost_lag_hours", 5, 48),
    "credits": ("credit_cents", 0, 50_000),
    "idle": ("idle", 0, 60),
    "audit-off": ("audit_enabled", True, False),
}
_FORM = re.compile(
    r"(?P<name>[a-z0-9-]+)(?:=(?P<value>[0-9]+))?(?::(?P<probability>[0-9.]+))?"
    r"(?:\*(?P<times>[0-9]+))?(?:@(?=.)(?P<method>[A-Z]+)?\s*(?P<route>/\S*)?)?"
)


@dataclass
class Fault:
    """One fault: how likely, on which requests, and how many times at most (None: no end).

    `route` is the start of a path, with or without `/v1`; `*` in it stands for anything.
    """

    NAMES: ClassVar[dict[str, str]] = {**WAYS, **refusals.NAMES, **distortions.NAMES}

    name: str
    probability: float = 1.0
    route: str = ""
    method: str = ""
    times: int | None = None
    value: int | None = None

    def __post_init__(self) -> None:
        if self.name not in self.NAMES:
            raise ValueError(f"unknown fault {self.name!r}; known are {', '.join(self.NAMES)}")
        if not 0 <= self.probability <= 1:
            raise ValueError(f"the probability of {self.name} must lie between 0 and 1")

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read `NAME[=VALUE][:PROBABILITY][*TIMES][@[METHOD] ROUTE]`; raises ValueError."""
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"not a fault: {text!r}; write NAME[:PROBABILITY][@ROUTE]")
        value, times = found["value"], found["times"]
        return cls(
            found["name"],
            float(found["probability"] or 1),
            found["route"] or "",
            found["method"] or "",
            int(times) if times else None,
            int(value) if value else None,
        )

    def __str__(self) -> str:
        value = "" if self.value is None else f"={self.value}"
        chance = "" if self.probability == 1 else f":{self.probability:g}"
        times = "" if self.times is None else f"*{self.times}"
        where = " ".join(part for part in (self.method, self.route) if part)
        return f"{self.name}{value}{chance}{times}" + (f"@{where}" if where else "")

    def concerns(self, method: str, path: str) -> bool:
        """Say whether a request is one that this fault may strike."""
        if self.method and method != self.method:
            return False
        return not self.route or any(
            fnmatchcase(each, f"{self.route}*") for each in (path, path.removeprefix("/v1"))
        )


@dataclass
class Faults:
    """The faults that are switched on, in the order in which they strike.

    `world` is what the late faults act on. Which request a fault of some probability strikes
    follows from `seed` and the number of the request alone.
    """

    seed: int = 7
    world: object = None
    active: list[Fault] = field(default_factory=list)
    _before: dict[str, object] = field(default_factory=dict)

    def set(self, *faults: Fault | str) -> None:
        """Switch these on and all others off; raises ValueError for a name nobody knows."""
        read = [Fault.parse(each) if isinstance(each, str) else replace(each) for each in faults]
        self.clear()
        self.active = read
        for fault in read:
            if fault.name in _SWITCHES:
                self._turn(fault)

    def clear(self) -> None:
        """Switch every fault off."""
        self.active = []
        for attribute, value in self._before.items():
            setattr(self.world, attribute, value)
        self._before.clear()

    def is_on(self, fault: Fault) -> bool:
        """Say whether this very fault is still switched on; one set anew is another."""
        return any(each is fault for each in self.active)

    def _turn(self, fault: Fault) -> None:
        attribute, normal, usual = _SWITCHES[fault.name]
        if self.world is not None:
            self._before.setdefault(attribute, getattr(self.world, attribute, normal))
            setattr(self.world, attribute, usual if fault.value is None else fault.value)

    def strike(self, number: int, method: str, path: str) -> list[Fault]:
        """Give the faults that strike the request of this number, and count them as used."""
        return list(self._struck(number, method, path))

    def _struck(self, number: int, method: str, path: str) -> Iterable[Fault]:
        for place, fault in enumerate(self.active):
            if fault.times == 0 or not fault.concerns(method, path):
                continue
            draw = number_of(self.seed, f"fault {place} {fault.name} {number}") / 2**64
            if draw < fault.probability:
                if fault.times is not None:
                    fault.times -= 1
                yield fault
