"""The pictures show what is there."""

from __future__ import annotations

import asyncio

import pytest

from screenshots.__main__ import PICTURES, drawn, path_of


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_what_the_program_draws(name: str) -> None:
    assert asyncio.run(drawn(name)) == path_of(name).read_text(), "draw anew: make screenshots"
