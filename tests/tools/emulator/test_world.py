"""Worlds: what is refused, and what an estate is made of."""

from __future__ import annotations

import pytest

from tests.tools.emulator.builders import SUBSCRIPTION, at, fleet, member, pool, world, world_content
from tests.tools.emulator.lab import Lab
from tests.tools.releases.builders import image, timeline
from tools.documents import DocumentError
from tools.emulator.world import parse_world
from tools.json_value import Json

STAGE: dict[str, Json] = {
    "name": "one",
    "groups": [{"name": "canary", "maxConcurrency": "50%"}],
    "afterStageWaitInSeconds": 60,
    "maxAllowedFailures": "10%",
    "beforeGates": [{"displayName": "Ready?", "type": "Approval"}],
}


def refusal(content: Json) -> str:
    with pytest.raises(DocumentError) as refused:
        parse_world(content, "w.yaml")
    return str(refused.value)


NO_SELECTOR: dict[str, Json] = {"memberSelector": {"byLabel": "env in prod"}}
UNSCHEDULED: Json = {"type": "ScheduledStart"}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (world_content(regions=[]), "regions"),
        (world_content(subscription="x"), "subscription"),
        (world_content(fleet("retail", member("a", "mars"))), "fleets[0].members[0].region"),
        (world_content(fleet("retail", member("a"), member("a"))), "fleets[0].members[1].name"),
        (
            world_content(fleet("retail", member("a", kubernetesVersion="1.30"))),
            "fleets[0].members[0].kubernetesVersion",
        ),
        (world_content(fleet("retail", member("a", joins="tomorrow"))), "fleets[0].members[0].joins"),
        (world_content(fleet(profiles=[{"name": "p", "channel": "Slow"}])), "fleets[0].profiles[0].channel"),
        (
            world_content(fleet(profiles=[{"name": "p", "channel": "Rapid", "updateStrategy": "none"}])),
            "fleets[0].profiles[0].updateStrategy",
        ),
        (world_content(fleet(color="red")), "fleets[0].color"),
        (world_content(fleet("retail", member("a", upgradeChannel="Rapid"))), "fleets[0].members[0].upgradeChannel"),
        (
            world_content(fleet("retail", member("a", nodeOSUpgradeChannel="none"))),
            "fleets[0].members[0].nodeOSUpgradeChannel",
        ),
        (
            world_content(fleet("retail", member("a", maintenanceConfigurations={"weekly": {}}))),
            "fleets[0].members[0].maintenanceConfigurations.weekly",
        ),
        (
            world_content(fleet("retail", member("a", maintenanceConfigurations={"default": []}))),
            "fleets[0].members[0].maintenanceConfigurations.default",
        ),
        (
            world_content(fleet(strategies=[{"name": "s", "stages": [{**STAGE, "maxAllowedFailures": "101%"}]}])),
            "fleets[0].strategies[0].stages[0].maxAllowedFailures",
        ),
        (
            world_content(fleet(strategies=[{"name": "s", "stages": [{"name": "one"}]}])),
            "fleets[0].strategies[0].stages[0].groups",
        ),
        (
            world_content(fleet(strategies=[{"name": "s", "stages": [{"name": "one", **NO_SELECTOR}]}])),
            "fleets[0].strategies[0].stages[0].memberSelector.byLabel",
        ),
        (
            world_content(fleet(strategies=[{"name": "s", "stages": [{**STAGE, "afterGates": [UNSCHEDULED]}]}])),
            "fleets[0].strategies[0].stages[0].afterGates[0].scheduledStartConfiguration",
        ),
        (
            world_content(fleet(strategies=[{"name": "s", "stages": [STAGE, STAGE]}])),
            "fleets[0].strategies[0].stages[1].name",
        ),
        (
            world_content(fleet(strategies=[{"name": "s", "stages": [STAGE, {**STAGE, "name": "two"}]}])),
            "fleets[0].strategies[0].stages[1].groups[0].name",
        ),
        (world_content(fleet("one", member("a")), fleet("two", member("a"))), "fleets[1].members[0].name"),
        (world_content(start="in May"), "start"),
        (world_content(faults={"regions": {"mars": {"releaseDelayDays": 1}}}), "faults.regions.mars"),
        (world_content(faults={"upgrades": [{"member": "retail/unknown"}]}), "faults.upgrades[0].member"),
        (
            world_content(faults={"operations": [{"member": "retail/x", "begins": "2026-01-06T00:00:00Z"}]}),
            "faults.operations[0].member",
        ),
        (
            world_content(
                fleet("retail", member("a")),
                faults={
                    "operations": [
                        {"member": "retail/a", "begins": "2026-01-06T00:00:00Z", "ends": "2026-01-05T00:00:00Z"}
                    ]
                },
            ),
            "faults.operations[0].ends",
        ),
        (world_content(faults={"requests": [{"path": "(", "action": "delay"}]}), "faults.requests[0].path"),
        (world_content(faults={"requests": [{"path": "x", "action": "status"}]}), "faults.requests[0]"),
        (world_content(faults={"throttling": {"reads": {"size": 0}}}), "faults.throttling.reads.size"),
    ],
)
def test_a_mistake_is_refused_with_its_place(content: Json, place: str) -> None:
    assert refusal(content).startswith(f"w.yaml: {place}: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (world_content(fleet(tag={})), "fleets[0].tag: there is no such key; did you mean 'tags'?"),
        (
            world_content(fleet("retail", member("a", "westus"))),
            "fleets[0].members[0].region: 'westus' is not one of westus2, eastus, westeurope; did you mean 'westus2'?",
        ),
        (
            world_content(
                fleet(strategies=[{"name": "s", "stages": [{**STAGE, "beforeGates": [{"type": "Manual"}]}]}])
            ),
            "fleets[0].strategies[0].stages[0].beforeGates[0].type: 'Manual' is not one of Approval, ScheduledStart",
        ),
        (
            world_content(fleet("retail", member("a", powerState="stopped"))),
            "fleets[0].members[0].powerState: 'stopped' is not one of Running, Stopped; did you mean 'Stopped'?",
        ),
        (world_content(fleet("retail", {"name": "a", "region": "eastus"})), "fleets[0].members[0]: 'pools' is missing"),
        (
            world_content(fleet("retail", member("a", kubernetesVersion=1.3))),
            "fleets[0].members[0].kubernetesVersion: 1.3 is not of type 'string'; write it in quotes",
        ),
    ],
)
def test_a_mistake_is_refused_with_what_would_be_right(content: Json, message: str) -> None:
    assert refusal(content) == f"w.yaml: {message}"


