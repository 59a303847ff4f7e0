"""What a decision was made on, as it is captured on the wire, gives the same decision offline, byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from shared.azure.aks.catalog_reader import ArmCatalogReader
from shared.azure.connection import Connection
from shared.azure.fleet.store import ArmFleetStore
from shared.capture import record_json
from shared.core.facts import Facts
from shared.core.model.catalog_needs import find_needs
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, NativeCall, RunRecord, StopNote
from shared.core.model.unknown import Unknown
from shared.core.policies.sources import PolicySources
from shared.core.releases.releases import NewReleases, Release
from shared.decision_json import decision_json
from shared.use_cases.decide_profile import EvaluationOptions, decide_and_capture, decide_profile
from tests.app.azure.bodies import (
    FLEET,
    PROFILE,
    RUN,
    SHOP,
    STRATEGY,
    SUBSCRIPTION,
    UBUNTU,
    Body,
    cluster,
    cluster_path,
    fleet,
    group_path,
    member,
    minor,
    pool,
    profile,
    run,
    strategy,
)
from tests.app.azure.wire_server import Json, Response, WireServer, refusal
from tests.app.fakes.memory_ledger import MemoryLedger
from tools.explain.command import explain
from tools.explain.document import read_facts
from tools.explain.offline import CapturedReaders

NOW = datetime(2026, 3, 20, 6, 0, tzinfo=UTC)
PROFILE_ID = ResourceId.parse(PROFILE)
VERSIONS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/locations/westus2/kubernetesVersions"
NEWEST = f"{SHOP}/agentPools/system/upgradeProfiles/default"
WINDOWS = f"{SHOP}/maintenanceConfigurations"
FAILED = run(state="Failed", members={"shop": "Failed", "depot": "NotStarted"})


class _Clock:
    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Adapters:
    """The app's adapters to Azure, with a ledger in memory."""

    fleets: ArmFleetStore
    catalogs: ArmCatalogReader
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    clock: _Clock = field(default_factory=_Clock)
    policy_defaults: Mapping[str, str] = field(default_factory=lambda: {"retry": "2"})


@pytest.fixture
def adapters(wire: WireServer, connection: Connection) -> Adapters:
    """A fleet of two clusters below 1.33.5, on the wire."""
    wire.script("GET", f"{FLEET}/autoUpgradeProfiles", {"value": [profile()]})
    wire.script("GET", FLEET, fleet(**{"auto-upgrade.soak": "P1D", "password": "hidden"}))
    wire.script("GET", f"{FLEET}/members", {"value": [member(), member("depot", cluster_path("depot", "depots"))]})
    wire.script("GET", f"{FLEET}/updateRuns", {"value": []})
    wire.script("GET", STRATEGY, strategy("rapid"))
    wire.script("GET", SHOP, cluster(servicePrincipalProfile={"clientId": "msi", "secret": "hidden"}))
    wire.script("GET", cluster_path("depot", "depots"), cluster("depot", group="depots"))
    wire.script("GET", VERSIONS, {"values": [minor("1.33", "1.33.4", "1.33.5"), minor("1.30", "1.30.5")]})
    wire.script("GET", NEWEST, {"id": NEWEST, "properties": {"latestNodeImageVersion": f"{UBUNTU}-202603.09.0"}})
    wire.script("GET", WINDOWS, {"value": [{"name": "default", "properties": {"notAllowedTime": "hidden"}}]})
    wire.script("GET", f"{cluster_path('depot', 'depots')}/maintenanceConfigurations", {"value": []})
    return Adapters(ArmFleetStore(connection), ArmCatalogReader(connection))


def same_decision(adapters: Adapters, **assumptions: str) -> tuple[Body, Body]:
    """The decision on the wire and its facts; the facts give the same decision, also without capturing them."""
    options = EvaluationOptions(policies=assumptions, wants_warnings=True)
    decision, facts = decide_and_capture(adapters, PROFILE_ID, options)
    text = json.dumps(decision_json(decision))
    document = read_facts(json.loads(json.dumps(facts)), "facts.json")

    assert json.dumps(decision_json(explain(document))) == text
    assert json.dumps(decision_json(decide_profile(adapters, PROFILE_ID, options))) == text
    return cast("Body", json.loads(text)), cast("Body", facts)


def reasons(decision: Body) -> dict[str, Json]:
    return {str(one["name"]): one["reason"] for one in cast("list[Body]", decision["members"])}


