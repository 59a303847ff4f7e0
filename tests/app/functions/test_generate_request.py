"""The request to generate an update run: for review, unless its body says to start the run."""

from __future__ import annotations

import pytest

from functions.http.generate_request import GenerateRequest, read_generate_request
from shared.core.model.ids import ResourceId
from shared.errors import InvalidInputError
from tests.app.functions.requests import PROFILE_ID, profile_request


@pytest.mark.parametrize(
    ("body", "start"),
    [
        (b"", False),
        (b" \r\n", False),
        (b"{}", False),
        (b'{"start": false}', False),
        (b'{"start": true}', True),
    ],
)
def test_only_start_true_starts_the_run(body: bytes, start: bool) -> None:
    assert read_generate_request(profile_request(body)) == GenerateRequest(ResourceId.parse(PROFILE_ID), start)


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        (b"[]", "body", []),
        (b"null", "body", None),
        (b"true", "body", True),
        (b'{"start": "true"}', "body.start", "true"),
        (b'{"start": 1}', "body.start", 1),
        (b'{"start": null}', "body.start", None),
        (b'{"Start": true}', "body.Start", True),
        (b'{"start": true, "force": 2}', "body.force", 2),
    ],
)
def test_another_body_is_refused_with_its_field_and_value(body: bytes, field: str, value: object) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_generate_request(profile_request(body))

    assert (caught.value.field, caught.value.value) == (field, value)


def test_a_body_that_is_not_json_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="expected JSON"):
        read_generate_request(profile_request(b"start=true"))
