"""Operations in progress and clusters outside AKS, from a world and from the control plane."""

from __future__ import annotations

from typing import cast, get_args

import pytest

from tests.tools.emulator.builders import SUBSCRIPTION, at, fleet, member, pool, world, world_content
from tests.tools.emulator.lab import Lab
from tools.documents import DocumentError
from tools.emulator.aks.busy import RestingState, TransitionalState, is_in_progress
from tools.emulator.graph_rows import GraphRows
from tools.emulator.state import ManagedCluster
from tools.emulator.world import parse_world
from tools.json_value import Json, JsonObject

TUESDAY = "2026-01-06T00:00:00Z"
SCALING: Json = {"provisioningState": "Scaling"}
ARC = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.Kubernetes/connectedClusters/plant"


def a_lab(**more: Json) -> Lab:
    return Lab(world(fleet("retail", {**member("shop"), **more})))


def the_cluster(lab: Lab) -> ManagedCluster:
    return next(iter(lab.estate.clusters.values()))


def states(lab: Lab) -> tuple[str, list[str]]:
    cluster = the_cluster(lab)
    return cluster.provisioning_state, [pool.provisioning_state for pool in cluster.pools]


def change(lab: Lab, status: int = 200, **changes: Json) -> JsonObject:
    return lab.control("PATCH", "/clusters", {"id": the_cluster(lab).id, **changes}, status=status)


@pytest.mark.parametrize("state", [*get_args(TransitionalState), *get_args(RestingState)])
def test_a_world_and_the_control_plane_set_every_state_of_a_cluster_and_a_pool(state: str) -> None:
    lab = a_lab(provisioningState=state, pools=[pool(provisioningState=state)])
    assert states(lab) == (state, [state])
    other = a_lab()
    change(other, provisioningState=state, pools={"system": {"provisioningState": state}})
    assert states(other) == (state, [state])
    assert is_in_progress(state) is (state not in get_args(RestingState))


def test_what_is_in_progress_in_a_world_ends_at_its_time_for_the_cluster_and_its_pools() -> None:
    lab = a_lab(provisioningState="Updating", pools=[pool(provisioningState="Scaling")], busyUntil=TUESDAY)
    lab.clock.advance(at(5, 23))
    assert states(lab) == ("Updating", ["Scaling"])
    version = the_cluster(lab).version
    lab.clock.advance(at(6))
    assert states(lab) == ("Succeeded", ["Succeeded"])
    assert the_cluster(lab).version > version


def test_what_ended_before_a_world_begins_is_over() -> None:
    assert states(a_lab(provisioningState="Updating", busyUntil="2026-01-05T00:00:00Z")) == ("Succeeded", ["Succeeded"])


def test_without_an_end_a_cluster_stays_busy_until_it_is_changed() -> None:
    lab = a_lab(provisioningState="Updating")
    lab.clock.advance(at(20))
    assert states(lab)[0] == "Updating"
    change(lab, provisioningState="Succeeded")
    assert states(lab)[0] == "Succeeded"


def test_the_control_plane_shows_and_sets_how_long_a_cluster_is_busy() -> None:
    lab = a_lab()
    shown = change(lab, pools={"system": SCALING}, busyUntil=TUESDAY)
    assert shown["busyUntil"] == "2026-01-06T00:00:00.0000000Z"
    assert [one["provisioningState"] for one in cast("list[JsonObject]", shown["pools"])] == ["Scaling"]
    lab.clock.advance(at(6))
    assert (states(lab), change(lab)["busyUntil"]) == (("Succeeded", ["Succeeded"]), None)


def test_an_end_does_not_concern_what_begins_after_it_was_set() -> None:
    lab = a_lab()
    change(lab, provisioningState="Updating", busyUntil=TUESDAY)
    change(lab, provisioningState="Migrating")
    lab.clock.advance(at(7))
    assert states(lab)[0] == "Migrating"


def test_a_later_end_replaces_an_earlier_one() -> None:
    lab = a_lab()
    change(lab, provisioningState="Updating", busyUntil=TUESDAY)
    change(lab, busyUntil="2026-01-07T00:00:00Z")
    lab.clock.advance(at(6, 12))
    assert states(lab)[0] == "Updating"
    lab.clock.advance(at(7))
    assert states(lab)[0] == "Succeeded"


@pytest.mark.parametrize(
    ("state", "power"), [("Stopping", "Stopped"), ("Starting", "Running"), ("Updating", "Stopped")]
)
def test_a_cluster_that_was_stopping_is_stopped_and_one_that_was_starting_runs(state: str, power: str) -> None:
    lab = a_lab(powerState="Running" if state == "Stopping" else "Stopped", provisioningState=state, busyUntil=TUESDAY)
    lab.clock.advance(at(6))
    assert the_cluster(lab).power_state == power


