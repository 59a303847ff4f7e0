"""The control plane."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.tools.emulator.builders import MONDAY, SUBSCRIPTION, at, fleet, member, world
from tests.tools.emulator.lab import Lab
from tests.tools.releases.builders import patch, timeline
from tools.emulator.changes import Changes
from tools.emulator.ticker import RunningClock, keep_time
from tools.json_value import Json

ID = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"


@pytest.fixture
def lab() -> Lab:
    return Lab(world(fleet("retail", member("shop", group="canary"))), timeline(patch("1.30.6", at(6))))


def test_time_stands_still_until_it_is_moved(lab: Lab) -> None:
    before = {
        "now": "2026-01-05T10:30:00.0000000Z",
        "rate": 0.0,
        "nextEventAt": "2026-01-06T00:00:00.0000000Z",
        "idle": True,
    }
    assert lab.control("GET", "/clock") == before
    moved = lab.control("POST", "/clock", {"to": "2026-01-07T00:00:00Z"})
    assert (moved["now"], moved["nextEventAt"]) == ("2026-01-07T00:00:00.0000000Z", "2026-01-13T00:00:00.0000000Z")
    assert lab.control("GET", "/clock") == moved


@pytest.mark.parametrize(
    "body", [{"to": "2026-01-04T00:00:00Z"}, {"to": "soon"}, {"rate": -1}, {"rate": "fast"}, {}, {"speed": 1}, [1]]
)
def test_a_move_that_makes_no_sense_is_refused(lab: Lab, body: Json) -> None:
    refused = lab.control("POST", "/clock", body, status=400)
    assert isinstance(refused["error"], dict)
    assert lab.clock.now() == MONDAY


def test_the_wait_for_a_time_that_has_come_is_none(lab: Lab) -> None:
    assert lab.control("GET", "/clock/wait?until=2026-01-05T00:00:00Z")["now"] == "2026-01-05T10:30:00.0000000Z"


def test_a_wait_ends_when_its_patience_does(lab: Lab) -> None:
    began = time.monotonic()
    lab.control("GET", "/clock/wait?until=2027-01-05T00:00:00%2B00:00&timeout=0.05")
    assert 0.05 <= time.monotonic() - began < 15, "without an end it is 30 s"


def test_idle_waits_for_deliveries_in_flight(lab: Lab) -> None:
    lab.in_flight = 1
    assert lab.control("GET", "/idle?timeout=0.01")["idle"] is False
    lab.in_flight = 0
    assert lab.control("GET", "/idle")["idle"] is True


def test_the_journal_is_read_from_an_entry_on(lab: Lab) -> None:
    lab.clock.advance(at(14))
    everything = lab.control("GET", "/journal")
    entries = everything["entries"]
    assert isinstance(entries, list)
    assert (everything["last"], len(entries)) == (2, 2)
    assert lab.control("GET", "/journal?after=1") == {"entries": entries[1:], "last": 2}
    assert lab.control("GET", "/journal?after=2&wait=0.01") == {"entries": [], "last": 2}
    lab.control("GET", "/journal?after=x", status=400)


def test_the_state_shows_members_with_their_clusters(lab: Lab) -> None:
    state = lab.control("GET", "/state")
    assert state["timelineEnd"] == "2026-01-20T00:00:00.0000000Z"
    assert state["runs"] == []
    fleets = state["fleets"]
    assert isinstance(fleets, list)
    assert isinstance(fleets[0], dict)
    members = fleets[0]["members"]
    assert isinstance(members, list)
    assert isinstance(members[0], dict)
    expected: dict[str, Json] = {
        "name": "shop",
        "group": "canary",
        "cluster": ID,
        "region": "westus2",
        "kubernetesVersion": "1.30.5",
        "powerState": "Running",
    }
    assert expected.items() <= members[0].items()


def test_a_release_can_be_published_to_order(lab: Lab) -> None:
    lab.control("POST", "/releases", {"kind": "patch", "version": "1.31.1", "regions": ["eastus"]})
    assert lab.offers.offers_version("eastus", "1.31.1", "KubernetesOfficial")
    assert not lab.offers.offers_version("westus2", "1.31.1", "KubernetesOfficial")
    lab.control("POST", "/releases", {"kind": "patch", "version": "1.31.2", "regions": None})
    assert all(lab.offers.offers_version(region, "1.31.2", "KubernetesOfficial") for region in lab.offers.regions)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "rumour"},
        {"kind": "patch", "version": "1.31"},
        {"kind": "patch", "version": "1.31.1", "regions": ["mars"]},
    ],
)
def test_a_release_that_is_none_is_refused(lab: Lab, body: Json) -> None:
    lab.control("POST", "/releases", body, status=400)


def test_a_cluster_can_be_changed_from_outside(lab: Lab) -> None:
    version = lab.estate.version
    change: Json = {"id": ID.upper(), "powerState": "Stopped", "kubernetesVersion": "1.30.6"}
    changed = lab.control("PATCH", "/clusters", change)
    assert (changed["powerState"], changed["kubernetesVersion"]) == ("Stopped", "1.30.6")
    assert lab.estate.version > version
    assert lab.journal.after(0)[-1]["kind"] == "clusterVersion"


def test_a_cluster_gets_another_support_plan_and_node_provisioning(lab: Lab) -> None:
    lab.control("PATCH", "/clusters", {"id": ID, "supportPlan": "AKSLongTermSupport", "nodeProvisioning": "Auto"})
    cluster = next(iter(lab.estate.clusters.values()))
    assert (cluster.support_plan, cluster.node_provisioning) == ("AKSLongTermSupport", "Auto")


def test_ordered_failures_leave_the_cluster_failed_by_default_and_stay_ordered_through_other_changes(lab: Lab) -> None:
    lab.control("PATCH", "/clusters", {"id": ID, "failUpgrades": {"times": 2}})
    changed = lab.control("PATCH", "/clusters", {"id": ID, "powerState": "Running"})
    assert changed["failUpgrades"] == {"times": 2, "provisioningState": "Failed"}
    again = lab.control(
        "PATCH", "/clusters", {"id": ID, "failUpgrades": {"times": 0, "provisioningState": "Succeeded"}}
    )
    assert again["failUpgrades"] == {"times": 0, "provisioningState": "Succeeded"}


def test_only_clusters_that_exist_can_be_changed(lab: Lab) -> None:
    lab.control("PATCH", "/clusters", {"id": "x"}, status=404)


@pytest.mark.parametrize(
    "change",
    [
        {"powerState": "Sleepy"},
        {"supportPlan": "None"},
        {"nodeProvisioning": "Sometimes"},
        {"failUpgrades": 1},
        {"failUpgrades": {"times": -1}},
        {"failUpgrades": {"provisioningState": "Failed"}},
        {"failUpgrades": {"times": 1, "provisioningState": "Upgrading"}},
    ],
)
def test_a_change_of_a_cluster_that_makes_no_sense_is_refused(lab: Lab, change: dict[str, Json]) -> None:
    lab.control("PATCH", "/clusters", {"id": ID, **change}, status=400)


def test_single_tags_of_a_fleet_are_set_and_removed_and_the_others_stay(lab: Lab) -> None:
    changed = next(iter(lab.estate.fleets.values()))
    changed.tags = {"owner": "platform", "Soak": "P1D"}
    etag, version = changed.etag, lab.estate.version
    response = lab.control("PATCH", "/fleets", {"id": changed.id.upper(), "tags": {"soak": "P2D", "team": "a"}})
    assert response["tags"] == changed.tags == {"owner": "platform", "soak": "P2D", "team": "a"}
    assert changed.etag != etag
    assert lab.estate.version > version
    lab.control("PATCH", "/fleets", {"id": changed.id, "tags": {"owner": None, "unknown": None}})
    assert changed.tags == {"soak": "P2D", "team": "a"}


def test_only_fleets_that_exist_can_be_tagged_and_with_text_only(lab: Lab) -> None:
    lab.control("PATCH", "/fleets", {"id": "x", "tags": {}}, status=404)
    known = next(iter(lab.estate.fleets.values())).id
    refused: list[Json] = [{"id": known}, {"id": known, "tags": {"soak": 1}}, {"id": known, "tags": {}, "region": "x"}]
    for body in refused:
        lab.control("PATCH", "/fleets", body, status=400)


def test_time_that_runs_lets_things_happen_when_they_are_due_and_wakes_who_waits() -> None:
    async def run() -> list[str]:
        changes = Changes()
        clock = RunningClock(MONDAY, 0.0, changes)
        happened: list[str] = []
        timekeeper = asyncio.create_task(keep_time(clock, changes))
        clock.schedule(at(6), lambda: happened.append(clock.now().isoformat()))
        clock.set_rate(10_000_000)
        clock.schedule(at(7), lambda: happened.append(clock.now().isoformat()))
        assert await changes.wait_until(lambda: len(happened) == 2, 10)
        assert await changes.wait_until(lambda: clock.now() >= at(9), 10, lambda: clock.seconds_until(at(9)))
        timekeeper.cancel()
        return happened

    assert asyncio.run(run()) == ["2026-01-06T00:00:00+00:00", "2026-01-07T00:00:00+00:00"]
