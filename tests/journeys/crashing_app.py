"""The app with one key more, which breaks it while secrets stand in the frames around."""

from __future__ import annotations

import os
import sys

from oai_tui.services.hardening import harden

harden(os.environ)

from textual.binding import Binding  # noqa: E402

from oai_tui.services.start import setup_of  # noqa: E402
from oai_tui.store.paths import Folders  # noqa: E402
from oai_tui.ui.app import OaiApp  # noqa: E402
from tests.vault.canary import CANARY  # noqa: E402


class CrashingApp(OaiApp):
    BINDINGS = [Binding("f2", "crash", priority=True)]

    def action_crash(self) -> None:
        key = CANARY
        raise RuntimeError(f"broken on purpose with {key}")


if __name__ == "__main__":
    app = CrashingApp(setup_of(os.environ, Folders.of_user()))
    app.run()
    sys.exit(app.return_code or 0)
