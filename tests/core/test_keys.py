from __future__ import annotations

from dataclasses import replace

import pytest

from oai_tui.core.keys import ApiKey, KeyKind, Owner, Project

OWNER = Owner("user", "user_1", "Alice Chen", "alice@acme.io")


def test_owners_and_projects() -> None:
    assert OWNER.label == "Alice Chen"
    assert replace(OWNER, name="").label == "alice@acme.io"
    assert Owner("", "user_1", "").label == "user_1"
    assert Owner("service_account", "svc_1", "ci").is_service_account
    assert not OWNER.is_service_account
    assert Project("proj_1", "Web", "archived").is_archived
    assert not Project("proj_1", "Web").is_archived


@pytest.mark.parametrize(
    ("kind", "live"),
    [
        (KeyKind.ADMIN, True),
        (KeyKind.PROJECT, True),
        (KeyKind.DELETED, False),
        (KeyKind.ACCOUNT, False),
    ],
)
def test_only_what_the_platform_lists_can_be_changed(kind: KeyKind, live: bool) -> None:
    assert ApiKey("key_1", "ci", kind, "sk-…1", None).is_live is live
