"""The custom roles against what the app was seen to ask of Azure, also for what the SDKs ask by themselves."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shared.azure.aks.catalog_reader import ArmCatalogReader
from shared.azure.connection import Connection
from shared.azure.fleet.profile_store import ArmProfileStore
from shared.azure.fleet.store import ArmFleetStore
from shared.azure.resource_graph.reader import ResourceGraphEstateReader
from shared.core.model.catalog_needs import find_needs
from shared.core.model.fleet import Cluster
from shared.core.model.profile import Channel
from shared.core.model.update_run import UpdateRun, UpgradeType
from shared.core.runs.specification import RunSpecification
from tests.app.azure.bodies import SUBSCRIPTION
from tests.app.azure.conftest import connected
from tests.infra.called_actions import LONG_RUNNING, action_of, called_actions
from tests.infra.role_files import PROFILE_ACTIONS, ROLE_ACTIONS
from tests.tools.emulator.emulator_process import EmulatorProcess

ALLOWED = {action.lower() for action in ROLE_ACTIONS}
FOR_PROFILES = {action.lower() for action in PROFILE_ACTIONS}


@pytest.fixture
def azure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    with EmulatorProcess(tmp_path, "--request-log", str(tmp_path / "requests.jsonl")) as running:
        monkeypatch.setenv("IDENTITY_ENDPOINT", running.ready["identityEndpoint"])
        monkeypatch.setenv("IDENTITY_HEADER", running.ready["identityHeader"])
        ready = running.ready
        with connected(ready["endpoint"], ready["caBundle"], AUTO_UPGRADE_SUBSCRIPTION_IDS=SUBSCRIPTION) as connection:
            yield connection


def seen(log: Path) -> set[str]:
    """The actions of the requests in the emulator's log, but for those of other services."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return {action_of(line["method"], line["path"].strip("/")) for line in lines if "/providers/" in line["path"]}


def do_everything(azure: Connection) -> None:
    """Every adapter that asks Azure Resource Manager, and every write it has but those of profiles."""
    store = ArmFleetStore(azure)
    fleet = next(one for one in ResourceGraphEstateReader(azure).read().fleets if one.strategies and one.profiles)
    clusters = [member.cluster for member in fleet.members if isinstance(member.cluster, Cluster)]
    ArmCatalogReader(azure).read(find_needs(clusters))
    for profile in fleet.profiles:
        store.read_fleet(profile.id)
    store.read_profile(fleet.profiles[0].id)
    store.read_maintenance_windows(cluster.id for cluster in clusters)
    store.generate_natively(fleet.profiles[0].id)
    specification = RunSpecification(
        profile_id=fleet.profiles[0].id,
        channel=Channel.NODE_IMAGE,
        upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
        kubernetes_version=None,
        node_image_selection=None,
        update_strategy_id=next(iter(fleet.strategies)),
    )
    assert store.create_run(fleet.id, specification)

    def run() -> UpdateRun:
        found = store.find_run(fleet.id.child("updateRuns", specification.name))
        assert found is not None
        return found

    assert store.skip_members(run(), [next(iter(run().member_states))])
    assert store.start_run(run())
    assert store.stop_run(run())


def write_a_profile(azure: Connection) -> None:
    """Create a profile like one that exists, and delete it."""
    fleet = next(one for one in ResourceGraphEstateReader(azure).read().fleets if one.profiles)
    new = replace(fleet.profiles[0], id=fleet.id.child("autoUpgradeProfiles", "new"))
    store = ArmProfileStore(azure, ArmFleetStore(azure))
    assert store.read_strategies(fleet.id)
    store.write_profile(new, only_new=True)
    assert store.read_stored(new.id).profile == new
    store.delete_profile(new.id)


def test_all_that_was_asked_of_azure_is_allowed_and_all_that_is_called_was_asked(
    azure: Connection, tmp_path: Path
) -> None:
    log = tmp_path / "requests.jsonl"
    do_everything(azure)
    assert sorted({action.lower() for action in seen(log)} - ALLOWED) == []

    write_a_profile(azure)
    asked = {action.lower() for action in seen(log)}
    assert asked - ALLOWED == FOR_PROFILES
    # Fleet was recorded to do these writes at once; the SDK polls only where the response says to wait
    assert {action.lower() for action in called_actions()} - asked == {action.lower() for action in LONG_RUNNING}
