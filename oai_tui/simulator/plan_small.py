"""A small organization with a key in every state that a person has to know about."""

from __future__ import annotations

from oai_tui.simulator.plan import (
    DAY,
    HOUR,
    MINUTE,
    AccountPlan,
    AdminKeyPlan,
    KeyPlan,
    PersonPlan,
    Plan,
    ProjectPlan,
    Use,
)

_EVERYONE = ("alice", "bob", "carmen", "dmitri", "hanako", "juergen", "priya", "sam")

PEOPLE = (
    PersonPlan("alice", "Alice Chen", "owner", 720),
    PersonPlan("bob", "Bob Okafor", "owner", 715),
    PersonPlan("carmen", "Carmen Díaz", "reader", 640),
    PersonPlan("dmitri", "Dmitri Volkov", "reader", 690),
    PersonPlan("hanako", "田中 花子", "reader", 520),
    PersonPlan("juergen", "Jürgen Müller", "reader", 330),
    PersonPlan("priya", "Priya Natarajan", "reader", 610),
    PersonPlan("sam", "Sam O'Neill", "reader", 605),
    PersonPlan("fatima", "Fatima al-Rashid", "reader", 480),
    PersonPlan("lars", "Lars Østergård", "reader", 515),
    PersonPlan("grace", "Grace Kim", "reader", 560, removed=True),
    PersonPlan("tom", "Tom Baker", "reader", 490, removed=True),
)

PROJECTS = (
    ProjectPlan("default", "Default project", 720, _EVERYONE),
    ProjectPlan("web", "Web app", 700, ("alice", "bob", "carmen", "lars")),
    ProjectPlan("research", "Research", 690, ("alice", "hanako", "priya", "sam")),
    ProjectPlan("data", "Data pipeline", 680, ("bob", "dmitri", "fatima")),
    ProjectPlan("support", "サポート 日本語", 520, ("hanako", "lars", "sam")),
    ProjectPlan("eval", "Évaluation Ünïcode", 300, ("juergen", "sam")),
    ProjectPlan(
        "tools",
        "Internal tools, dashboards and everything else that never found a home of its own",
        600,
        ("bob", "fatima", "sam"),
    ),
    ProjectPlan("legacy", "Legacy chatbot", 670, ("alice", "bob"), archived_age=190),
)

ACCOUNTS = (
    AccountPlan("web-api", "web-api", "web", 695),
    AccountPlan("ci", "ci", "web", 400),
    AccountPlan("agent", "research-agent", "research", 470),
    AccountPlan("batch", "batch", "data", 650),
    AccountPlan("embedder", "embedder", "data", 640),
    AccountPlan("answers", "回答ボット", "support", 375),
    AccountPlan("runner", "Prüfläufer", "eval", 145),
    AccountPlan("cron", "cron", "tools", 485, role="owner"),
    AccountPlan("idle", "created-and-forgotten", "tools", 88, role="none"),
    AccountPlan("chatbot", "chatbot", "legacy", 655),
)

_CHAT = ("completions",)


def _account_key(name: str, project: str, owner: str, age: float, used: int, use: Use) -> KeyPlan:
    return KeyPlan(name, project, owner, age, used, use, by_account=True)


