"""A style sheet knows widgets by the name of their class alone, whatever module they are in."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator

from textual.dom import DOMNode

import oai_tui.ui


def _nodes(of: type[DOMNode] = DOMNode) -> Iterator[type[DOMNode]]:
    for each in of.__subclasses__():
        yield each
        yield from _nodes(each)


def widgets_of_ours() -> set[str]:
    """Return the names of all our widgets and screens."""
    for module in pkgutil.walk_packages(oai_tui.ui.__path__, "oai_tui.ui."):
        importlib.import_module(module.name)
    return {each.__name__ for each in _nodes() if each.__module__.startswith("oai_tui.")}


def test_no_two_widgets_share_a_name_and_with_it_their_styles() -> None:
    ours = widgets_of_ours()
    names = Counter(each.__name__ for each in set(_nodes()))
    assert {name for name in ours if names[name] > 1} == set()
