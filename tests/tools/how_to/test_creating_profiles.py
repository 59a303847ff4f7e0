"""The page's blocks that create profiles: what each sends, what it makes, and what Fleet generates from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tools.emulator.emulator_process import EmulatorProcess
from tests.tools.how_to.conftest import WORLD
from tests.tools.how_to.extension import UsageError
from tests.tools.how_to.reader import CREATE, DELETE, VARIABLES, JsonObject, Reader
from tools.json_value import Json

STRATEGY = VARIABLES["STRATEGYID"]
FLAGS: JsonObject = {"disabled": False, "longTermSupport": False}
"""What is sent whether it was asked for or not."""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """One for all: no time passes here."""
    with EmulatorProcess(tmp_path_factory.mktemp("emulator"), world=WORLD) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_profile_is_left(reader: Reader) -> Iterator[None]:
    yield
    for fleet in ("fleet1", "archive"):
        reader.az(DELETE, FLEET=fleet)


def upgrade(version: str, selection: str = "Latest") -> JsonObject:
    """What a run of a Kubernetes channel asks for."""
    return {
        "upgrade": {"type": "Full", "kubernetesVersion": version},
        "nodeImageSelection": {"type": selection},
    }


def test_create_a_stable_profile_that_updates_one_by_one(reader: Reader) -> None:
    reader.az(f"{CREATE} --channel Stable")

    assert reader.sent() == {"properties": {"channel": "Stable", **FLAGS}}
    assert reader.profile() == {"provisioningState": "Succeeded", "channel": "Stable", **FLAGS}
    run = reader.run(reader.generate())
    assert run["managedClusterUpdate"] == upgrade("1.32.7")
    assert members_at_once(run) == [(1, ["cluster1", "cluster2", "cluster3"])]


def test_create_a_stable_profile_with_a_strategy(reader: Reader) -> None:
    reader.az(f"{CREATE} --update-strategy-id $STRATEGYID --channel Stable")

    assert reader.sent() == {"properties": {"channel": "Stable", "updateStrategyId": STRATEGY, **FLAGS}}
    run = reader.run(reader.generate())
    assert run["managedClusterUpdate"] == upgrade("1.32.7")
    assert run["updateStrategyId"] == STRATEGY
    assert members_at_once(run) == [(1, ["cluster1"]), (1, ["cluster2", "cluster3"])]


@pytest.mark.parametrize("selection", ["Consistent", "Latest"])
def test_create_a_stable_profile_with_a_strategy_and_a_node_image_selection(reader: Reader, selection: str) -> None:
    reader.az(f"{CREATE} --update-strategy-id $STRATEGYID --channel Stable --node-image-selection {selection}")

    assert reader.sent() == {
        "properties": {
            "channel": "Stable",
            "updateStrategyId": STRATEGY,
            "nodeImageSelection": {"type": selection},
            **FLAGS,
        }
    }
    assert reader.run(reader.generate())["managedClusterUpdate"] == upgrade("1.32.7", selection)


def test_create_a_profile_for_a_target_kubernetes_version(reader: Reader) -> None:
    reader.az(f'{CREATE} --channel TargetKubernetesVersion --target-kubernetes-version "1.33"')

    assert reader.sent() == {
        "properties": {"channel": "TargetKubernetesVersion", "targetKubernetesVersion": "1.33", **FLAGS}
    }
    assert reader.run(reader.generate())["managedClusterUpdate"] == upgrade("1.33.3")


def test_create_a_profile_for_a_target_kubernetes_version_with_long_term_support(reader: Reader) -> None:
    command = f'{CREATE} --channel TargetKubernetesVersion --target-kubernetes-version "1.29" --long-term-support'
    reader.az(command, FLEET="archive")

    assert reader.sent() == {
        "properties": {
            "channel": "TargetKubernetesVersion",
            "targetKubernetesVersion": "1.29",
            "longTermSupport": True,
            "disabled": False,
        }
    }
    name = reader.generate(FLEET="archive")
    assert reader.run(name, FLEET="archive")["managedClusterUpdate"] == upgrade("1.29.15")


def test_create_a_node_image_profile_that_updates_one_by_one(reader: Reader) -> None:
    reader.az(f"{CREATE} --channel NodeImage")

    assert reader.sent() == {"properties": {"channel": "NodeImage", **FLAGS}}
    run = reader.run(reader.generate())
    assert run["managedClusterUpdate"] == {
        "upgrade": {"type": "NodeImageOnly"},
        "nodeImageSelection": {"type": "Consistent"},
    }
    assert members_at_once(run) == [(1, ["cluster1", "cluster2", "cluster3"])]


def test_create_a_node_image_profile_with_a_strategy(reader: Reader) -> None:
    reader.az(f"{CREATE} --update-strategy-id $STRATEGYID --channel NodeImage ")

    assert reader.sent() == {"properties": {"channel": "NodeImage", "updateStrategyId": STRATEGY, **FLAGS}}
    run = reader.run(reader.generate())
    assert members_at_once(run) == [(1, ["cluster1"]), (1, ["cluster2", "cluster3"])]


def test_create_a_disabled_profile_and_enable_it_by_creating_it_again(reader: Reader) -> None:
    reader.az(f"{CREATE} --channel Stable --disabled")
    assert reader.sent() == {"properties": {"channel": "Stable", "disabled": True, "longTermSupport": False}}
    assert reader.profile()["disabled"] is True

    reader.az(f"{CREATE} --channel Stable")
    assert reader.profile() == {"provisioningState": "Succeeded", "channel": "Stable", **FLAGS}


def test_the_page_is_followed_from_top_to_bottom_with_one_profile(reader: Reader) -> None:
    blocks = (
        "--channel Stable",
        "--update-strategy-id $STRATEGYID --channel Stable",
        "--update-strategy-id $STRATEGYID --channel Stable --node-image-selection Consistent",
        "--update-strategy-id $STRATEGYID --channel Stable --node-image-selection Latest",
        '--channel TargetKubernetesVersion --target-kubernetes-version "1.33"',
        '--channel TargetKubernetesVersion --target-kubernetes-version "1.29" --long-term-support',
        "--channel NodeImage",
        "--update-strategy-id $STRATEGYID --channel NodeImage ",
    )
    for block in blocks:
        reader.az(f"{CREATE} {block}")
        assert reader.profile() == {"provisioningState": "Succeeded", **as_object(reader.sent()["properties"])}


def test_the_node_image_channel_takes_no_node_image_selection(reader: Reader) -> None:
    with pytest.raises(UsageError):
        reader.az(f"{CREATE} --channel NodeImage --node-image-selection Latest")
    assert reader.clients.requests == []


def as_object(value: Json) -> JsonObject:
    assert isinstance(value, dict)
    return value


def members_at_once(run: JsonObject) -> list[tuple[int, list[str]]]:
    """How many members at a time, and which, group after group."""
    status = run["status"]
    assert isinstance(status, dict)
    stages = status["stages"]
    assert isinstance(stages, list)
    found: list[tuple[int, list[str]]] = []
    for stage in stages:
        assert isinstance(stage, dict)
        groups = stage["groups"]
        assert isinstance(groups, list)
        for group in groups:
            assert isinstance(group, dict)
            members = group["members"]
            assert isinstance(members, list)
            names = [str(member["name"]) for member in members if isinstance(member, dict)]
            found.append((int(str(group["maxConcurrency"])), names))
    return found
