"""The folders where files of ours lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oai_tui.store.files import make_folder

_APP = "oai-tui"


@dataclass(frozen=True, slots=True)
class Folders:
    """What can be fetched again, what must last, and what the person wrote."""

    cache: Path
    state: Path
    config: Path

    @classmethod
    def of_user(cls) -> Folders:
        """Return the user's own folders, where this system keeps such things."""
        import platformdirs

        return cls(
            cache=platformdirs.user_cache_path(_APP, appauthor=False),
            state=platformdirs.user_state_path(_APP, appauthor=False),
            config=platformdirs.user_config_path(_APP, appauthor=False),
        )

    @classmethod
    def under(cls, root: Path) -> Folders:
        """Return folders below one root, for the demo and for tests."""
        return cls(root / "cache", root / "state", root / "config")

    def make(self) -> None:
        """Make all three, open to the user only. Raises StoreProblem."""
        for folder in (self.cache, self.state, self.config):
            make_folder(folder)
