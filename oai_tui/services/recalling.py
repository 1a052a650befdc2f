"""What was seen last with a key, read before anything is asked of the network."""

from __future__ import annotations

from oai_tui.services.inventory import remembered
from oai_tui.services.inventory.known import Inventory
from oai_tui.services.setup import Setup
from oai_tui.store.cache import Cache
from oai_tui.vault.credential import Credential


def recalled(setup: Setup, credential: Credential) -> Inventory | None:
    """Return the list of keys as it was last seen with this key, or None."""
    seen_with = credential.secret.masked()
    cache = Cache(setup.folders.cache, setup.profile, setup.base_url.origin, seen_with)
    try:
        return remembered(cache)
    finally:
        cache.close()
