"""One rotation in words and marks: a row of the queue, and everything about it below."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from textual.content import Content

from oai_tui.core.delivery import DeliveryFailed
from oai_tui.core.rotation import Method, Rotation, Step
from oai_tui.core.text import UNKNOWN, span, when
from oai_tui.services.rotation import Action, Watch, words_of
from oai_tui.services.rotation.queue import Line
from oai_tui.ui.widgets.key_words import LABEL, labelled
from oai_tui.ui.widgets.table import Cell, Column

STEPS = (
    Step.PLANNED,
    Step.CREATED,
    Step.STORED,
    Step.DELIVERED,
    Step.PROVED,
    Step.WAITING,
    Step.REVOKED,
)
"""The way of a rotation that ends as it should."""

ENDS = (Step.KEPT, Step.UNDONE, Step.FAILED, Step.FORGOTTEN)

GRAPH = 60
"""Minutes of the small graph of the old key's requests."""

HOW = {
    Method.SAME_ACCOUNT: "a further key of the same service account",
    Method.NEW_ACCOUNT: "a new service account in place of a person's key",
    Method.ADMIN: "a further admin key",
    Method.OWN: "a further admin key, with which oai-tui goes on itself",
}

Fact = tuple[str, Content]
"""A label and what there is to say, on one line or several."""

ENTER = {
    Action.SETTLE: "look what became of it",
    Action.DELIVER: "deliver",
    Action.PROVE: "prove",
    Action.WAIT: "go on",
    Action.REVOKE: "revoke the old key",
    Action.UNDO: "undo",
    Action.KEEP: "keep the old key",
}
"""What enter does next."""


def rotation_columns() -> tuple[Column[Line], ...]:
    """Return the columns of the queue."""
    return (
        Column("name", "KEY", 20, lambda line: line.name or line.old_id, grow=True, priority=9),
        Column("old", "OLD", 14, lambda line: Cell(line.masked, "muted"), priority=2),
        Column("new", "NEW KEY", 22, _new, grow=True, priority=4),
        Column("step", "STEP", 22, _step, priority=8),
        Column("next", "NEXT (ENTER)", 26, _next, grow=True, priority=7),
    )


def story(line: Line, now: datetime, width: int, *, unicode: bool = True) -> Content:
    """Return everything there is to say of a rotation, what is next first, `width` cells wide."""
    rotation = line.rotation
    facts = _now(line)
    if rotation and rotation.step is Step.WAITING:
        facts += _watched(rotation, line.watch, unicode=unicode)
    if rotation:
        facts += _facts(rotation, now)
    facts += [("done" * (not n), Content(said)) for n, said in enumerate(line.said[-3:])]
    lines = [_way(line)]
    for label, fact in facts:
        first, *more = fact.wrap(max(width - LABEL, LABEL)) or [Content("")]
        lines += [labelled(label, first), *(labelled("", each) for each in more)]
    return Content("\n").join(lines)


def _now(line: Line) -> list[Fact]:
    """Return what is to be done about it, and what stopped it."""
    facts: list[Fact] = []
    if line.is_working:
        facts.append(("now", Content.styled("working …", "$text-accent")))
    elif line.next:
        label = "now" if line.is_finished else "next"
        facts.append((label, Content.styled(line.next.words, "bold")))
    elif line.problem and line.rotation is None:
        words = "Nothing was made; the old key is as it was. Enter tries again."
        facts.append(("next", Content.styled(words, "bold")))
    if line.problem:
        facts.append(("stopped", Content.styled(str(line.problem), "$text-error")))
        if isinstance(line.problem, DeliveryFailed):
            said = (Content.styled(each, "$text-muted") for each in line.problem.output)
            facts += [("" if n else "it said", each) for n, each in enumerate(said)]
        if line.problem.request_id:
            facts.append(("request", Content.styled(line.problem.request_id, "$text-muted")))
    if line.trouble:
        facts.append(("trouble", Content.styled(line.trouble, "$text-warning")))
    return facts


def enter_does(line: Line) -> str:
    """Return what enter does with a line, or "" while nothing can be done."""
    if line.is_working or line.is_elsewhere:
        return ""
    if line.rotation is None:
        return "try again"
    if line.is_finished:
        return "take off the list"
    return ENTER.get(line.next.action, "") if line.next else ""


def moving(watch: Watch | None) -> Content:
    """Return whether anyone is still on the old key, in a sentence."""
    if watch is None:
        return Content.styled("not looked at yet", "$text-muted")
    if watch.is_gone:
        return Content.styled("The old key is gone.", "$text-warning")
    if watch.is_moving is None:
        return Content.styled("not known", "$text-warning")
    if watch.quiet_for is None and watch.is_early:
        return Content.styled(
            "Not seen used since the switch, but that was just now and use is reported late.",
            "$text-warning",
        )
    if watch.quiet_for is None:
        return Content.styled("Not seen used since the switch.", "$text-success")
    ago = span(watch.quiet_for.total_seconds())
    if watch.is_moving:
        return Content.styled(f"Still in use: last seen {ago} ago.", "$text-error")
    return Content.styled(f"Quiet for {ago}.", "$text-success")