def test_keys_that_begin_with_x_are_left_to_the_author() -> None:
    assert parse_world(world_content(**{"x-pools": [pool()]}), "w.yaml") == parse_world(world_content())


def test_a_cluster_begins_with_the_default_version_and_the_newest_image() -> None:
    lab = Lab(world(fleet("retail", member("shop"))))
    cluster = next(iter(lab.estate.clusters.values()))
    assert cluster.id == (
        f"/subscriptions/{SUBSCRIPTION}/resourcegroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"
    )
    assert (cluster.kubernetes_version, cluster.pools[0].image) == (
        "1.30.5",
        "AKSUbuntu-2204gen2containerd-202409.30.0",
    )


def test_members_carry_the_labels_that_the_service_adds() -> None:
    lab = Lab(world(fleet("retail", member("shop", "eastus", group="canary"))))
    joined = next(iter(lab.estate.fleets.values())).members["shop"]
    assert joined.type == "Microsoft.ContainerService/fleets/members"
    assert joined.properties == {
        "clusterResourceId": next(iter(lab.estate.clusters.values())).id,
        "group": "canary",
        "provisioningState": "Succeeded",
        "status": {},
        "labels": {
            "fleet.azure.com/cluster-name": "shop",
            "fleet.azure.com/group": "canary",
            "fleet.azure.com/location": "eastus",
            "fleet.azure.com/member-name": "shop",
            "fleet.azure.com/resource-group": "platform",
            "fleet.azure.com/subscription-id": SUBSCRIPTION,
        },
    }


def test_strategies_and_profiles_are_as_arm_shows_them() -> None:
    profile: Json = {
        "name": "fast",
        "channel": "Rapid",
        "updateStrategy": "staged",
        "nodeImageSelection": "Latest",
        "disabled": True,
    }
    lab = Lab(world(fleet("retail", strategies=[{"name": "staged", "stages": [STAGE]}], profiles=[profile])))
    built = next(iter(lab.estate.fleets.values()))
    assert built.strategies["staged"].properties == {
        "provisioningState": "Succeeded",
        "strategy": {"stages": [STAGE]},
    }
    assert built.profiles["fast"].properties == {
        "channel": "Rapid",
        "disabled": True,
        "nodeImageSelection": {"type": "Latest"},
        "provisioningState": "Succeeded",
        "updateStrategyId": f"{built.id}/updateStrategies/staged",
    }


def test_a_member_that_joins_later_is_not_there_before_and_neither_is_its_cluster() -> None:
    newer = timeline(image("AKSUbuntu-2204", "202601.01.0", at(6)))
    lab = Lab(world(fleet("retail", member("late", joins="2026-01-08T00:00:00Z"))), newer)
    built = next(iter(lab.estate.fleets.values()))
    assert (built.members, lab.estate.clusters) == ({}, {})
    version = lab.estate.version
    lab.clock.advance(at(8))
    assert built.members["late"].created_at == at(8)
    assert next(iter(lab.estate.clusters.values())).pools[0].image.endswith("-202601.01.0")
    assert lab.estate.version > version
    assert lab.journal.after(0)[-1]["kind"] == "memberJoined"


def test_a_pool_without_any_image_is_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        Lab(world(fleet("retail", member("a", pools=[pool(), pool("linux", family="AKSAzureLinux-V3gen2")]))))
    assert str(refused.value) == (
        "fleets[0].members[0].pools[1].family: no image of AKSAzureLinux-V3gen2 is offered in westus2 then; "
        "give nodeImage, or let the member join later"
    )


def test_a_pool_can_begin_with_another_image() -> None:
    linux = pool(family="AKSAzureLinux-V3gen2", nodeImage="202501.05.0")
    lab = Lab(world(fleet("retail", member("a", pools=[linux]))))
    assert next(iter(lab.estate.clusters.values())).pools[0].image == "AKSAzureLinux-V3gen2-202501.05.0"


def test_maintenance_windows_are_kept_as_aks_keeps_them() -> None:
    window: Json = {"schedule": {"daily": {"intervalDays": 2}}, "durationHours": 4, "startTime": "22:00"}
    nightly: Json = {"aksManagedNodeOSUpgradeSchedule": {"maintenanceWindow": window}}
    lab = Lab(world(fleet("retail", member("a", maintenanceConfigurations=nightly))))
    assert next(iter(lab.estate.clusters.values())).maintenance_configurations == {
        "aksManagedNodeOSUpgradeSchedule": {
            "maintenanceWindow": {
                "schedule": {"daily": {"intervalDays": 2}},
                "durationHours": 4,
                "startTime": "22:00",
                "utcOffset": "+00:00",
                "startDate": "2026-01-05",
            }
        }
    }
