"""Answers that refuse, and the question every request is asked first: whose key is this?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from oai_tui.simulator.model import AdminKey, Key

if TYPE_CHECKING:
    from oai_tui.simulator.world import World

KEYS_PAGE = "https://platform.openai.com/account/api-keys"
_PREFIX = re.compile(r"sk-(?:admin-|proj-|svcacct-)?")


class Refusal(Exception):
    """A request is answered with this response and nothing was changed."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def error(
    status: int,
    message: str,
    type: str = "invalid_request_error",
    code: str | None = None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Build the platform's error envelope."""
    body = {"error": {"message": message, "type": type, "param": param, "code": code}}
    return JSONResponse(body, status, headers)


def invalid(message: str, param: str | None = None, code: str | None = None) -> Refusal:
    """Refuse a request that is wrong in itself (400)."""
    return Refusal(error(400, message, code=code, param=param))


def not_found(what: str, identifier: str) -> Refusal:
    """Refuse a request for a thing that is not there (404)."""
    return Refusal(error(404, f"No {what} found with id '{identifier}'.", code="not_found"))


def bare_not_found(message: str) -> Refusal:
    """Refuse with the 404 without an envelope that rate limits are documented to answer."""
    return Refusal(JSONResponse({"code": 404, "message": message}, 404))


def world_of(request: Request) -> World:
    """Give the world that this application serves."""
    world: World = request.app.state.world
    return world


def authorize(request: Request, scope: str) -> AdminKey:
    """Give the admin key of a request that may do what `scope` names; raises Refusal otherwise."""
    world = world_of(request)
    key = authenticate(request)
    if not isinstance(key, AdminKey) or (key.scopes and scope not in key.scopes):
        raise missing_scope(world, scope)
    return key


def authenticate(request: Request) -> AdminKey | Key:
    """Give the live key, of whatever kind, that signed the request; raises Refusal otherwise."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise Refusal(_unsigned())
    world = world_of(request)
    key = world.key_with_value(token)
    if key is None or not world.is_live(key):
        raise Refusal(_unknown_key(token))
    if isinstance(key, Key) and world.projects[key.project_id].archived_at is not None:
        message = (
            "The project you are requesting has been archived and is no longer accessible. "
            "Please contact your organization's owner."
        )
        raise Refusal(error(401, message, code="not_authorized_invalid_project"))
    key.last_used_at = world.now()
    return key


def missing_scope(world: World, scope: str) -> Refusal:
    """Refuse a key that is real but may not do this, in the status and shape the world has set."""
    message = (
        f"You have insufficient permissions for this operation. Missing scopes: {scope}. Check "
        "that you have the correct role in your organization (Reader, Writer, Owner) and project "
        "(Member, Owner), and if you're using a restricted API key, that it has the necessary "
        "scopes."
    )
    if world.error_shape == "envelope":
        return Refusal(error(world.missing_scope_status, message))
    return Refusal(JSONResponse({"error": message}, world.missing_scope_status))


def refused(request: Request, exception: Exception) -> Response:
    """Turn a Refusal into its response."""
    assert isinstance(exception, Refusal)
    return exception.response


def unroutable(request: Request, exception: Exception) -> Response:
    """Answer an unknown address or method in the envelope."""
    assert isinstance(exception, HTTPException)
    called = f"{request.method} {request.url.path}"
    if exception.status_code == 404:
        message = (
            f"Invalid URL ({called}). Please check the URL for typos, or see the docs at "
            "https://platform.openai.com/docs/api-reference/."
        )
        return error(404, message, code="unknown_url")
    if exception.status_code == 405:
        message = f"Not allowed to {called}. (HINT: Perhaps you meant to use a different method?)"
        return error(405, message, code="method_not_supported", headers=exception.headers)
    return error(exception.status_code, exception.detail, headers=exception.headers)


def _unsigned() -> JSONResponse:
    return error(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization "
        "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key "
        f"from {KEYS_PAGE}.",
    )


def _unknown_key(token: str) -> JSONResponse:
    prefix = _PREFIX.match(token)
    start = prefix.group() if prefix else ""
    end = token[-4:] if len(token) >= len(start) + 8 else ""
    return error(
        401,
        f"Incorrect API key provided: {start}****{end}. You can find your API key at {KEYS_PAGE}.",
        code="invalid_api_key",
    )
