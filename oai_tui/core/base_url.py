"""The address of the platform, and the rules for trusting it with a key."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from oai_tui.core.errors import WrongInput
from oai_tui.core.text import clean

OFFICIAL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """Where requests go. `origin` is `scheme://host[:port]`; a key belongs to one origin."""

    url: str
    origin: str
    is_loopback: bool

    @property
    def is_official(self) -> bool:
        """Whether this is OpenAI's own address, so that no banner is needed."""
        return self.origin == "https://api.openai.com"

    @classmethod
    def parse(cls, text: str) -> BaseUrl:
        """Read an address: https anywhere, plain http only on this machine.

        Raises WrongInput for everything that could carry a key to the wrong place.
        """
        shown = clean(text, 120)
        try:
            parts = urlsplit(text.strip())
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise WrongInput(f"“{shown}” is not a web address.", _EXAMPLE) from None
        if parts.scheme not in ("https", "http") or not _is_host(host):
            raise WrongInput(f"“{shown}” is not a web address.", _EXAMPLE)
        if not _PATH.fullmatch(parts.path):
            raise WrongInput(f"“{shown}” has a path that no server knows.", _EXAMPLE)
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise WrongInput(
                "The base URL must not hold a user name, a query or a fragment.", _EXAMPLE
            )
        loopback = _is_loopback(host)
        if parts.scheme == "http" and not loopback:
            raise WrongInput(
                "Over plain http a key could be read on its way.",
                "Use https; http is for servers on this machine only.",
            )
        standard = {"https": 443, "http": 80}[parts.scheme]
        shown_host = f"[{host}]" if ":" in host else host
        place = shown_host if port in (None, standard) else f"{shown_host}:{port}"
        origin = f"{parts.scheme}://{place}"
        return cls(origin + parts.path.rstrip("/"), origin, loopback)


_EXAMPLE = f"It looks like {OFFICIAL}."
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?")
_PATH = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9_.~+=:,-]*)*")


def _is_host(host: str) -> bool:
    """Whether every reader of an address sees the same host in it."""
    if ":" not in host:
        return bool(_NAME.fullmatch(host)) and ".." not in host
    try:
        return ipaddress.IPv6Address(host).scope_id is None
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
