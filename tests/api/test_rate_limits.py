"""Rate limits: those ceilings that are told, changed one by one or together."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from oai_tui.api import rate_limits as api
from oai_tui.core.errors import (
    ApiProblem,
    BadAnswer,
    NotFound,
    OutcomeUnknown,
    Rejected,
    WrongInput,
)
from oai_tui.core.limits import Ceiling, RateLimit
from oai_tui.simulator.server import running
from tests.api.talking import Answer, Platform, asking, client_of

ITEM = {
    "object": "project.rate_limit",
    "id": "rl_1",
    "model": "gpt-5.6",
    "max_requests_per_1_minute": 500,
    "max_tokens_per_1_minute": 30_000,
    "max_images_per_1_minute": None,
}
LIMIT = RateLimit("rl_1", "proj_1", "gpt-5.6", {Ceiling.REQUESTS: 500, Ceiling.TOKENS: 30_000})


def ask(platform: Platform, question: Any, *arguments: Any) -> Any:
    return asking(client_of(platform), lambda c: question(c, *arguments))


def answering(body: object, status: int = 200) -> Platform:
    return Platform(Answer(status, body))


def test_only_ceilings_that_are_told_are_there() -> None:
    other = {**ITEM, "id": "rl_2", "model": "a", "batch_1_day_max_input_tokens": 0, "new": 1}
    found = ask(answering({"data": [ITEM, other]}), api.rate_limits, "proj_1")
    assert found[1] == LIMIT
    assert found[0].ceilings[Ceiling.BATCH] == 0


def test_a_list_is_followed_to_its_end() -> None:
    pages = (
        Answer(body={"data": [ITEM], "has_more": True, "last_id": "rl_1"}),
        Answer(body={"data": [{**ITEM, "id": "rl_2"}], "has_more": False}),
    )
    platform = Platform(*pages)
    assert [each.id for each in ask(platform, api.rate_limits, "proj_1")] == ["rl_1", "rl_2"]
    assert ("after", "rl_1") in platform.asked[1].query


def test_a_ceiling_below_zero_is_no_ceiling() -> None:
    wrong = {**ITEM, "max_tokens_per_1_minute": -1}
    with pytest.raises(BadAnswer):
        ask(answering({"data": [wrong]}), api.rate_limits, "proj_1")
    with pytest.raises(OutcomeUnknown):
        ask(answering(wrong), api.set_rate_limit, "proj_1", "rl_1", {Ceiling.TOKENS: 5})


def test_only_what_is_named_is_sent() -> None:
    platform = answering(ITEM)
    assert ask(platform, api.set_rate_limit, "proj_1", "rl_1", {Ceiling.TOKENS: 30_000}) == LIMIT
    assert json.loads(platform.asked[0].body) == {"max_tokens_per_1_minute": 30_000}
    assert platform.asked[0].path == "/v1/organization/projects/proj_1/rate_limits/rl_1"


def test_nothing_is_not_sent_and_another_answer_is_not_believed() -> None:
    platform = answering({**ITEM, "id": "rl_2"})
    with pytest.raises(WrongInput):
        ask(platform, api.set_rate_limit, "proj_1", "rl_1", {})
    assert platform.asked == []
    with pytest.raises(OutcomeUnknown, match="another rate limit"):
        ask(platform, api.set_rate_limit, "proj_1", "rl_1", {Ceiling.TOKENS: 5})


@pytest.mark.parametrize("id", ["", "..", "a/b"])
def test_an_id_leads_no_request_elsewhere(id: str) -> None:
    platform = answering(ITEM)
    with pytest.raises(ApiProblem):
        ask(platform, api.set_rate_limit, "proj_1", id, {Ceiling.TOKENS: 5})
    with pytest.raises(ApiProblem):
        ask(platform, api.rate_limits, id)
    assert platform.asked == []


def test_the_official_client_sees_what_is_set_here_and_we_what_it_sets() -> None:
    with running(now=1_795_350_000) as served:
        official: Any = openai.OpenAI(
            base_url=served.base_url,
            admin_api_key=served.admin_key,
            api_key=served.admin_key,
            max_retries=0,
        ).admin.organization.projects.rate_limits
        project = served.world.default_project.id

        def ours(question: Any, *arguments: Any) -> Any:
            client = client_of(address=served.base_url, key=served.admin_key)
            return asking(client, lambda c: question(c, project, *arguments))

        first = ours(api.rate_limits)[0]
        ours(api.set_rate_limit, first.id, {Ceiling.REQUESTS: 7, Ceiling.TOKENS: 8})
        there = {each.id: each for each in official.list_rate_limits(project)}[first.id]
        assert (there.max_requests_per_1_minute, there.max_tokens_per_1_minute) == (7, 8)
        official.update_rate_limit(first.id, project_id=project, max_tokens_per_1_minute=9)
        here = ours(api.rate_limits)[0]
        assert here.ceilings == {**first.ceilings, Ceiling.REQUESTS: 7, Ceiling.TOKENS: 9}
        with pytest.raises(Rejected, match="above the limit of your organization"):
            ours(api.set_rate_limit, first.id, {Ceiling.TOKENS: 10**15})
        with pytest.raises(Rejected, match="does not apply"):
            ours(api.set_rate_limit, first.id, {Ceiling.AUDIO: 1})
        with pytest.raises(NotFound):
            ours(api.set_rate_limit, "rl_none", {Ceiling.TOKENS: 1})
