"""Whom an alert mails, as it is typed."""

from __future__ import annotations

import pytest

from oai_tui.core.alerts import recipients_of, subject_prefix_of
from oai_tui.core.errors import WrongInput

SECRET = "sk-admin-" + "a1B2" * 10


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ops@acme.io", ("ops@acme.io",)),
        (" ops@acme.io, Bob.O+x@mail.acme.co.uk ", ("ops@acme.io", "Bob.O+x@mail.acme.co.uk")),
        ("a@b.co;c@d.co\nA@B.CO", ("a@b.co", "c@d.co")),
        ("<a@b.co>", ("a@b.co",)),
        ("a@b.co,,;", ("a@b.co",)),
    ],
)
def test_recipients_typed(typed: str, found: tuple[str, ...]) -> None:
    assert recipients_of(typed) == found


@pytest.mark.parametrize(
    "typed",
    [
        "ops",
        "ops@",
        "@acme.io",
        "ops@acme",
        "a@b@c.de",
        "a b@c.de",
        ".a@b.co",
        "a..b@c.co",
        "a@-b.co",
        "a@b..co",
        "a@b.co\x1b]52;c;x\x07",
        "a@b.co\u202e",
        "fred@ex\u00e4mple.com",
        "a" * 65 + "@b.co",
    ],
)
def test_what_is_no_address_is_told_in_a_sentence(typed: str) -> None:
    with pytest.raises(WrongInput, match="is not an e-mail address") as raised:
        recipients_of(f"ok@acme.io {typed}")
    assert "\x1b" not in raised.value.what
    assert raised.value.way_out


def test_somebody_has_to_be_mailed_but_not_everybody() -> None:
    with pytest.raises(WrongInput, match="somebody"):
        recipients_of(" ,; ")
    with pytest.raises(WrongInput, match="more than 50"):
        recipients_of(" ".join(f"a{n}@b.co" for n in range(51)))


def test_a_prefix_is_plain_and_short_and_no_key() -> None:
    assert subject_prefix_of("  OpenAI   spend ") == "OpenAI spend"
    assert subject_prefix_of("") == ""
    for wrong in ("x" * 101, "a\x1b[2J", "a\u202eb", SECRET):
        with pytest.raises(WrongInput) as raised:
            subject_prefix_of(wrong)
        assert SECRET not in str(raised.value)
