"""The strategies and profiles of a repository are what Fleet accepts and what the app decides on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import pytest

from shared.azure.aks.catalog_reader import ArmCatalogReader
from shared.azure.connection import Connection
from shared.azure.fleet.store import ArmFleetStore
from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog_needs import find_needs
from shared.core.model.fleet import Cluster
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Channel
from shared.core.model.run_record import Intent
from shared.core.planner import decide
from shared.core.profile_rules import broken_rule
from shared.core.reasons import ACTING
from shared.core.scope import Scope, find_scope
from tests.app.azure.bodies import SUBSCRIPTION, group_path
from tests.app.azure.conftest import connected
from tests.tools.emulator.emulator_process import EmulatorProcess
from tools.checks.infra.prediction import WAYS, Prediction, prediction_of

FLEET = f"{group_path()}/fleets/retail"
"""The fleet of the demo's world, for which profile-repository.bicepparam is written."""

API = {"api-version": "2026-06-01"}
KEPT = json.loads((WAYS / "profile-repository.snapshot.json").read_text())


def of_the_demo() -> Prediction:
    """The predicted resources, as if they were deployed to the fleet of the demo."""
    text = json.dumps(KEPT)
    [fleet] = {one["id"].partition("/fleets/")[0] + "/fleets/retail" for one in KEPT["predictedResources"]}
    return prediction_of("profile-repository", json.loads(text.replace(fleet, FLEET)))


DAYS = 60
"""In which AKS publishes versions and node images for every channel."""

RESOURCES = of_the_demo().resources
PROFILES = [str(one.name).rpartition("/")[2] for one in RESOURCES if one.type.endswith("/autoUpgradeProfiles")]
GROUPS = {
    "shop-stable": {"canary", "shop"},
    "stock-rapid": {"stock"},
    "shop-images": {"canary", "shop"},
    "stock-long-term": {"stock"},
}
"""The update groups that each profile with a strategy reaches."""


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """An emulator to which the predicted resources have been deployed."""
    with EmulatorProcess(tmp_path_factory.mktemp("emulator")) as running:
        running.authorize()
        for resource in RESOURCES:
            answer = running.http.put(resource.id, params=API, json={"properties": dict(resource.properties)})
            assert answer.status_code == 201, answer.text
        later = now(running) + timedelta(days=DAYS)
        running.http.post("/emulator/clock", json={"to": later.isoformat()}).raise_for_status()
        yield running


@pytest.fixture
def azure(emulator: EmulatorProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    monkeypatch.setenv("IDENTITY_ENDPOINT", emulator.ready["identityEndpoint"])
    monkeypatch.setenv("IDENTITY_HEADER", emulator.ready["identityHeader"])
    ready = emulator.ready
    with connected(ready["endpoint"], ready["caBundle"], AUTO_UPGRADE_SUBSCRIPTION_IDS=SUBSCRIPTION) as connection:
        yield connection


def is_within(sent: object, read: object) -> bool:
    """Whether what was sent is in what is read back, which may have more properties."""
    if isinstance(sent, Mapping) and isinstance(read, Mapping):
        return all(name in read and is_within(part, read[name]) for name, part in sent.items())
    if isinstance(sent, list) and isinstance(read, list):
        return len(sent) == len(read) and all(map(is_within, sent, read))
    return sent == read


def now(emulator: EmulatorProcess) -> datetime:
    return datetime.fromisoformat(emulator.http.get("/emulator/clock").json()["now"])


def decided(azure: Connection, emulator: EmulatorProcess, name: str) -> tuple[Scope, Decision]:
    """The members that a profile may touch, and what the app decides on it when a person asks."""
    profile, fleet = ArmFleetStore(azure).read_fleet(ResourceId.parse(f"{FLEET}/autoUpgradeProfiles/{name}"))
    clusters = [member.cluster for member in fleet.members if isinstance(member.cluster, Cluster)]
    catalog = ArmCatalogReader(azure).read(find_needs(clusters))
    scope = find_scope(profile, fleet)
    assert broken_rule(profile) is None
    assert isinstance(scope, Scope)
    return scope, decide(
        Facts(profile=profile, fleet=fleet, catalog=catalog, now=now(emulator), on_demand=Intent.REVIEW)
    )


def test_every_strategy_and_profile_is_read_back_as_it_was_sent(emulator: EmulatorProcess) -> None:
    for resource in RESOURCES:
        properties = emulator.http.get(resource.id, params=API).json()["properties"]
        assert is_within(dict(resource.properties), properties), (dict(resource.properties), properties)


def test_every_channel_of_the_stable_api_version_has_a_profile() -> None:
    stable = set(Channel) - {Channel.SECURITY_PATCH}  # of Fleet's preview alone
    assert {str(one.properties.get("channel")) for one in RESOURCES} - {"None"} == {one.value for one in stable}


@pytest.mark.parametrize("name", GROUPS)
def test_a_profile_reaches_the_groups_of_its_strategy(azure: Connection, emulator: EmulatorProcess, name: str) -> None:
    scope, _ = decided(azure, emulator, name)

    assert {member.group for member in scope.members} == GROUPS[name]


@pytest.mark.parametrize("name", PROFILES)
def test_the_app_generates_a_run_from_every_profile_once_there_are_releases(
    azure: Connection, emulator: EmulatorProcess, name: str
) -> None:
    _, decision = decided(azure, emulator, name)

    assert decision.outcome in ACTING, decision.sentence


@pytest.mark.parametrize("name", ["shop-stable", "stock-rapid", "shop-images"])
def test_fleet_generates_an_update_run_from_an_enabled_profile(emulator: EmulatorProcess, name: str) -> None:
    answer = emulator.http.post(f"{FLEET}/autoUpgradeProfiles/{name}/generateUpdateRun", params=API)

    assert answer.status_code == 200, answer.text
