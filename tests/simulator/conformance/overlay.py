"""What the newest official client adds to the published contract, where the client wins.

The contract is merged with it: objects field by field, lists by adding what is new, parameters
by name.
"""

from __future__ import annotations

from typing import Any

_LIFETIME = {"type": "integer", "minimum": 1, "maximum": 31_536_000}
_MOMENT_OR_NULL = {"anyOf": [{"type": "integer"}, {"type": "null"}]}
_LIFETIME_OR_NULL = {"anyOf": [_LIFETIME, {"type": "null"}]}
_TEXT_OR_NULL = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_SOURCE = {"anyOf": [{"type": "string", "enum": ["agents_api", "unlabeled"]}, {"type": "null"}]}
_FLAG_OR_NULL = {"anyOf": [{"type": "boolean"}, {"type": "null"}]}

_ID = {"type": "object", "properties": {"id": {"type": "string"}}}

_CACHE_WRITES = {
    "input_cache_write_30m_tokens": _MOMENT_OR_NULL,
    "input_cache_write_12h_tokens": _MOMENT_OR_NULL,
}
_TOKENS = (
    "input_tokens",
    "output_tokens",
    "num_model_requests",
    "input_cached_tokens",
    "input_cache_write_tokens",
    "input_uncached_tokens",
    "input_text_tokens",
    "output_text_tokens",
    "input_cached_text_tokens",
    "input_audio_tokens",
    "input_cached_audio_tokens",
    "output_audio_tokens",
    "input_image_tokens",
    "input_cached_image_tokens",
    "output_image_tokens",
)
_DECISIONS = "organization.usage.decisions.result"
_DIMENSIONS = ("project_id", "user_id", "api_key_id", "model", "service_tier")


def _answer(schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": schema, "content": content}


def _query(name: str, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _also_by(*names: str) -> dict[str, Any]:
    return {"name": "group_by", "schema": {"items": {"enum": list(names)}}}


def _texts(**items: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", **items}}


_UPDATE_KEY = {
    "operationId": "modify-project-api-key",
    "parameters": [_in_path("project_id"), _in_path("api_key_id")],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ProjectApiKeyUpdate"}}
        },
    },
    "responses": {"200": _answer("ProjectApiKey")},
}
_READ_DECISIONS = {
    "operationId": "usage-decisions",
    "parameters": [
        _query("start_time", required=True, type="integer"),
        _query("end_time", type="integer"),
        _query("bucket_width", type="string", enum=["1m", "1h", "1d"]),
        *(_query(name, **_texts()) for name in ("project_ids", "user_ids", "api_key_ids")),
        _query("models", **_texts()),
        _query("batch", type="boolean"),
        _query("group_by", **_texts(enum=[*_DIMENSIONS, "batch", "api_source"])),
        _query("limit", type="integer"),
        _query("page", type="string"),
    ],
    "responses": {"200": _answer("UsageResponse")},
}

OVERLAY: dict[str, Any] = {
    "paths": {
        "/organization/projects/{project_id}/api_keys/{api_key_id}": {"post": _UPDATE_KEY},
        "/organization/usage/decisions": {"get": _READ_DECISIONS},
        "/organization/usage/completions": {"get": {"parameters": [_also_by("api_source")]}},
        "/organization/usage/web_search_calls": {"get": {"parameters": [_also_by("api_source")]}},
        "/organization/costs": {
            "get": {
                "parameters": [_also_by("user_id", "api_source"), _query("line_items", **_texts())]
            }
        },
    },
    "components": {
        "schemas": {
            "ProjectApiKeyUpdate": {
                "type": "object",
                "properties": {"scopes": _texts(), "expires_in_seconds": _LIFETIME},
                "minProperties": 1,
            },
            "ProjectApiKey": {"properties": {"expires_at": _MOMENT_OR_NULL}},
            "ProjectServiceAccountApiKey": {"properties": {"expires_at": _MOMENT_OR_NULL}},
            "ServiceAccountApiKeyBody": {"properties": {"expires_at": _MOMENT_OR_NULL}},
            "ProjectServiceAccountCreateRequest": {
                "properties": {"expires_in_seconds": _LIFETIME_OR_NULL}
            },
            "CreateProjectServiceAccountApiKeyBody": {
                "properties": {"expires_in_seconds": _LIFETIME_OR_NULL}
            },
            "PublicProjectResidency": {
                "enum": ["JP_STORAGE_PROCESSING", "IN_STORAGE_PROCESSING", "AU_STORAGE_PROCESSING"]
            },
            "ProjectCreateRequest": {"properties": {"geography": _TEXT_OR_NULL}},
            "ProjectUpdateRequest": {"properties": {"geography": _TEXT_OR_NULL}},
            "AuditLog": {
                "properties": {
                    "api_key.updated": {
                        "properties": {
                            "changes_requested": {
                                "properties": {"expires_in_seconds": {"type": "integer"}}
                            }
                        }
                    },
                    # Events of the tenant have no details in either source; the rule of one
                    # property named as the type is kept for them.
                    "tenant.admin_api_key.created": _ID,
                    "tenant.admin_api_key.deleted": _ID,
                    "tenant.billing.alerts.updated": _ID,
                    "tenant.billing.info.updated": _ID,
                }
            },
            "UsageCompletionsResult": {"properties": {"api_source": _SOURCE, **_CACHE_WRITES}},
            "UsageWebSearchCallsResult": {"properties": {"api_source": _SOURCE}},
            "UsageDecisionsResult": {
                "type": "object",
                "properties": {
                    "object": {"type": "string", "enum": [_DECISIONS]},
                    **{name: {"type": "integer"} for name in _TOKENS},
                    **_CACHE_WRITES,
                    **dict.fromkeys(_DIMENSIONS, _TEXT_OR_NULL),
                    "batch": _FLAG_OR_NULL,
                    "api_source": _SOURCE,
                },
                "required": ["object", "input_tokens", "output_tokens", "num_model_requests"],
            },
            "UsageTimeBucket": {
                "properties": {
                    "results": {
                        "items": {"oneOf": [{"$ref": "#/components/schemas/UsageDecisionsResult"}]}
                    }
                }
            },
            "CostsResult": {"properties": {"user_id": _TEXT_OR_NULL, "api_source": _SOURCE}},
        }
    },
}
