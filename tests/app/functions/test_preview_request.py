"""The request for a preview: its query replaces the time and the policies, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from functions.http.preview_request import read_preview_request
from shared.core.model.ids import ResourceId
from shared.errors import InvalidInputError
from shared.use_cases.decide_profile import EvaluationOptions
from tests.app.functions.requests import PROFILE_ID, profile_request


def options(**params: str) -> EvaluationOptions:
    return read_preview_request(profile_request(params=params)).options


def refusal(name: str, value: str) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        options(**{name: value})
    return caught.value


def test_without_a_query_the_profile_is_decided_now_as_a_trigger_would_with_all_warnings() -> None:
    request = read_preview_request(profile_request())

    assert request.profile_id == ResourceId.parse(PROFILE_ID)
    assert request.options == EvaluationOptions(on_demand=None, at=None, policies={}, wants_warnings=True)


@pytest.mark.parametrize("text", ["2026-08-01T12:00:00Z", "2026-08-01T14:00:00+02:00", "2026-08-01T12:00:00"])
def test_at_is_a_time_in_utc_unless_it_has_an_offset(text: str) -> None:
    assert options(at=text).at == datetime(2026, 8, 1, 12, tzinfo=UTC)


def test_policies_are_given_by_key_as_texts() -> None:
    assert options(**{"policy.soak": "P3D", "policy.active-run": "replace"}).policies == {
        "soak": "P3D",
        "active-run": "replace",
    }


@pytest.mark.parametrize(("params", "wanted"), [({}, False), ({"facts": "false"}, False), ({"facts": "true"}, True)])
def test_facts_are_returned_only_on_request(params: dict[str, str], wanted: bool) -> None:
    assert read_preview_request(profile_request(params=params)).wants_facts is wanted


@pytest.mark.parametrize("value", ["1", "yes", "True", ""])
def test_a_value_of_facts_that_is_neither_true_nor_false_is_refused_with_both(value: str) -> None:
    assert refusal("facts", value).expected == "true or false"


def test_the_function_key_is_ignored() -> None:
    assert options(code="secret") == options()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at", "tomorrow"),
        ("policy.soak", "three days"),
        ("policy.nap", "on"),
        ("policy.", "on"),
        ("soak", "P3D"),
        ("At", "2026-08-01T12:00:00Z"),
    ],
)
def test_a_parameter_that_is_unknown_or_not_valid_is_refused_by_name(name: str, value: str) -> None:
    assert refusal(name, value).field == name


def test_the_message_about_an_unknown_parameter_does_not_quote_it() -> None:
    refused = refusal("secret-name", "secret-value")

    assert "secret" not in str(refused)
    assert "secret-name" in refused.explanation
