"""eTags and conditional requests."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tools.emulator.arm import ArmError, ArmRequest
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.etag import new_etag
from tools.emulator.identity import Caller

CURRENT = '"abc"'


def request(**headers: str) -> ArmRequest:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return ArmRequest("PUT", "/", {}, {}, names, None, "1", Caller("o", "a"), "https://x")


def test_an_etag_has_its_quotes_and_the_time_of_the_write() -> None:
    etag = new_etag(datetime(2025, 9, 1, 6, 1, 20, tzinfo=UTC))
    assert re.fullmatch(r'"[0-9a-f]{8}(-[0-9a-f]{4}){3}-68b536b0[0-9a-f]{4}"', etag)


def test_etags_differ() -> None:
    assert new_etag(datetime.now(UTC)) != new_etag(datetime.now(UTC))


@pytest.mark.parametrize(
    ("headers", "current"),
    [
        ({}, CURRENT),
        ({}, None),
        ({"If_Match": '"abc"'}, CURRENT),
        ({"If_Match": "abc"}, CURRENT),
        ({"If_Match": "*"}, CURRENT),
        ({"If_None_Match": "*"}, None),
        ({"If_None_Match": '"x"'}, CURRENT),
    ],
)
def test_a_condition_that_is_met_lets_the_request_pass(headers: dict[str, str], current: str | None) -> None:
    check_preconditions(request(**headers), current)


@pytest.mark.parametrize(
    ("headers", "current"),
    [
        ({"If_Match": '"x"'}, CURRENT),
        ({"If_Match": "*"}, None),
        ({"If_Match": '"abc"'}, None),
        ({"If_None_Match": "*"}, CURRENT),
        ({"If_None_Match": '"abc"'}, CURRENT),
    ],
)
def test_a_condition_that_is_not_met_gets_412(headers: dict[str, str], current: str | None) -> None:
    with pytest.raises(ArmError) as refused:
        check_preconditions(request(**headers), current)
    assert (refused.value.status, refused.value.code) == (412, "PreconditionFailed")
