"""The same surroundings for every test, whatever the machine's own are."""

from __future__ import annotations

import os

from hypothesis import settings

for _name in list(os.environ):
    if _name.startswith(("OPENAI_", "OAI_TUI_", "TEXTUAL")) or _name.lower().endswith("_proxy"):
        del os.environ[_name]
os.environ.pop("NO_COLOR", None)
os.environ.pop("SSL_CERT_FILE", None)
os.environ["TEXTUAL_ANIMATIONS"] = "none"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"

# Properties are checked without a stopwatch: other programs share the machine.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
