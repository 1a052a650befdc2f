from __future__ import annotations

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oai_tui.core.base_url import OFFICIAL, BaseUrl
from oai_tui.core.errors import WrongInput


@pytest.mark.parametrize(
    ("typed", "url", "origin", "loopback"),
    [
        (OFFICIAL, OFFICIAL, "https://api.openai.com", False),
        (f"  {OFFICIAL}/ \n", OFFICIAL, "https://api.openai.com", False),
        ("HTTPS://API.OpenAI.com:443/v1", OFFICIAL, "https://api.openai.com", False),
        ("https://proxy.example:8443", "https://proxy.example:8443", None, False),
        ("https://proxy.example/a/b//", "https://proxy.example/a/b", None, False),
        ("http://localhost:8000/v1", "http://localhost:8000/v1", None, True),
        ("http://127.0.0.1/v1", "http://127.0.0.1/v1", "http://127.0.0.1", True),
        ("http://127.9.9.9:80/v1", "http://127.9.9.9/v1", "http://127.9.9.9", True),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1", "http://[::1]:8000", True),
        ("https://[2001:db8::1]:444/v1", "https://[2001:db8::1]:444/v1", None, False),
        ("https://xn--bcher-kva.example/v1", "https://xn--bcher-kva.example/v1", None, False),
    ],
)
def test_addresses_that_are_taken(typed: str, url: str, origin: str | None, loopback: bool) -> None:
    read = BaseUrl.parse(typed)
    assert (read.url, read.is_loopback) == (url, loopback)
    assert read.origin == (origin or "/".join(url.split("/")[:3]))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "api.openai.com/v1",
        "ftp://api.openai.com/v1",
        "file:///etc/passwd",
        "https:///v1",
        "https://user@api.openai.com/v1",
        "https://user:word@api.openai.com/v1",
        "https://api.openai.com\\@evil.example/v1",
        "https://evil.example\\.openai.com/v1",
        "https://api.openai.com/v1?key=1",
        "https://api.openai.com/v1#top",
        "https://api.openai.com:99999/v1",
        "https://api.openai.com:port/v1",
        "https://[::1/v1",
        "https://[fe80::1%25eth0]/v1",
        "https://api.\u00f6penai.com/v1",
        "https://api.\uff4fpenai.com/v1",
        "https://\u0430pi.openai.com/v1",
        "https://api openai.com/v1",
        "https://a..b/v1",
        "https://-a.example/v1",
        "https://api.openai.com/v1/../../x",
        "https://api.openai.com/v1/./x",
        "https://api.openai.com/v 1",
        "https://api.openai.com/\x1b]0;x",
        "http://api.openai.com/v1",
        "http://127.0.0.1.evil.example/v1",
        "http://localhost.evil.example/v1",
        "http://0.0.0.0/v1",
        "http://192.168.0.1/v1",
        "http://2130706433/v1",
        "http://[::2]/v1",
    ],
)
def test_addresses_that_are_refused(typed: str) -> None:
    with pytest.raises(WrongInput) as caught:
        BaseUrl.parse(typed)
    assert caught.value.way_out
    assert "\x1b" not in str(caught.value)


@given(st.text(max_size=30).map("https://".__add__) | st.text(max_size=30))
@example("https://a:0")
@example("https://[v1.x]")
def test_whatever_is_taken_means_the_same_to_the_client(typed: str) -> None:
    try:
        read = BaseUrl.parse(typed)
    except WrongInput:
        return
    seen = httpx.URL(read.url + "/organization/costs")
    place = f"[{seen.host}]" if ":" in seen.host else seen.host
    place += "" if seen.port is None else f":{seen.port}"
    assert f"{seen.scheme}://{place}" == read.origin
    assert str(seen) == read.url + "/organization/costs"


def test_only_openai_is_official() -> None:
    assert BaseUrl.parse(OFFICIAL).is_official
    assert not BaseUrl.parse("https://api.openai.com:444/v1").is_official
    assert not BaseUrl.parse("https://api.openai.com.evil.example/v1").is_official
