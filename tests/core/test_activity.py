from __future__ import annotations

import pytest

from oai_tui.core.activity import Event

BOB = "bob@acme.io"


@pytest.mark.parametrize(
    ("type", "more", "words"),
    [
        ("api_key.created", {}, "created by bob@acme.io"),
        ("api_key.deleted", {}, "deleted by bob@acme.io"),
        ("api_key.updated", {"scopes": ()}, "scopes changed by bob@acme.io"),
        ("api_key.updated", {"expires_in": 60}, "expiry changed by bob@acme.io"),
        (
            "api_key.updated",
            {"scopes": ("api.all.read",), "expires_in": 60},
            "scopes and expiry changed by bob@acme.io",
        ),
        ("api_key.updated", {}, "changed by bob@acme.io"),
        ("api_key.created", {"scopes": ("api.all.read",)}, "created by bob@acme.io"),
        ("tenant.admin_api_key.created", {}, "created by bob@acme.io"),
        ("service_account.created", {}, "service account created by bob@acme.io"),
        ("rate_limit.updated", {}, "rate limit changed by bob@acme.io"),
        ("odd", {}, "odd by bob@acme.io"),
    ],
)
def test_words(type: str, more: dict[str, object], words: str) -> None:
    assert Event("log_1", type, None, BOB, "key_1", **more).words() == words  # type: ignore[arg-type]


def test_an_event_of_nobody() -> None:
    assert Event("log_1", "api_key.created", None, "", "key_1").words() == "created"
