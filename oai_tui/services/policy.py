"""The organization's own rules for keys, told by a refusal: no endpoint can be asked for them."""

from __future__ import annotations

import re

from oai_tui.core.errors import Rejected
from oai_tui.core.text import span

_SECONDS = re.compile(r"(\d{1,10}) seconds")
_ACCOUNTS_ONLY = re.compile(r"only .*service[- ]account|service[- ]accounts? only", re.IGNORECASE)
_LIFETIME = re.compile(r"expir|lifetime", re.IGNORECASE)


def explained(problem: Rejected) -> Rejected:
    """Return a refusal with the rule behind it and the way out, where it is one of those rules.

    Any other refusal comes back as it is.
    """
    said = problem.detail
    if "policy" not in said.casefold():
        return problem
    if _ACCOUNTS_ONLY.search(said):
        return _told(
            problem,
            "A rule of the organization lets only service accounts have keys.",
            "Make a key for a service account (n) in its place; an owner can change the rule in "
            "the dashboard.",
        )
    if _LIFETIME.search(said):
        return _told(problem, *_about_lifetime(said))
    return problem


def _about_lifetime(said: str) -> tuple[str, str]:
    found = _SECONDS.search(said)
    longest = span(int(found[1])) if found else ""
    most = f"{longest} at most" if longest else "not as long as asked for"
    way_out = f"Give it an expiry within {longest}." if longest else "Give it a shorter expiry."
    return f"A rule of the organization lets keys live {most}.", way_out


def _told(problem: Rejected, what: str, way_out: str) -> Rejected:
    return Rejected(what, way_out, problem.request_id, problem.detail)