def test_what_was_being_deleted_does_not_exist_any_more() -> None:
    lab = a_lab(pools=[pool(), pool("old", provisioningState="Deleting")], busyUntil=TUESDAY)
    lab.clock.advance(at(6))
    assert [one.name for one in the_cluster(lab).pools] == ["system"]
    change(lab, provisioningState="Deleting", busyUntil="2026-01-07T00:00:00Z")
    lab.clock.advance(at(7))
    assert lab.estate.clusters == {}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"busyUntil": TUESDAY}, "cluster: busyUntil: nothing is in progress; give a provisioningState"),
        (
            {"provisioningState": "Updating", "busyUntil": "2026-01-05T10:30:00Z"},
            "cluster: busyUntil: the time has passed",
        ),
        ({"pools": {"web": SCALING}}, "cluster: pools.web: shop has no node pool 'web'"),
        ({"provisioningState": ""}, None),
        ({"pools": {"system": {}}}, None),
    ],
)
def test_a_change_that_makes_no_sense_changes_nothing(changes: dict[str, Json], message: str | None) -> None:
    lab = a_lab()
    refused = change(lab, 400, powerState="Stopped", **changes)
    error = cast("JsonObject", refused["error"])
    assert message is None or error["message"] == message
    assert (states(lab), the_cluster(lab).power_state) == (("Succeeded", ["Succeeded"]), "Running")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"provisioningState": "updating"}, "provisioningState: 'updating' is not one of Succeeded, Failed, Canceled"),
        ({"busyUntil": TUESDAY}, "busyUntil: nothing is in progress; give a provisioningState"),
        ({"pools": []}, "pools: has fewer than 1 items"),
        ({"pools": [pool(mode="machines")]}, "pools[0].mode: 'machines' is not one of System, User, Gateway, Machines"),
        ({"clusterType": "connectedClusters"}, "pools: connectedClusters have no such key in a world"),
        ({"clusterType": "arc"}, "clusterType: 'arc' is not one of managedClusters, connectedClusters"),
    ],
)
def test_a_member_that_cannot_be_is_refused_with_its_place(given: dict[str, Json], message: str) -> None:
    with pytest.raises(DocumentError) as refused:
        parse_world(world_content(fleet("retail", {**member("shop"), **given})), "w.yaml")
    assert str(refused.value).startswith(f"w.yaml: fleets[0].members[0].{message}")


def test_a_connected_cluster_is_a_member_and_a_row_and_no_cluster_of_aks() -> None:
    plant: dict[str, Json] = {"name": "plant", "region": "eastus", "clusterType": "connectedClusters"}
    local: dict[str, Json] = {**plant, "name": "local", "clusterType": "provisionedClusters", "joins": TUESDAY}
    lab = Lab(world(fleet("retail", member("shop"), plant, local)))
    lab.clock.advance(at(6))
    members = next(iter(lab.estate.fleets.values())).members

    assert [cluster.name for cluster in lab.estate.clusters.values()] == ["shop"]
    assert members["plant"].properties["clusterResourceId"] == ARC
    assert cast("JsonObject", members["plant"].properties["labels"])["fleet.azure.com/location"] == "eastus"
    assert "Microsoft.HybridContainerService/provisionedClusters/local" in str(members["local"].properties)
    rows = GraphRows(lab.estate).tables().resources
    assert [row["type"] for row in rows[2:]] == [
        "microsoft.kubernetes/connectedclusters",
        "microsoft.hybridcontainerservice/provisionedclusters",
    ]
    shown = cast("list[JsonObject]", cast("list[JsonObject]", lab.control("GET", "/state")["fleets"])[0]["members"])
    assert [one["name"] for one in shown] == ["shop", "plant", "local"]
    assert "kubernetesVersion" not in shown[1]
    assert lab.journal.after(0)[-1]["kind"] == "memberJoined"


def test_rows_of_resource_graph_list_pools_that_runs_cannot_move_and_states_in_progress() -> None:
    lab = a_lab(provisioningState="Upgrading", pools=[pool(), pool("machines", mode="Machines")])
    properties = cast("JsonObject", GraphRows(lab.estate).tables().resources[1]["properties"])
    assert properties["provisioningState"] == "Upgrading"
    assert [one["mode"] for one in cast("list[JsonObject]", properties["agentPoolProfiles"])] == ["System", "Machines"]