def test_the_facts_have_what_decides_and_nothing_else(adapters: Adapters) -> None:
    _, facts = same_decision(adapters, soak="PT0S")

    official: Body = {"capabilities": {"supportPlan": ["KubernetesOfficial"]}}
    assert facts["schemaVersion"] == 1
    assert facts["now"] == "2026-03-20T06:00:00+00:00"
    assert facts["policies"] == {"settings": {"retry": "2"}, "overrides": {"soak": "PT0S"}}
    assert facts["fleet"] == {"id": FLEET, "tags": {"auto-upgrade.soak": "P1D"}}
    assert facts["regions"] == {
        "westus2": {
            "kubernetesVersions": {
                "values": [
                    {"version": "1.33", **official, "patchVersions": {"1.33.4": {}, "1.33.5": {}}},
                    {"version": "1.30", **official, "patchVersions": {"1.30.5": {}}},
                ]
            },
            "upgradeProfiles": {UBUNTU: {"properties": {"latestNodeImageVersion": f"{UBUNTU}-202603.09.0"}}},
        }
    }
    assert "hidden" not in json.dumps(facts)


def test_clusters_of_the_resource_group_that_are_no_members_are_not_captured(
    wire: WireServer, adapters: Adapters
) -> None:
    depots: list[Json] = [member(name, cluster_path(name, "depots")) for name in ("depot", "annex")]
    wire.script("GET", f"{FLEET}/members", {"value": depots})
    listed: list[Json] = [cluster(name, group="depots") for name in ("depot", "annex", "foreign")]
    wire.script("GET", f"{group_path('depots')}/managedClusters", {"value": listed})

    _, facts = same_decision(adapters)

    assert [str(body["id"]).rpartition("/")[2] for body in cast("list[Body]", facts["managedClusters"])] == [
        "annex",
        "depot",
    ]


def test_a_cluster_that_could_not_be_read_keeps_its_reason(wire: WireServer, adapters: Adapters) -> None:
    depot = cluster_path("depot", "depots")
    wire.script("GET", depot, refusal(403, "AuthorizationFailed", "no right to read"))

    decision, facts = same_decision(adapters, soak="PT0S")

    assert reasons(decision)["depot"] == "ClusterUnknown"
    [captured] = [body for body in cast("list[Body]", facts["managedClusters"]) if body["id"] == depot]
    assert captured["unknown"] == f"The app's identity may not read {depot}: no right to read"


def test_a_cluster_that_was_not_found_is_absent_and_stays_unknown(wire: WireServer, adapters: Adapters) -> None:
    wire.script("GET", cluster_path("depot", "depots"), refusal(404, "ResourceNotFound"))

    decision, facts = same_decision(adapters, soak="PT0S")

    assert reasons(decision)["depot"] == "ClusterUnknown"
    assert len(cast("list[Body]", facts["managedClusters"])) == 1


@pytest.mark.parametrize(
    ("path", "response"),
    [
        (STRATEGY, refusal(403, "AuthorizationFailed")),
        (STRATEGY, refusal(404, "ResourceNotFound")),
        (STRATEGY, Response(strategy())),
        (VERSIONS, refusal(403, "AuthorizationFailed")),
        (VERSIONS, Response({"values": [minor("1.33"), minor("new", "1.33.5")]})),
        (VERSIONS, Response({})),
        (NEWEST, refusal(403, "AuthorizationFailed")),
        (NEWEST, Response({"properties": {"latestNodeImageVersion": f"{UBUNTU}-latest"}})),
        (NEWEST, refusal(404, "ResourceNotFound")),
        (NEWEST, Response({"properties": {}})),
        (WINDOWS, refusal(403, "AuthorizationFailed")),
        (SHOP, Response(cluster(agentPoolProfiles=[{"count": 3}]))),
        (SHOP, Response(cluster(location=None))),
        (SHOP, Response(cluster(currentKubernetesVersion="1.30"))),
        (SHOP, Response(cluster(agentPoolProfiles=[pool(image="AKSUbuntu-latest")]))),
        (SHOP, Response(cluster(powerState={"code": "Stopped"}, location="West US 2"))),
        (f"{FLEET}/members", Response({"value": [member(), member("odd", 7), member("edge", f"{STRATEGY}")]})),
        (f"{FLEET}/members", Response({"value": []})),
        (f"{FLEET}/autoUpgradeProfiles", Response({"value": [profile(channel="Slow")]})),
        (f"{FLEET}/autoUpgradeProfiles", Response({"value": [profile(channel="NodeImage", nodeImageSelection=None)]})),
        (f"{FLEET}/autoUpgradeProfiles", Response({"value": [profile(updateStrategyId=None)]})),
        (f"{FLEET}/autoUpgradeProfiles", Response({"value": [profile(disabled="maybe")]})),
        (f"{FLEET}/updateRuns", Response({"value": [FAILED]})),
        (f"{FLEET}/updateRuns", Response({"value": [run(state="Dreaming", strategy={"stages": []})]})),
    ],
)
def test_what_is_odd_or_unreadable_gives_the_same_decision(
    wire: WireServer, adapters: Adapters, path: str, response: Response
) -> None:
    wire.script("GET", path, response)

    same_decision(adapters)
    same_decision(adapters, soak="PT0S")


