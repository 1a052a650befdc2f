"""One variable of a .env file is changed, and not a byte beside it."""

from __future__ import annotations

import contextlib
import subprocess
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oai_tui.core.dotenv import Unclear, replaced, values
from tests.canary import CANARY

KEY = "OPENAI_API_KEY"


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [
        ("OPENAI_API_KEY=sk-old\n", "OPENAI_API_KEY=NEW\n", 1),
        ("OPENAI_API_KEY='sk-old'\n", "OPENAI_API_KEY='NEW'\n", 1),
        ('OPENAI_API_KEY="sk-old"\n', 'OPENAI_API_KEY="NEW"\n', 1),
        ('OPENAI_API_KEY=""\n', 'OPENAI_API_KEY="NEW"\n', 1),
        ("export OPENAI_API_KEY=sk-old\n", "export OPENAI_API_KEY=NEW\n", 1),
        ("\t export\tOPENAI_API_KEY = 'a'  # c\n", "\t export\tOPENAI_API_KEY = 'NEW'  # c\n", 1),
        ("OPENAI_API_KEY=old # since May\n", "OPENAI_API_KEY=NEW # since May\n", 1),
        ("OPENAI_API_KEY=old#1\n", "OPENAI_API_KEY=NEW\n", 1),
        ("OPENAI_API_KEY=#1\n", "OPENAI_API_KEY=NEW\n", 1),
        ("OPENAI_API_KEY=\n", "OPENAI_API_KEY=NEW\n", 1),
        ("OPENAI_API_KEY=   \n", "OPENAI_API_KEY=NEW   \n", 1),
        ("OPENAI_API_KEY= # none yet\n", "OPENAI_API_KEY=NEW # none yet\n", 1),
        ("OPENAI_API_KEY=your key here\n", "OPENAI_API_KEY=NEW\n", 1),
        ("OPENAI_API_KEY=${OTHER}\n", "OPENAI_API_KEY=NEW\n", 1),
        ('OPENAI_API_KEY="old" # don\'t\n', 'OPENAI_API_KEY="NEW" # don\'t\n', 1),
        ('OPENAI_API_KEY="a\nb"\nB=2\n', 'OPENAI_API_KEY="NEW"\nB=2\n', 1),
        ("\ufeffOPENAI_API_KEY=a\n", "\ufeffOPENAI_API_KEY=NEW\n", 1),
        ("A=1\r\nOPENAI_API_KEY=a\r\nB=2", "A=1\r\nOPENAI_API_KEY=NEW\r\nB=2", 1),
        ("A=1\r\nOPENAI_API_KEY=a\r\n", "A=1\r\nOPENAI_API_KEY=NEW\r\n", 1),
        ("OPENAI_API_KEY=a", "OPENAI_API_KEY=NEW", 1),
        (
            "OPENAI_API_KEY=a\nB=1\nexport OPENAI_API_KEY='b'\n",
            "OPENAI_API_KEY=NEW\nB=1\nexport OPENAI_API_KEY='NEW'\n",
            2,
        ),
        ("", "OPENAI_API_KEY=NEW\n", 0),
        ("\ufeff", "\ufeffOPENAI_API_KEY=NEW\n", 0),
        ("A=1\n", "A=1\nOPENAI_API_KEY=NEW\n", 0),
        ("A=1", "A=1\nOPENAI_API_KEY=NEW", 0),
        ("A=1\r\nB=2\r\n", "A=1\r\nB=2\r\nOPENAI_API_KEY=NEW\r\n", 0),
        ("export A=1\n# all\nexport B=2\n", None, 0),
        ("# OPENAI_API_KEY=old\n", "# OPENAI_API_KEY=old\nOPENAI_API_KEY=NEW\n", 0),
        ("MY_OPENAI_API_KEY=1\n", "MY_OPENAI_API_KEY=1\nOPENAI_API_KEY=NEW\n", 0),
        ("openai_api_key=1\n", "openai_api_key=1\nOPENAI_API_KEY=NEW\n", 0),
        ("export OPENAI_API_KEY\n", "export OPENAI_API_KEY\nOPENAI_API_KEY=NEW\n", 0),
        ('PEM="-----BEGIN\nabc=\n-----END"\n', None, 0),
        ("DIR=C:\\tools\\\n", "DIR=C:\\tools\\\n\nOPENAI_API_KEY=NEW\n", 0),
        ("not a line of this kind\n= 3\nB='x'\n", None, 0),
    ],
)
def test_the_variable_changes_and_nothing_else(before: str, after: str | None, places: int) -> None:
    if after is None:
        export = "export " if before.startswith("export") else ""
        after = f"{before}{export}{KEY}=NEW\n"
    assert replaced(before, KEY, "NEW") == (after, places)
    assert values(after, KEY) == ["NEW"] * max(places, 1)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('A=1\nB="never closed\nOPENAI_API_KEY=a\n', 2),
        ("A='it\nOPENAI_API_KEY=a\nB='x'\n", 1),
        ('A="x\nOPENAI_API_KEY=a\ny"\n', 2),
        ("A=`cat\nOPENAI_API_KEY=a\n`\n", 2),
        ('\nA="x"\'y\n', 2),
        ("A='it\\'s'\n", 1),
        ('OPENAI_API_KEY="a"b\n', 1),
        ('OPENAI_API_KEY="a\\"b"\n', 1),
        ('OPENAI_API_KEY="a"; export B\n', 1),
        ("OPENAI_API_KEY=a; export OPENAI_API_KEY\n", 1),
        ("OPENAI_API_KEY=a B=b run\n", 1),
        ("OPENAI_API_KEY=$(op read x)\n", 1),
        ("OPENAI_API_KEY=`op read x`\n", 1),
        ("OPENAI_API_KEY=a\\\nb\n", 1),
        ("A=x\\\nOPENAI_API_KEY=a\n", 2),
        ("A=1\rOPENAI_API_KEY=a\r", 1),
    ],
)
def test_what_programs_read_differently_is_left_alone(text: str, line: int) -> None:
    with pytest.raises(Unclear) as caught:
        replaced(text, KEY, "NEW")
    assert caught.value.line == line
    assert caught.value.why


