"""The description of the API is valid, complete, and what the code gives; random requests keep to it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shared.core.reasons import Outcome, Reason
from shared.settings import HttpSettings
from shared.use_cases.act_on_profile import act_on_profile
from tests.app.api.description import FILE, openapi, openapi_text
from tests.app.api.operations import NOT_DESCRIBED, OPERATIONS
from tests.app.api.page import FILE as PAGE
from tests.app.api.page import api_page
from tests.app.api.responses import hold_against_description
from tests.app.functions.composed import compose
from tests.app.functions.http_app import HttpApp, http_routes
from tests.app.use_cases.scene import PROFILE, UseCaseScene

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""Whether data is accepted is none of them: it depends on more than its form, such as whether the fleet exists."""
EXAMPLES = 15
"""Random requests of each operation."""


def test_the_files_are_those_that_the_code_gives() -> None:
    assert FILE.read_text() == openapi_text(), "./dev api makes it again"
    assert PAGE.read_text() == api_page(openapi()), "./dev api makes it again"


def test_the_document_is_valid_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(openapi()).iter_errors()) == []


def test_every_function_is_described_or_returns_files() -> None:
    assert {route.name for route in http_routes()} == set(OPERATIONS) | NOT_DESCRIBED


def test_closed_lists_and_docstrings_are_in_the_schemas() -> None:
    schemas: dict[str, Any] = json.loads(FILE.read_text())["components"]["schemas"]

    assert schemas["Outcome"]["enum"] == list(Outcome)
    assert schemas["Reason"]["enum"] == list(Reason)
    assert schemas["LagDocument"]["properties"]["clusters"]["description"] == "In the profile's scope."
    assert {name for name, schema in schemas.items() if not schema.get("description")} == set()


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (418, b"{}", "which is not described"),
        (202, b"{}", "'sentence' is a required property"),
        (202, b'{"sentence": "So.", "more": 1}', "Additional properties"),
    ],
)
def test_a_response_that_is_not_as_described_is_found(status: int, body: bytes, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        hold_against_description("evaluate_all_now", status, {}, body)


class WsgiApp:
    """The app in this process, as schemathesis calls it."""

    def __init__(self) -> None:
        self.app = HttpApp()

    def __call__(self, environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environment["PATH_INFO"].encode("latin-1").decode("utf-8", errors="replace")
        body = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): value
            for name, value in environment.items()
            if name.startswith("HTTP_")
        }
        query = environment.get("QUERY_STRING", "")
        answer = self.app.request(environment["REQUEST_METHOD"], f"{path}{'?' if query else ''}{query}", body, headers)
        start(f"{answer.status} -", list(answer.headers.items()))
        return [answer.body]


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    """The operations of the document by name, with the app behind them."""
    schema: Any = schemathesis.openapi.from_dict(json.loads(FILE.read_text()))
    schema.app = WsgiApp()
    found = [each.ok() for each in schema.get_all_operations()]
    return {each.definition.raw["operationId"]: each for each in found}


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> UseCaseScene:
    scene = compose(monkeypatch, HttpSettings(write_profiles=True))
    scene.evaluate()
    act_on_profile(scene.services, PROFILE)
    return scene


@pytest.mark.parametrize("name", OPERATIONS)
def test_random_requests_get_the_responses_that_are_described(
    scene: UseCaseScene, operations: dict[str, Any], name: str
) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(operations[name].as_strategy())
        response = case.call()
        case.validate_response(response, checks=CHECKS)

    check()
