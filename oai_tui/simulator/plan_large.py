"""A large organization: a thousand projects, ten thousand keys, a thousand of them in use."""

from __future__ import annotations

from random import Random

from oai_tui.simulator.plan import (
    DAY,
    HOUR,
    AccountPlan,
    KeyPlan,
    PersonPlan,
    Plan,
    ProjectPlan,
    Use,
)
from oai_tui.simulator.plan_small import ADMIN_KEYS, PEOPLE

PROJECTS = 1_000
KEYS_PER_PROJECT = 10
STAFF = 200
_AREAS = ("search", "billing", "support", "ranking", "vision", "speech", "growth", "risk")
_TEAMS = ("api", "batch", "lab", "mobile", "web", "ops", "eval", "tools", "edge", "core")
_PURPOSES = ("prod", "staging", "ci", "notebook", "worker", "backfill", "demo", "canary", "cron")
_FIRST = ("Ana", "Ben", "Chloé", "Deniz", "Emre", "Fumiko", "Gita", "Hugo", "Inés", "Jonas")
_LEFT = ("grace", "tom")
_LAST = ("Adeyemi", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "Gupta", "Hassan", "Ito")
_USES = (
    (("completions",), ("gpt-5.6-mini",)),
    (("completions",), ("gpt-5.6", "gpt-5.6-luna")),
    (("embeddings",), ("text-embedding-3-small",)),
    (("completions", "decisions"), ("gpt-6-astra", "o4-mini")),
    (("moderations",), ("omni-moderation-latest",)),
    (("images",), ("gpt-image-2-2026-04-21",)),
    (("audio_transcriptions",), ("whisper-1",)),
    (("completions",), ("gpt-4.1-mini-2025-04-14",)),
)


def large_plan(seed: int) -> Plan:
    """Write the plan of the large organization for a seed."""
    random = Random(f"large {seed}")
    people = (*PEOPLE, *(_person(number) for number in range(len(PEOPLE), STAFF)))
    handles = [person.handle for person in people]
    projects = [ProjectPlan("default", "Default project", 720, tuple(handles[:10]))]
    accounts: list[AccountPlan] = []
    keys: list[KeyPlan] = []
    for number in range(1, PROJECTS):
        team = tuple(random.sample(handles[12:], 3))
        projects.append(_project(number, team, random))
        accounts.append(AccountPlan(f"account-{number}", "worker", f"project-{number}", 415))
    for number, project in enumerate(projects):
        account = f"account-{number}" if number else None
        keys.extend(_keys(project, account, random))
    return Plan(
        name="Acme Worldwide",
        slug="acme-worldwide",
        domain="acme-worldwide.example",
        people=people,
        projects=tuple(projects),
        accounts=tuple(accounts),
        keys=tuple(keys),
        admin_keys=ADMIN_KEYS,
        limits=((None, 2_500_000), ("project-1", 100_000), ("project-2", 50_000)),
        alerts=((None, 2_000_000), (None, 2_375_000)),
    )


def _person(number: int) -> PersonPlan:
    first = _FIRST[number % len(_FIRST)]
    last = _LAST[number // len(_FIRST) % len(_LAST)]
    name = f"{first} {last}" if number < 90 else f"{first} {last} {number // 90 + 1}"
    return PersonPlan(f"member{number}", name, "reader", 700 - number)


def _project(number: int, team: tuple[str, ...], random: Random) -> ProjectPlan:
    area = _AREAS[number % len(_AREAS)]
    group = _TEAMS[number // len(_AREAS) % len(_TEAMS)]
    archived_age = random.randrange(5, 60) if number % 100 == 50 else None
    return ProjectPlan(f"project-{number}", f"{area}-{group}-{number:03}", 420, team, archived_age)


def _keys(project: ProjectPlan, account: str | None, random: Random) -> list[KeyPlan]:
    return [_key(project, account, place, random) for place in range(KEYS_PER_PROJECT)]


def _key(project: ProjectPlan, account: str | None, place: int, random: Random) -> KeyPlan:
    by_account = account is not None and place < 3
    age = random.randrange(70, 410)
    used, use = None, None
    if place == 0:
        kinds, models = random.choice(_USES)
        use = Use(kinds, models, round(random.lognormvariate(3.5, 1.2), 1))
        used = random.randrange(60, 12 * HOUR)
    elif place in (4, 5, 7):
        used = random.randrange(1, age) * DAY
    team = _LEFT if place == 9 and random.random() < 0.05 else project.members
    if used is not None and project.archived_age is not None:
        used = max(used, 61 * DAY)
    owner = account if by_account and account else random.choice(team)
    name = f"{random.choice(_PURPOSES)}-{random.randrange(100):02}"
    expires = random.randrange(-30, 300) if place in (6, 7) else None
    if expires is not None and used is not None:
        used = max(used, (2 - min(expires, 0)) * DAY)
        age = max(age, used // DAY + 1)
    return KeyPlan(name, project.handle, owner, age, used, use, expires, by_account=by_account)
