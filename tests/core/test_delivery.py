"""Where a value goes, as people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oai_tui.core.delivery import Destination, DestinationKind
from oai_tui.core.errors import WrongInput
from tests.canary import CANARY, leaks

SPELLINGS = [
    ("show", Destination(DestinationKind.SHOW), "the screen"),
    ("clipboard", Destination(DestinationKind.CLIPBOARD), "the terminal's clipboard"),
    ("file:~/a key.txt", Destination(DestinationKind.FILE, "~/a key.txt"), "file ~/a key.txt"),
    (
        "env:/srv/a:b/.env:OPENAI_API_KEY",
        Destination(DestinationKind.ENV, "/srv/a:b/.env", "OPENAI_API_KEY"),
        "variable OPENAI_API_KEY in /srv/a:b/.env",
    ),
    (
        "command:vault-put_2",
        Destination(DestinationKind.COMMAND, name="vault-put_2"),
        "command vault-put_2",
    ),
]


@pytest.mark.parametrize(("text", "destination", "words"), SPELLINGS)
def test_a_destination_is_read_and_written_alike(
    text: str, destination: Destination, words: str
) -> None:
    assert Destination.parse(f" {text} ") == destination
    assert destination.text == text
    assert destination.words == words


def test_only_a_screen_shows() -> None:
    by_hand = [each.is_by_hand for _, each, _ in SPELLINGS]
    assert by_hand == [True, True, False, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "show:now",
        "Show",
        "file",
        "file: ",
        "file:a\x1b[31mb",
        "file:" + "x" * 5000,
        "env:.env",
        "env::NAME",
        "env:.env:",
        "env:.env:1KEY",
        "env:.env:MY KEY",
        "env:.env:KEY\u202e",
        "command:",
        "command:a b",
        "command:../x",
        "command:" + "x" * 41,
        "vault:x",
    ],
)
def test_what_is_no_destination_says_how_to_write_one(text: str) -> None:
    with pytest.raises(WrongInput) as caught:
        Destination.parse(text)
    assert caught.value.way_out
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["{}", "file:{}", "env:.env:{}", "command:{}", "env:{}:NAME"])
def test_a_key_in_the_place_of_a_destination_is_not_repeated(text: str) -> None:
    with pytest.raises(WrongInput, match="looks like a key") as caught:
        Destination.parse(text.format(CANARY))
    assert not leaks(CANARY, str(caught.value))


@given(st.text())
def test_any_text_is_a_destination_or_a_mistake(text: str) -> None:
    try:
        found = Destination.parse(text)
    except WrongInput:
        return
    assert Destination.parse(found.text) == found
