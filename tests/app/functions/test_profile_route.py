"""The route of a profile: its segments are those of ARM's resource id."""

from __future__ import annotations

import re

import pytest

from functions.http.profile_route import PROFILE_ROUTE, profile_id_of
from shared.core.model.ids import PROFILE_TYPE
from shared.errors import InvalidInputError
from tests.app.functions.requests import PROFILE_ID, ROUTE, profile_request


def test_the_segments_are_the_profiles_id_in_the_callers_spelling() -> None:
    profile_id = profile_id_of(profile_request())

    assert (profile_id.text, profile_id.type) == (PROFILE_ID, PROFILE_TYPE)


def test_the_route_is_that_of_arm_and_has_each_segment_once() -> None:
    assert re.findall(r"\{(\w+)\}", PROFILE_ROUTE) == list(ROUTE)
    assert f"/{PROFILE_ROUTE.format(**ROUTE)}" == PROFILE_ID


@pytest.mark.parametrize("segment", list(ROUTE))
def test_an_empty_segment_is_no_resource_id(segment: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        profile_id_of(profile_request(route={**ROUTE, segment: ""}))

    assert caught.value.field == "profile resource id"


@pytest.mark.parametrize("segment", list(ROUTE))
@pytest.mark.parametrize("text", [".", "..", "a\x00b", "a\r\nb", "%2e%2e", "a?b", "a#b", "a\\b", "a' or '1", "x" * 500])
def test_a_segment_that_no_name_in_azure_has_is_refused(segment: str, text: str) -> None:
    with pytest.raises(InvalidInputError, match="profile resource id is not valid"):
        profile_id_of(profile_request(route={**ROUTE, segment: text}))


@pytest.mark.parametrize("segment", list(ROUTE))
def test_a_segment_with_further_parts_of_an_id_names_no_profile(segment: str) -> None:
    with pytest.raises(InvalidInputError, match="profile resource id is not valid"):
        profile_id_of(profile_request(route={**ROUTE, segment: "a/members/b"}))


def test_a_segment_with_a_slash_names_no_profile() -> None:
    with pytest.raises(InvalidInputError, match="profile resource id is not valid"):
        profile_id_of(profile_request(route={**ROUTE, "profile": "rapid/generateUpdateRun"}))
