"""What lies outside administration: the list of models, and the browser's old billing pages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from oai_tui.simulator.answers import (
    Refusal,
    authenticate,
    error,
    missing_scope,
    world_of,
)
from oai_tui.simulator.model import AdminKey, Key

_SCOPE = "api.model.read"
_SUFFICIENT = {_SCOPE, "api.all", "api.all.read"}
_MODELS = {
    "gpt-4.1-mini-2025-04-14": 1_744_590_000,
    "gpt-4o-mini-tts": 1_742_403_959,
    "gpt-5.6": 1_781_000_000,
    "gpt-5.6-luna": 1_786_000_000,
    "gpt-5.6-mini": 1_781_000_100,
    "gpt-6-astra": 1_790_000_000,
    "gpt-audio-mini-2025-12-15": 1_765_760_000,
    "gpt-image-2-2026-04-21": 1_776_730_000,
    "o4-mini": 1_744_225_351,
    "omni-moderation-latest": 1_731_689_265,
    "text-embedding-3-small": 1_705_948_997,
    "whisper-1": 1_677_532_384,
}


def _require_reading(request: Request) -> None:
    key = authenticate(request)
    world = world_of(request)
    if isinstance(key, AdminKey):
        raise missing_scope(world, _SCOPE)
    restricted = key.scopes and _SUFFICIENT.isdisjoint(key.scopes)
    if restricted or _lacks_role(request, key):
        raise missing_scope(world, _SCOPE)


def _lacks_role(request: Request, key: Key) -> bool:
    account = world_of(request).service_accounts.get(key.owner_id)
    return account is not None and account.role == "none"


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": _MODELS[name], "owned_by": "system"}


async def _list(request: Request) -> Response:
    _require_reading(request)
    return JSONResponse({"object": "list", "data": [_model(name) for name in _MODELS]})


async def _show(request: Request) -> Response:
    _require_reading(request)
    name = request.path_params["model"]
    if name not in _MODELS:
        message = f"The model '{name}' does not exist"
        raise Refusal(error(404, message, param="model", code="model_not_found"))
    return JSONResponse(_model(name))


async def _browser_only(request: Request) -> Response:
    key = authenticate(request)
    by_account = isinstance(key, Key) and key.owner_type == "service_account"
    message = (
        f"Your request to GET {request.url.path} must be made with a session key (that is, it can "
        "only be made from the browser). You made it with the following key type: secret."
    )
    return error(401 if by_account else 403, message, type="server_error")


routes = (
    Route("/v1/models", _list),
    Route("/v1/models/{model}", _show),
    *(
        Route(f"{prefix}/dashboard/billing/{page}", _browser_only)
        for prefix in ("/v1", "")
        for page in ("credit_grants", "subscription", "usage")
    ),
)
