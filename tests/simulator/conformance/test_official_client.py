"""Every operation that the official client and the simulator share, with its real effects."""

from __future__ import annotations

import pytest

from tests.simulator.conformance import scenarios_of_access, scenarios_of_figures
from tests.simulator.conformance.covering import COVERED
from tests.simulator.conformance.official import Scenario, client_methods, official

# Resources of the client that the simulator does not have, and why not.
NOT_SERVED = {
    "certificates": "mutual TLS is set up once, by other tools than ours",
    "data_retention": "no part of keys, usage, costs or limits",
    "external_keys": "customer-managed encryption, no part of keys to the API",
    "external_storage": "no part of keys, usage, costs or limits",
    "groups": "directory groups are managed where they come from",
    "roles": "custom roles are not shown by the app",
    "users.roles": "custom roles are not shown by the app",
    "workload_identity_providers": "federated login is not shown by the app",
    "projects.certificates": "mutual TLS is set up once, by other tools than ours",
    "projects.data_retention": "no part of keys, usage, costs or limits",
    "projects.groups": "directory groups are managed where they come from",
    "projects.hosted_tool_permissions": "no part of keys, usage, costs or limits",
    "projects.model_permissions": "no part of keys, usage, costs or limits",
    "projects.roles": "custom roles are not shown by the app",
    "projects.service_tier_settings": "no part of keys, usage, costs or limits",
    "projects.users.roles": "custom roles are not shown by the app",
}


SCENARIOS = [
    scenario
    for group in (scenarios_of_access, scenarios_of_figures)
    for scenario in COVERED
    if scenario.__module__ == group.__name__
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_the_official_client_does_it(scenario: Scenario) -> None:
    with official() as platform:
        scenario(platform)
    assert platform.seen == COVERED[scenario]


def test_every_method_of_the_official_client_is_decided_about() -> None:
    covered = frozenset().union(*COVERED.values())
    declined = {
        method
        for method in client_methods()
        if any(method.startswith(f"{resource}.") for resource in NOT_SERVED)
    }
    assert not covered & declined
    assert covered | declined == client_methods()
    assert (len(covered), len(declined)) == (63, 80)