def test_every_fact_that_the_core_knows_is_captured() -> None:
    """A new field needs a part in the facts, or a reason here why no decision depends on it."""
    parts = {
        "profile": "profileId",
        "fleet": "fleet",
        "catalog": "regions",
        "now": "now",
        "run_records": "ledger",
        "policy_sources": "policies",
        "first_seen": "ledger",
        "waiting_since": "ledger",
        "on_demand": "onDemand",
    }
    record = RunRecord(Intent.UPGRADE, restarted_failure=NOW)

    assert {one.name for one in fields(Facts)} == set(parts)
    for_people = {"trace_parent", "requested_by"}
    assert {one.name for one in fields(RunRecord)} - for_people == {_snake(name) for name in record_json(record)}
    assert {one.name for one in fields(PolicySources)} == {"settings", "overrides"}


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda letter: f"_{letter[1].lower()}", name)


def test_the_fleet_and_what_its_regions_offer_are_read_offline_as_they_were_on_the_wire(
    wire: WireServer, adapters: Adapters
) -> None:
    wire.script("GET", f"{FLEET}/updateRuns", {"value": [FAILED]})
    read_profile, read = adapters.fleets.read_fleet(PROFILE_ID)
    needs = find_needs(read.clusters)

    _, facts = same_decision(adapters)

    offline = CapturedReaders(read_facts(facts, "facts"))
    assert offline.read_fleet(PROFILE_ID) == (read_profile, _in_order_of_ids(read))
    assert offline.read(needs) == adapters.catalogs.read(needs)


def _in_order_of_ids(fleet: Fleet) -> Fleet:
    return replace(fleet, members=tuple(sorted(fleet.members, key=lambda one: one.name)))


def test_a_record_that_could_not_be_read_is_part_of_the_facts(wire: WireServer, adapters: Adapters) -> None:
    adapters.ledger.unreadable_runs[ResourceId.parse(RUN)] = Unknown("row 'auto-rapid' is not readable")
    wire.script("GET", f"{FLEET}/updateRuns", {"value": [FAILED]})

    decision, facts = same_decision(adapters)

    assert decision["reason"] == "LedgerUnreadable"
    assert cast("Body", facts["ledger"])["unreadableRuns"] == {"auto-rapid": "row 'auto-rapid' is not readable"}


def test_what_the_ledger_knew_is_part_of_the_facts(wire: WireServer, adapters: Adapters) -> None:
    record = RunRecord(
        Intent.UPGRADE,
        frozenset({"depot"}),
        1,
        NOW - timedelta(hours=2),
        "native",
        "00-trace-00",
        NOW - timedelta(days=1),
        StopNote(NOW - timedelta(hours=3), "1.33.6", is_made=True, stopped_at=NOW - timedelta(hours=2)),
        NativeCall(
            ResourceId.parse(PROFILE), NOW - timedelta(hours=1), frozenset({"auto-other 2026-03-01T00:00:00+00:00"})
        ),
    )
    adapters.ledger.records[ResourceId.parse(RUN)] = (record, NOW)
    release = Release("KubernetesVersion", "1.33.5", "KubernetesOfficial")
    adapters.ledger.record_new_releases(NewReleases("westus2", (release,)), NOW - timedelta(days=2))
    adapters.ledger.waits[ResourceId.parse(PROFILE)] = NOW - timedelta(hours=1)
    wire.script("GET", f"{FLEET}/updateRuns", {"value": [FAILED]})

    decision, facts = same_decision(adapters)
    same_decision(adapters, soak="P3D")

    assert cast("Body", decision["target"])["kubernetesVersion"] == "1.33.5"
    assert facts["ledger"] == {
        "runs": {
            "auto-rapid": {
                "intent": "upgrade",
                "skipped": ["depot"],
                "generated": "native",
                "restarts": 1,
                "restartedFailure": "2026-03-20T04:00:00+00:00",
                "createdAt": "2026-03-19T06:00:00+00:00",
                "stop": {
                    "notedAt": "2026-03-20T03:00:00+00:00",
                    "target": "1.33.6",
                    "isMade": True,
                    "stoppedAt": "2026-03-20T04:00:00+00:00",
                },
                "call": {
                    "profileId": PROFILE,
                    "until": "2026-03-20T05:00:00+00:00",
                    "beside": ["auto-other 2026-03-01T00:00:00+00:00"],
                },
            }
        },
        "firstSeen": {"westus2": {release.key: "2026-03-18T06:00:00+00:00"}},
        "waitingSince": {PROFILE: "2026-03-20T05:00:00+00:00"},
    }
