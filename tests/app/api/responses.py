"""Holds a response against the description of the API: status, body and ETag."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

FILE = Path(__file__).resolve().parents[3] / "functions" / "openapi.json"
_URI = "urn:openapi"


def hold_against_description(function: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Check a response of a function that is described.

    Raises:
        AssertionError: it has another status, body or header than the description says.
    """
    operation = _operations().get(function)
    if operation is None:
        return
    described = operation["responses"].get(str(status))
    assert described is not None, f"{function} returns {status}, which is not described"
    content = described.get("content", {}).get("application/json")
    if content is None:
        assert body == b"", f"{function} returns a body with {status}"
        return
    errors = _validator(content["schema"]["$ref"]).iter_errors(json.loads(body))
    problems = [f"{error.json_path}: {error.message[:300]}" for error in errors]
    assert problems == [], f"{function} returns {status} with {problems}"
    assert "ETag" not in described.get("headers", {}) or "ETag" in headers


@cache
def _description() -> dict[str, Any]:
    description: dict[str, Any] = json.loads(FILE.read_text())
    return description


@cache
def _operations() -> dict[str, Any]:
    paths = _description()["paths"].values()
    return {operation["operationId"]: operation for methods in paths for operation in methods.values()}


@cache
def _validator(reference: str) -> Draft202012Validator:
    registry: Any = Registry().with_resource(_URI, DRAFT202012.create_resource(_description()))
    return Draft202012Validator({"$ref": f"{_URI}{reference}"}, registry=registry)