def _new(line: Line) -> Cell:
    rotation = line.rotation
    if rotation is None or not rotation.new_id:
        return Cell(UNKNOWN, "muted")
    return Cell(rotation.name)


def _step(line: Line) -> Cell:
    if line.is_working:
        return Cell("… working", "accent")
    if line.rotation is None:
        return Cell("✖ not begun", "bad")
    rotation = line.rotation
    if line.is_elsewhere:
        return Cell(f"{rotation.step}, elsewhere", "muted")
    if rotation.is_finished:
        good = rotation.step in (Step.REVOKED, Step.KEPT)
        return Cell(f"✓ {rotation.step}" if good else f"○ {rotation.step}", "good" if good else "")
    if rotation.is_in_doubt:
        return Cell(f"? after {rotation.step}", "warn")
    if line.problem:
        return Cell(f"✖ {rotation.step}", "bad")
    if rotation.step is Step.WAITING:
        return _waiting(line.watch)
    return Cell(f"● {rotation.step}", "accent")


def _waiting(watch: Watch | None) -> Cell:
    if watch is None or watch.is_moving is None:
        return Cell("● waiting", "accent")
    if watch.is_moving:
        return Cell("▲ still in use", "warn")
    if watch.quiet_for is None:
        early = watch.is_early
        return Cell("● waiting" if early else "● not seen", "accent" if early else "good")
    return Cell(f"● quiet {span(watch.quiet_for.total_seconds())}", "good")


def _next(line: Line) -> Cell:
    return Cell(enter_does(line) or UNKNOWN, "" if enter_does(line) else "muted")


def _way(line: Line) -> Content:
    """Return the steps with how far it has come."""
    rotation = line.rotation
    at = rotation.step if rotation else None
    if at in ENDS:
        reached = [f"✓ {at}" if at is Step.KEPT else f"○ {at}"]
        return Content.styled(" ".join(reached), "bold")
    done = STEPS.index(at) if at else -1
    if at is Step.WAITING:
        done -= 1  # it lasts
    return Content("  ").join(
        Content.styled(f"✓ {step}", "$text-success")
        if place <= done
        else Content.styled(f"● {step}", "bold $text-accent")
        if place == done + 1 and not (at and rotation and rotation.is_finished)
        else Content.styled(f"○ {step}", "$text-muted")
        for place, step in enumerate(STEPS)
    )


def _facts(rotation: Rotation, now: datetime) -> list[Fact]:
    places = [f"✓ {words_of(each)}" for each in rotation.delivered]
    places += [f"? {words_of(each)} (not certain)" for each in rotation.unsure]
    if rotation.step is Step.STORED:
        wanted = (each for each in rotation.to_deliver if each not in rotation.unsure)
        places += [f"○ {words_of(each)}" for each in wanted]
    begun = f"begun {when(rotation.at, now)}"
    if rotation.switched_at:
        switched = rotation.switched_at.astimezone(UTC)
        begun += f", switched at {switched:%H:%M} UTC ({when(rotation.switched_at, now)})"
    if rotation.kept_in:
        begun += f"; the value waits in {rotation.kept_in}"
    return [
        *([("delivered", Content("   ".join(places)))] if places else []),
        ("when", Content(begun)),
        ("old key", Content(f"{rotation.old_masked}  {rotation.old_id}")),
        ("new key", Content(f"{rotation.name}  {rotation.new_id or '(id not known yet)'}")),
        ("how", Content(HOW[rotation.method])),
    ]


def _watched(rotation: Rotation, watch: Watch | None, *, unicode: bool) -> list[Fact]:
    facts: list[Fact] = [("old key now", moving(watch))]
    if watch is None:
        return facts
    if not rotation.method.is_admin:
        facts.append(("requests", _graph(rotation, watch, unicode=unicode)))
    return [*facts, *(("", Content.styled(gap, "$text-warning")) for gap in watch.gaps)]


def _graph(rotation: Rotation, watch: Watch, *, unicode: bool) -> Content:
    """Return the old key's requests of the last minutes since the switch, with their number."""
    from oai_tui.ui.charts import Style, spark

    first = max(rotation.switched_at or watch.as_of, watch.as_of - timedelta(minutes=GRAPH))
    by_minute = {minute.at: minute.requests for minute in watch.minutes}
    start = first.replace(second=0, microsecond=0)
    moments = int((watch.as_of - start).total_seconds() // 60) + 1
    values = [by_minute.get(start + timedelta(minutes=n), 0) for n in range(moments)]
    total = sum(minute.requests for minute in watch.minutes)
    since = f"{total} since the switch, by the minute, as of {watch.as_of:%H:%M} UTC"
    if not total:
        return Content(f"none reported since the switch, as of {watch.as_of:%H:%M} UTC")
    drawn = spark(values, GRAPH, style=Style(color=False, unicode=unicode))
    return Content.assemble(Content.styled(drawn.plain, "$text-warning"), f"  {since}")
