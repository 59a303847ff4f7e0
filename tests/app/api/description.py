"""Makes the OpenAPI document: paths from the app's functions, schemas from the documents' types by pydantic."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from typing_extensions import is_typeddict

import shared.documents
from shared.core.policies.rules import POLICY_RULES
from shared.documents.errors import ErrorResponse
from tests.app.api.operations import NOT_DESCRIBED, OPERATIONS, Operation, Schema
from tests.app.functions.http_app import Route, http_routes

FILE = Path(__file__).resolve().parents[3] / "functions" / "openapi.json"
REFERENCE = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"\{(\w+)\}")
_PARAMETERS = {
    "subscription": "Id of a subscription.",
    "resource_group": "Name of a resource group.",
    "fleet": "Name of a fleet.",
    "profile": "Name of an auto-upgrade profile.",
    "run": "Name of an update run.",
}
_ERRORS = {
    400: "The request is not valid; `target` names the field.",
    403: "The app does not manage the fleet, a setting does not allow it, or the caller lacks an app role.",
    404: "It does not exist, or was not evaluated yet.",
    409: "Fleet refuses it, or there is no run to generate; `code` is the reason.",
    429: "The caller asks too often; retry after the time in `Retry-After`.",
    500: "A setting of the app is malformed, or the app failed; see its log.",
    502: "The app's identity lacks a permission.",
    503: "Temporarily not possible; retry after the time in `Retry-After`.",
}
_ALWAYS = (400, 500, 502, 503)


def openapi() -> Schema:
    """The whole document, OpenAPI 3.1."""
    references, schemas = _schemas()
    paths: dict[str, dict[str, object]] = {}
    for route in sorted(http_routes(), key=lambda route: (route.template.template.lower(), route.methods)):
        if route.name not in NOT_DESCRIBED:
            for method in route.methods:
                described = _operation(route, OPERATIONS[route.name], references)
                paths.setdefault(f"/{route.template.template}", {})[method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fleet auto-upgrade",
            "version": "1",
            "description": "Auto-upgrade profiles of fleets of AKS clusters: what is decided, what runs, what is next.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"functionKey": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"functionKey": {"type": "apiKey", "in": "header", "name": "x-functions-key"}},
        },
    }


def openapi_text() -> str:
    """The document, as the app serves it."""
    return json.dumps(openapi(), indent=1, ensure_ascii=False) + "\n"


def _operation(route: Route, operation: Operation, references: dict[type, Schema]) -> Schema:
    responses: dict[str, object] = {}
    for status in operation.statuses:
        responses[str(status)] = _success(operation, status, references)
    if operation.is_cached:
        responses["304"] = {"description": "It has not changed since the `ETag` in `If-None-Match`."}
    for status in sorted({*operation.errors, *_ALWAYS}):
        content = {"application/json": {"schema": references[ErrorResponse]}}
        responses[str(status)] = {"description": _ERRORS[status], "content": content}
    described: Schema = {
        "operationId": route.name,
        "summary": _summary(route),
        "parameters": list(_parameters(route, operation)),
        "responses": responses,
    }
    if operation.body is not None:
        schema = {"type": "object"} if operation.body is dict else references[operation.body]
        described["requestBody"] = {
            "required": operation.needs_body,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _success(operation: Operation, status: int, references: dict[type, Schema]) -> Schema:
    response: Schema = {"description": "Done." if status != 202 else "The work is enqueued."}
    if operation.response is not None:
        response["content"] = {"application/json": {"schema": references[operation.response]}}
    if operation.is_cached:
        response["headers"] = {"ETag": {"schema": {"type": "string"}, "required": True}}
    return response


def _parameters(route: Route, operation: Operation) -> Iterator[Schema]:
    for name in _PARAMETER.findall(route.template.template):
        schema: Schema = {"type": "string", "minLength": 1, "pattern": r"^[^/\\?#%\x00-\x1f]+$"}
        yield {"name": name, "in": "path", "required": True, "description": _PARAMETERS[name], "schema": schema}
    for name, (description, schema) in (operation.query or {}).items():
        yield {"name": name, "in": "query", "description": description, "schema": schema}
    if operation.takes_policies:
        for key in POLICY_RULES:
            text = "Decide with this policy instead; docs/configuration.md has its values."
            yield {"name": f"policy.{key}", "in": "query", "description": text, "schema": {"type": "string"}}
    if operation.is_cached:
        yield {"name": "If-None-Match", "in": "header", "description": "ETags.", "schema": {"type": "string"}}


def _summary(route: Route) -> str:
    return " ".join((inspect.getdoc(route.call) or "").split())


def _schemas() -> tuple[dict[type, Schema], Schema]:
    """A reference to the schema of each type, and all schemas by name."""
    for module in pkgutil.iter_modules(shared.documents.__path__):
        for kind in vars(importlib.import_module(f"shared.documents.{module.name}")).values():
            if is_typeddict(kind):
                kind.__pydantic_config__ = ConfigDict(use_attribute_docstrings=True, extra="forbid")
    described = [operation.response for operation in OPERATIONS.values()]
    described += [operation.body for operation in OPERATIONS.values()]
    kinds = dict.fromkeys([ErrorResponse, *(kind for kind in described if kind not in (None, dict))])
    adapters: list[Any] = [(kind, "serialization", TypeAdapter(kind)) for kind in kinds]
    by_key, definitions = TypeAdapter.json_schemas(adapters, ref_template=REFERENCE)
    references = {kind: dict(schema) for (kind, _), schema in by_key.items()}
    return references, dict(definitions["$defs"])
