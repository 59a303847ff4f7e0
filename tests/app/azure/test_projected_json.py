"""A response is decoded to the fields of a projection, with any other fields, and values of any types."""

from __future__ import annotations

import json

import pytest
from azure.core.exceptions import DecodeError

from shared.azure.projected_json import ProjectedJson, json_object
from shared.azure.projection import Projection

POOLS = Projection(
    "id", "tags.auto-upgrade*", "data[].pools[].name", "data[].pools[].from.id", "patches{}", "power.code"
)
WHOLE: dict[str, object] = {
    "id": "a",
    "other": {"deep": [1, 2, {"x": None}]},
    "tags": {"auto-upgrade.start": "manual", "cost": "1"},
    "data": [{"pools": [{"name": "np1", "from": {"id": "/snapshot", "size": 1}, "taints": ["x"]}], "size": 3}],
    "patches": {"1.33.5": {"upgrades": ["1.33.6"]}},
    "power": {"code": "Running", "since": 1},
}


def read(content: object) -> object:
    return ProjectedJson(POOLS).read(json.dumps(content).encode())


def test_what_is_not_in_the_projection_is_not_made() -> None:
    assert read(WHOLE) == {
        "id": "a",
        "tags": {"auto-upgrade.start": "manual", "cost": "1"},
        "data": [{"pools": [{"name": "np1", "from": {"id": "/snapshot"}}]}],
        "patches": {"1.33.5": {"upgrades": ["1.33.6"]}},
        "power": {"code": "Running"},
    }


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"id": 7},
        {"id": None},
        {"data": None},
        {"data": "no list"},
        {"data": [None]},
        {"data": ["no object"]},
        {"data": [{"pools": None}]},
        {"data": [{"pools": "a text instead of a list"}]},
        {"data": [{"pools": [{"name": {"of": "another type"}}]}]},
        {"data": [{"pools": [{"from": "no object"}]}]},
        {"tags": ["no object"]},
        {"patches": []},
        {"power": "Running"},
        {"power": None},
        {"power": {}},
    ],
    ids=str,
)
def test_the_fields_of_the_projection_are_those_of_the_whole_response(change: dict[str, object]) -> None:
    content = WHOLE | change
    found = read(content)
    assert isinstance(found, dict)
    assert POOLS.of(found) == POOLS.of(content)


@pytest.mark.parametrize(
    "text", [b"", b"{", b'{"id": }', b'{"id": "\xff"}', b"[1]", b'"text"', b"null", b"[" * 100_000]
)
def test_what_is_no_json_object_is_refused(text: bytes) -> None:
    with pytest.raises(DecodeError):
        ProjectedJson(POOLS).read(text)
    with pytest.raises(DecodeError):
        json_object(text)