WEB = (
    _account_key(
        "web-backend",
        "web",
        "web-api",
        402,
        2 * MINUTE,
        Use(("completions", "moderations"), ("gpt-5.6", "gpt-5.6-mini"), 1500, cached=0.55),
    ),
    KeyPlan(
        "ci-deploy",
        "web",
        "ci",
        265,
        2 * HOUR,
        Use(_CHAT, ("gpt-5.6-mini",), 210),
        expires=12,
        by_account=True,
    ),
    _account_key("ci-deploy", "web", "ci", 9, 40 * MINUTE, Use(_CHAT, ("gpt-5.6-mini",), 180)),
    KeyPlan(
        "alice-laptop",
        "web",
        "alice",
        690,
        212 * DAY,
        Use(_CHAT, ("gpt-4.1-mini-2025-04-14",), 25),
    ),
    KeyPlan("bob-laptop", "web", "bob", 120, 3 * HOUR, Use(_CHAT, ("gpt-5.6",), 45)),
    KeyPlan("staging", "web", "carmen", 180, scopes=("api.model.request",)),
    KeyPlan("preview", "web", "carmen", 0.125),
    KeyPlan(
        "checkout-copy",
        "web",
        "bob",
        300,
        21 * DAY,
        Use(_CHAT, ("gpt-5.6-mini",), 70),
        expires=-20,
    ),
    KeyPlan(
        "read-aloud",
        "web",
        "lars",
        200,
        30 * MINUTE,
        Use(("audio_speeches",), ("gpt-4o-mini-tts",), 120),
    ),
)
RESEARCH = (
    _account_key(
        "agents-eval",
        "research",
        "agent",
        220,
        MINUTE,
        Use(_CHAT, ("gpt-6-astra",), 500, cached=0.65),
    ),
    KeyPlan(
        "hanako-notebook",
        "research",
        "hanako",
        340,
        5 * HOUR,
        Use(("completions", "decisions"), ("gpt-6-astra", "o4-mini"), 80),
    ),
    KeyPlan(
        "priya-notebook",
        "research",
        "priya",
        30,
        26 * HOUR,
        Use(_CHAT, ("gpt-5.6-luna",), 110),
        expires=60,
    ),
    KeyPlan("grace-notebook", "research", "grace", 500, 95 * DAY, Use(_CHAT, ("o4-mini",), 60)),
    KeyPlan(
        "tom-experiments",
        "research",
        "tom",
        380,
        6 * MINUTE,
        Use(_CHAT, ("gpt-6-astra",), 900, cached=0.05),
    ),
    KeyPlan("thesis", "research", "priya", 400),
    KeyPlan("thesis", "research", "priya", 350, 230 * DAY, Use(_CHAT, ("o4-mini",), 15)),
    KeyPlan(
        "web-search-probe",
        "research",
        "sam",
        150,
        9 * HOUR,
        Use(("web_search_calls", "completions"), ("gpt-5.6",), 60),
    ),
)
DATA = (
    _account_key(
        "batch-nightly",
        "data",
        "batch",
        640,
        8 * HOUR,
        Use(_CHAT, ("gpt-5.6-mini",), 3200, batch=0.95, spike_age=9, spike_factor=12.0),
    ),
    _account_key(
        "embedder",
        "data",
        "embedder",
        420,
        3 * MINUTE,
        Use(("embeddings",), ("text-embedding-3-small",), 9000),
    ),
    KeyPlan(
        "etl-old", "data", "dmitri", 660, 310 * DAY, Use(_CHAT, ("gpt-4.1-mini-2025-04-14",), 300)
    ),
    KeyPlan("dmitri-laptop", "data", "dmitri", 200, 4 * DAY, Use(_CHAT, ("gpt-5.6-mini",), 40)),
    KeyPlan(
        "transcripts",
        "data",
        "fatima",
        280,
        50 * MINUTE,
        Use(("audio_transcriptions",), ("whisper-1",), 140),
    ),
    KeyPlan(
        "moderation-sweep",
        "data",
        "dmitri",
        330,
        15 * MINUTE,
        Use(("moderations",), ("omni-moderation-latest",), 4000),
    ),
    KeyPlan(
        "backfill-2026-q3",
        "data",
        "dmitri",
        100,
        45 * DAY,
        Use(_CHAT, ("gpt-5.6-mini",), 900, batch=1.0),
        expires=-10,
    ),
    KeyPlan(
        "vectors",
        "data",
        "fatima",
        260,
        7 * HOUR,
        Use(("file_search_calls", "vector_stores"), ("gpt-5.6-mini",), 130),
    ),
)
SUPPORT = (
    _account_key(
        "回答ボット 本番",
        "support",
        "answers",
        370,
        MINUTE,
        Use(_CHAT, ("gpt-5.6-mini",), 2100, cached=0.7),
    ),
    KeyPlan(
        "回答ボット 検証",
        "support",
        "hanako",
        90,
        2 * DAY,
        Use(_CHAT, ("gpt-5.6-mini",), 50),
        expires=25,
    ),
    KeyPlan("translate", "support", "hanako", 210, 9 * HOUR, Use(_CHAT, ("gpt-5.6-luna",), 190)),
    KeyPlan(
        "voice-agent",
        "support",
        "lars",
        160,
        35 * MINUTE,
        Use(_CHAT, ("gpt-audio-mini-2025-12-15",), 90),
    ),
    KeyPlan("kiosk", "support", "lars", 500, 205 * DAY, Use(_CHAT, ("o4-mini",), 35)),
    KeyPlan("handover", "support", "sam", 20, expires=40),
)
EVAL = (
    _account_key(
        "Prüfläufer",
        "eval",
        "runner",
        140,
        25 * MINUTE,
        Use(("decisions", "completions"), ("o4-mini", "gpt-5.6"), 190),
    ),
    KeyPlan("Ünïcode-Tëst", "eval", "juergen", 75, 6 * DAY, Use(_CHAT, ("gpt-5.6-luna",), 30)),
    KeyPlan("juergen-laptop", "eval", "juergen", 260, 11 * HOUR, Use(_CHAT, ("gpt-5.6",), 30)),
    KeyPlan(
        "images",
        "eval",
        "sam",
        170,
        70 * MINUTE,
        Use(("images",), ("gpt-image-2-2026-04-21",), 45),
    ),
    KeyPlan(
        "sandbox",
        "eval",
        "juergen",
        240,
        50 * MINUTE,
        Use(("code_interpreter_sessions", "completions"), ("o4-mini",), 40),
    ),
    KeyPlan("tmp", "eval", "juergen", 2, expires=1, scopes=("api.all.read",)),
)
TOOLS = (
    _account_key("cron", "tools", "cron", 480, 20 * MINUTE, Use(_CHAT, ("gpt-5.6-mini",), 160)),
    KeyPlan(
        "weekly digest of the dashboards that nobody reads but everybody asks for when it is late",
        "tools",
        "bob",
        310,
        33 * DAY,
        Use(_CHAT, ("gpt-5.6-luna",), 20),
    ),
    KeyPlan(
        "slack-summaries", "tools", "fatima", 230, 10 * HOUR, Use(_CHAT, ("gpt-5.6-luna",), 120)
    ),
    KeyPlan("zapier", "tools", "sam", 590),
    KeyPlan("zapier", "tools", "tom", 450),
)
ELSEWHERE = (
    KeyPlan("first key", "default", "alice", 700, 400 * DAY, Use(_CHAT, ("o4-mini",), 10)),
    KeyPlan("alice-phone", "default", "alice", 15, 3 * DAY, Use(_CHAT, ("gpt-5.6-luna",), 12)),
    _account_key(
        "chatbot",
        "legacy",
        "chatbot",
        650,
        240 * DAY,
        Use(_CHAT, ("gpt-4.1-mini-2025-04-14",), 700),
    ),
)
DELETED = (
    KeyPlan(
        "web-backend",
        "web",
        "web-api",
        690,
        398 * DAY,
        Use(_CHAT, ("gpt-5.6-mini",), 900),
        deleted_age=396,
        by_account=True,
    ),
    KeyPlan(
        "embedder",
        "data",
        "embedder",
        630,
        418 * DAY,
        Use(("embeddings",), ("text-embedding-3-small",), 6000),
        deleted_age=415,
        by_account=True,
    ),
    KeyPlan(
        "agents-eval (leaked)",
        "research",
        "agent",
        460,
        219 * DAY,
        Use(_CHAT, ("gpt-6-astra",), 180),
        deleted_age=219,
        by_account=True,
    ),
    KeyPlan(
        "checkout", "web", "bob", 480, 151 * DAY, Use(_CHAT, ("gpt-5.6-mini",), 80), deleted_age=150
    ),
    KeyPlan(
        "hackathon", "default", "priya", 64, 60 * DAY, Use(_CHAT, ("gpt-5.6",), 240), deleted_age=58
    ),
)

ADMIN_KEYS = (
    AdminKeyPlan("oai-tui", "alice", 410, 3 * MINUTE),
    AdminKeyPlan("finance export", "bob", 200, 6 * HOUR, scopes=("api.usage.read",)),
    AdminKeyPlan(
        "terraform",
        "bob",
        150,
        2 * DAY,
        scopes=("api.management.read", "api.management.write"),
        expires=45,
    ),
    AdminKeyPlan("audit 2025", "alice", 500, 260 * DAY),
)

SMALL = Plan(
    name="Acme Research",
    slug="acme-research",
    domain="acme-research.example",
    people=PEOPLE,
    projects=PROJECTS,
    accounts=ACCOUNTS,
    keys=(*WEB, *RESEARCH, *DATA, *SUPPORT, *EVAL, *TOOLS, *ELSEWHERE, *DELETED),
    admin_keys=ADMIN_KEYS,
    limits=((None, 250_000), ("research", 100_000), ("eval", 20_000)),
    alerts=((None, 200_000), (None, 237_500)),
)
