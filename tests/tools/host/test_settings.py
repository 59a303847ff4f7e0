"""The settings file and host.json."""

import json
from pathlib import Path

import pytest

from tools.host.errors import StartUpError
from tools.host.settings import read_route_prefix, read_settings


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[]", "must hold a JSON object"),
        ("{", "is not valid JSON"),
        ('{"Values": []}', "'Values' and 'hostKeys' must be objects"),
        ('{"Values": {"A": 1}}', "the app setting A must be a text"),
        ('{"hostKeys": {"admin": "a"}}', "hostKeys: unknown key 'admin'"),
        ('{"hostKeys": {"master": ""}}', "hostKeys: 'master' must be a text that is not empty"),
    ],
)
def test_a_settings_file_that_cannot_be_read_is_refused_with_the_reason(
    tmp_path: Path, content: str, reason: str
) -> None:
    file = tmp_path / "settings.json"
    file.write_text(content)
    with pytest.raises(StartUpError) as refusal:
        read_settings(file)
    assert reason in str(refusal.value)


def test_keys_that_are_not_given_are_made_at_random_and_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({"hostKeys": {"master": "given-by-hand"}}))
    first, second = read_settings(file).keys, read_settings(file).keys
    assert first.master == second.master == "given-by-hand"
    assert len({*first.all(), *second.all()}) == 5
    assert not [key for key in first.all() if key in repr(first)]


@pytest.mark.parametrize(
    ("content", "prefix"),
    [
        ({}, "api"),
        ({"extensions": {"http": {"routePrefix": "/v1/x/"}}}, "v1/x"),
        ({"extensions": {"http": {"routePrefix": ""}}}, ""),
        ({"extensions": {"queues": {}}}, "api"),
    ],
)
def test_the_route_prefix_is_that_of_host_json_and_api_without(
    tmp_path: Path, content: dict[str, object], prefix: str
) -> None:
    (tmp_path / "host.json").write_text(json.dumps({"version": "2.0", **content}))
    assert read_route_prefix(tmp_path) == prefix


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "host.json: cannot be read"),
        ("{", "host.json: is not valid JSON"),
        ("{}", 'host.json: "version" must be "2.0"'),
        ('{"version": "2.0", "extensions": {"http": {"routePrefix": 1}}}', "routePrefix must be a text"),
    ],
)
def test_a_host_json_that_cannot_be_read_is_refused(tmp_path: Path, content: str | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "host.json").write_text(content)
    with pytest.raises(StartUpError) as refusal:
        read_route_prefix(tmp_path)
    assert reason in str(refusal.value)
