"""Problems in words: the request they name, and saying a thing once."""

from __future__ import annotations

from oai_tui.core.errors import PlatformDown, once


def test_a_problem_ends_a_line_with_its_request() -> None:
    failed = "The platform failed to answer (500)."
    assert PlatformDown(failed, "Try again.", "req_1").trace == " Request req_1."
    assert PlatformDown(failed).trace == ""


def test_what_differs_in_the_request_alone_is_said_once() -> None:
    lost, old = "Not read: costs. It failed.", "It failed. These figures are as last seen 3 h ago."
    first = [f"{lost} Request req_1.", f"{old.replace('d. T', 'd. Request req_2. T')}"]
    again = [f"{lost} Request req_3.", f"{old.replace('d. T', 'd. Request req_4. T')}", lost]
    other = "Not read: tokens. It failed. Request req_1."
    assert once([*first, *again, other]) == (*first, other)
    assert once([]) == ()