@pytest.mark.parametrize("value", ["a b", "a'b", 'a"b', "a$b", "a\\b", "a#b", "a\nb", "", "é"])
def test_a_value_that_needs_quotes_of_its_own_is_refused(value: str) -> None:
    with pytest.raises(Unclear):
        replaced("", KEY, value)


PIECES = st.sampled_from(
    [
        KEY,
        "A",
        "export ",
        "=",
        "\n",
        "\r\n",
        " ",
        "#",
        '"',
        "'",
        "`",
        "\\",
        "x",
        "\ufeff",
        "\r",
        "$(",
    ]
)
TEXTS = st.lists(PIECES, max_size=24).map("".join)


@settings(max_examples=1500, deadline=None)
@given(TEXTS)
def test_any_text_keeps_all_but_the_values(text: str) -> None:
    try:
        after, places = replaced(text, KEY, "NEW")
    except Unclear:
        return
    assert values(after, KEY) == ["NEW"] * max(places, 1)
    assert replaced(after, KEY, "NEW") == (after, max(places, 1))
    if places:
        again = replaced(after, KEY, "OLDER")[0]
        assert again.replace("OLDER", "NEW") == after
    else:
        assert after.startswith(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OPENAI_API_KEY=old # since May",
        "  export OPENAI_API_KEY='old'\n",
        'A="two\nlines"\nOPENAI_API_KEY="old" # c\nOPENAI_API_KEY=older\n',
        "DIR=C:\\tools\\\n",
        "A=it\\'s\n# don't\n",
        "OPENAI_API_KEY= # none yet\n",
    ],
)
def test_a_shell_reads_what_was_written(text: str) -> None:
    after, _ = replaced(text, KEY, CANARY)
    script = f'eval "$1"; printf %s "${KEY}"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", after], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == CANARY


LARGE = {
    "blanks": "A=x" + " " * 500_000 + "y\n",
    "one name": "A" * 500_000,
    "continued": "A=\\\n" * 100_000,
    "quotes": "'" * 500_000,
    "many lines": "A='\n'\n" * 90_000,
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_large_file_takes_no_time(kind: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(Unclear):
        replaced(LARGE[kind], KEY, "NEW")
    assert time.perf_counter() - start < 20
