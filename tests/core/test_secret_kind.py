"""Keys as people paste them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.errors import WrongInput
from oai_tui.core.secret import Secret
from oai_tui.core.secret_kind import SecretKind, key_from, kind_of
from tests.vault.canary import CANARY, in_text


@pytest.mark.parametrize(
    "around", ["{}", " {}\n", '"{}"', "'{}'\r\n", "“{}”", ' "`{}`" ', "\t{}\v"]
)
def test_what_stands_around_a_key_is_taken_off(around: str) -> None:
    assert key_from(around.format(CANARY)).reveal() == CANARY


@pytest.mark.parametrize(
    "text",
    [
        "",
        " '' ",
        CANARY[:40] + " " + CANARY[40:],
        CANARY[:40] + "\n" + CANARY[40:],
        CANARY + "é",
        CANARY + "\x1b[0m",
        "\ufeff" + CANARY,
        CANARY[:60] + "*****" + CANARY[60:],
        CANARY[:60] + "…" + CANARY[60:],
        CANARY * 8,
    ],
)
def test_what_cannot_be_a_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(WrongInput) as raised:
        key_from(text)
    assert raised.value.way_out
    assert not in_text(str(raised.value))
    assert raised.value.__context__ is None


@given(st.text())
def test_a_key_always_fits_a_header(text: str) -> None:
    try:
        key = key_from(text).reveal()
    except WrongInput:
        return
    assert key == key.strip()
    assert all(33 <= ord(char) <= 126 for char in key)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("sk-admin-1234abcd", SecretKind.ADMIN),
        ("sk-proj-abc", SecretKind.PROJECT),
        ("sk-svcacct-abc", SecretKind.SERVICE_ACCOUNT),
        ("sk-None-abc", SecretKind.LEGACY_USER),
        ("sk-" + "a1" * 24, SecretKind.LEGACY_USER),
        ("sk-" + "a1" * 25, SecretKind.UNKNOWN),
        ("sess-abc", SecretKind.SESSION),
        ("ghp_abc", SecretKind.UNKNOWN),
    ],
)
def test_the_beginning_tells_the_kind(key: str, kind: SecretKind) -> None:
    assert kind_of(Secret(key)) is kind
    assert all((kind.label, kind.what_it_can_do, kind.what_it_cannot))
