"""What each way of deploying makes, as its snapshot says, for tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache

import pytest

from tools.checks.infra.expression import Value
from tools.checks.infra.prediction import Prediction, Resource, read_prediction, ways

WAY_NAMES = [way.stem for way in ways()]
WITH_THE_APP = [name for name in WAY_NAMES if not name.startswith(("events", "management-group-roles", "profile"))]

each_way = pytest.mark.parametrize("way", WAY_NAMES)
each_way_with_the_app = pytest.mark.parametrize("way", WITH_THE_APP)


@cache
def prediction(way: str) -> Prediction:
    """One way of deploying."""
    return next(read_prediction(path) for path in ways() if path.stem == way)


def with_changed(found: Prediction, kind: str, change: Callable[[dict[str, Value]], None]) -> Prediction:
    """A copy in which the body of the first resource of a type is another."""
    index = next(index for index, resource in enumerate(found.resources) if resource.type == kind)
    body = _copied(dict(found.resources[index].body))
    assert isinstance(body, dict)
    change(body)
    return with_resource(found, index, replace(found.resources[index], body=body))


def with_resource(found: Prediction, index: int, resource: Resource) -> Prediction:
    """A copy with another resource in the place of one."""
    resources: Sequence[Resource] = [*found.resources[:index], resource, *found.resources[index + 1 :]]
    return replace(found, resources=resources)


def without(found: Prediction, kind: str) -> Prediction:
    """A copy without the first resource of a type."""
    index = next(index for index, resource in enumerate(found.resources) if resource.type == kind)
    return replace(found, resources=[*found.resources[:index], *found.resources[index + 1 :]])


def at(body: dict[str, Value], *path: str) -> dict[str, Value]:
    """The object at a path of a body, to change it; where the path leads to an array, its first element."""
    value: Value = body
    for step in path:
        value = value[0] if isinstance(value, list) else value
        assert isinstance(value, dict)
        value = value[step]
    value = value[0] if isinstance(value, list) else value
    assert isinstance(value, dict)
    return value


def _copied(value: Value) -> Value:
    """A copy of a body; what only Azure knows is shared, for it does not change."""
    if isinstance(value, Mapping):
        return {key: _copied(part) for key, part in value.items()}
    return [_copied(part) for part in value] if isinstance(value, list) else value
