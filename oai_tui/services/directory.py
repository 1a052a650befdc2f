"""Who is who: the names behind the ids that usage and costs report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from oai_tui.core.keys import ApiKey, Project
from oai_tui.core.text import short_id
from oai_tui.core.usage import Dimension

_NOBODY = {
    Dimension.MODEL: "(no model)",
    Dimension.PROJECT: "(no project)",
    Dimension.KEY: "(no key)",
    Dimension.USER: "(no user)",
}
_UNLISTED = {
    Dimension.MODEL: "",
    Dimension.PROJECT: "project",
    Dimension.KEY: "deleted or unknown key",
    Dimension.USER: "former or unknown user",
}


class Directory:
    """The names learned so far; what is not known keeps its id."""

    def __init__(self) -> None:
        self._names: dict[Dimension, dict[str, str]] = {
            Dimension.PROJECT: {},
            Dimension.KEY: {},
            Dimension.USER: {},
        }

    def learn_estate(self, projects: Iterable[Project], keys: Iterable[ApiKey]) -> None:
        """Take the names of projects, keys and their owners."""
        for project in projects:
            self._names[Dimension.PROJECT][project.id] = project.name or project.id
        for key in keys:
            self._names[Dimension.KEY][key.id] = key.name or key.id
            if key.owner and key.owner.id:
                self._names[Dimension.USER].setdefault(key.owner.id, key.owner.label)

    def learn_users(self, names: Mapping[str, str]) -> None:
        """Take the names of the organization's members."""
        self._names[Dimension.USER].update(names)

    def name_of(self, dimension: Dimension, id: str) -> str:
        """Return the name of an id, or what can be said of one that is not listed."""
        if not id:
            return _NOBODY[dimension]
        if dimension is Dimension.MODEL:
            return id
        return self._names[dimension].get(id) or f"{short_id(id)} ({_UNLISTED[dimension]})"
