"""From the words of a command to an order."""

from __future__ import annotations

import pytest

from oai_tui.core.creation import CreationKind
from oai_tui.core.errors import WrongInput
from oai_tui.services.creation import Order
from oai_tui.services.ordering import MOST_NAMED, order_of
from tests.services.estate import Estate, run

KEY, ACCOUNT, ADMIN = (
    CreationKind.SERVICE_ACCOUNT_KEY,
    CreationKind.SERVICE_ACCOUNT,
    CreationKind.ADMIN_KEY,
)


def ordered(
    kind: CreationKind, name: str = "job", estate: Estate | None = None, **words: str
) -> Order:
    async def ask() -> Order:
        async with (estate or Estate()).client() as client:
            return await order_of(client, kind, name, **words)  # type: ignore[arg-type]

    return run(ask())


def test_ids_and_names_mean_the_same() -> None:
    estate = Estate()
    project_id, account_id = estate.project_with_account()
    project = estate.world.projects[project_id].name
    account = estate.world.service_accounts[account_id].name
    expected = Order(KEY, "job", project_id, account_id)
    assert ordered(KEY, estate=estate, project=project, account=account) == expected
    assert ordered(KEY, estate=estate, project=project_id, account=account_id) == expected
    assert ordered(ACCOUNT, " job ", estate, project=project) == Order(ACCOUNT, "job", project_id)


def test_an_admin_key_takes_neither() -> None:
    assert ordered(ADMIN) == Order(ADMIN, "job")


def test_a_name_that_two_have_takes_the_id() -> None:
    estate = Estate()
    first, second, *_ = estate.world.projects.values()
    second.name = first.name
    with pytest.raises(WrongInput) as told:
        ordered(ACCOUNT, estate=estate, project=first.name)
    assert first.id in str(told.value)
    assert second.id in str(told.value)


def test_what_is_not_there_is_told_with_what_is() -> None:
    with pytest.raises(WrongInput, match="There are: Default project, "):
        ordered(ACCOUNT, project="nope")
    with pytest.raises(WrongInput, match="no service account “nope”"):
        ordered(KEY, project="Web app", account="nope")


def test_not_all_of_many_are_told() -> None:
    with pytest.raises(WrongInput) as told:
        ordered(ACCOUNT, estate=Estate(scale="large"), project="nope")
    assert str(told.value).count(", ") == MOST_NAMED - 1
    assert " more." in str(told.value)


def test_a_name_has_only_visible_characters() -> None:
    for name in ("a\x1b[2Jb", "a\u202eb", "\udcff"):
        with pytest.raises(WrongInput, match="visible"):
            ordered(ADMIN, name)
