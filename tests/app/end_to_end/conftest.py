"""Each test has a separate stack: what one leaves in it never reaches another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.app.end_to_end.scene import Scene, options
from tests.processes.stack import Stack
from tools.stack import stack as stacks


def a_scene(stack: stacks.Stack) -> Iterator[Scene]:
    """The scene; where the test ends, every profile is decided offline as well."""
    scene = Scene(stack)
    yield scene
    stack.emulator.set_faults([])
    scene.explain_all()


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A running stack with the small world."""
    with Stack(options()) as stack:
        yield from a_scene(stack)


@pytest.fixture
def policies() -> Iterator[Scene]:
    """A running stack with the world of fleets for policies."""
    with Stack(options(world="policies.yaml", timeline="policies-timeline.json")) as stack:
        yield from a_scene(stack)


@pytest.fixture
def observed() -> Iterator[Scene]:
    """A running stack with the small world, whose app sends telemetry."""
    with Stack(replace(options(), telemetry=True)) as stack:
        yield from a_scene(stack)
