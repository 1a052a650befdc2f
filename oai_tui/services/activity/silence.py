"""What is said where the platform does not give its audit log, claiming no more than is known."""

from __future__ import annotations

from oai_tui.core.errors import ApiProblem, KeyRefused, MissingScope, NotFound, Rejected

SWITCH = "https://platform.openai.com/settings/organization/data-controls/data-retention"
"""Where an owner switches audit logging on."""

HOW = (
    "An owner of the organization switches it on in the browser:\n"
    "Organization settings → Data controls → Data retention → Audit logging\n"
    f"{SWITCH}"
)

NOTHING_YET = f"The audit log has no lines. Audit logging may be switched off.\n\n{HOW}"


def may_be_off(problem: ApiProblem) -> bool:
    """Whether this is how a log that is switched off may look.

    The platform does not document it; a key without the right to read looks much the same.
    """
    if isinstance(problem, MissingScope):
        return not problem.scopes
    return isinstance(problem, NotFound | Rejected)


def told(problem: ApiProblem) -> ApiProblem:
    """Return a problem of the audit log with all its ways out."""
    if may_be_off(problem):
        _, _, words = problem.what.partition(": ")
        says = f" It says: “{words.rstrip('.')}”." if words else ""
        return ApiProblem(
            f"The platform does not give the audit log.{says}",
            f"Audit logging may be switched off, or this key may not read it.\n\n{HOW}",
            problem.request_id,
        )
    if isinstance(problem, MissingScope):
        return MissingScope(
            f"The audit log cannot be read: {_sentence(problem.what)}",
            problem.way_out,
            problem.request_id,
            problem.scopes,
        )
    if isinstance(problem, KeyRefused):
        return problem
    return type(problem)(
        f"The audit log could not be read: {_sentence(problem.what)}",
        problem.way_out,
        problem.request_id,
    )


def in_short(problem: ApiProblem) -> str:
    """Return the same in one line, for beside what is shown."""
    if may_be_off(problem):
        return (
            "The platform does not give the audit log: it may be switched off (Organization "
            "settings → Data controls → Data retention), or this key may not read it."
        )
    explained = told(problem)
    return f"{explained.what} {explained.way_out}".rstrip() + problem.trace


def _sentence(text: str) -> str:
    return text[:1].lower() + text[1:]
