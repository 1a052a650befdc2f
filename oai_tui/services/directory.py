"""Who is who: the names behind the ids that usage and costs report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from oai_tui.api import keys as api
from oai_tui.api.client import Client
from oai_tui.core.keys import ApiKey, Project
from oai_tui.core.kinds import Kind
from oai_tui.core.text import short_id
from oai_tui.core.usage import Dimension

_UNLISTED = {
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
        self._keys: dict[str, ApiKey] = {}
        self._listeners: list[Callable[[], None]] = []

    def listen(self, to_news: Callable[[], None]) -> None:
        """Have something called whenever names were learned or changed."""
        self._listeners.append(to_news)

    def learn_estate(
        self, projects: Iterable[Project], keys: Iterable[ApiKey], former: Iterable[ApiKey] = ()
    ) -> None:
        """Take the names of projects, keys and their owners.

        Keys that were listed once keep their last known name, marked as deleted.
        """
        keys, former = tuple(keys), tuple(former)
        self._keys.update((key.id, key) for key in (*former, *keys))
        owners = {key.owner.id: key.owner.label for key in keys if key.owner and key.owner.id}
        known = self._names[Dimension.USER]
        self._learn(Dimension.PROJECT, {each.id: each.name or each.id for each in projects})
        gone = {key.id: f"{key.name} (deleted)" for key in former if key.name}
        self._learn(Dimension.KEY, gone | {key.id: key.name or key.id for key in keys})
        self._learn(Dimension.USER, {id: name for id, name in owners.items() if id not in known})

    def learn_users(self, names: Mapping[str, str]) -> None:
        """Take the names of the organization's members."""
        self._learn(Dimension.USER, names)

    def name_of(self, dimension: Dimension, id: str) -> str:
        """Return the name of an id, or what can be said of one that is not listed."""
        if not id:
            return f"(no {dimension.label})"
        if dimension is Dimension.KIND:
            return Kind(id).label if id in set(Kind) else id
        if dimension is Dimension.BATCH:
            return {"true": "in batches", "false": "one by one"}.get(id, id)
        if dimension not in self._names:
            return id
        return self._names[dimension].get(id) or f"{short_id(id)} ({_UNLISTED[dimension]})"

    def known(self, dimension: Dimension) -> Mapping[str, str]:
        """Return the names of everything that was listed, by id."""
        return self._names.get(dimension, {})

    def key_of(self, id: str) -> ApiKey | None:
        """Return a key as it was listed last, None for one that never was."""
        return self._keys.get(id)

    def keys_of(self, project_id: str) -> tuple[ApiKey, ...]:
        """Return the keys that were listed of a project."""
        keys = self._keys.values()
        return tuple(key for key in keys if key.project and key.project.id == project_id)

    def _learn(self, dimension: Dimension, names: Mapping[str, str]) -> None:
        known = self._names[dimension]
        if any(known.get(id) != name for id, name in names.items()):
            known.update(names)
            for tell in self._listeners:
                tell()


async def learn_members(client: Client, directory: Directory) -> None:
    """Ask for the names of the organization's members. Raises ApiProblem."""
    directory.learn_users(await api.users(client))
