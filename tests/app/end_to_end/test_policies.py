"""Policies from the fleet's tags, end to end: what they make of real runs on clusters that really change."""

from __future__ import annotations

from typing import cast

from tests.app.end_to_end.scene import FLEET, RAPID, SUBSCRIPTION, Scene
from tools.json_value import Json, JsonObject

LEGACY = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/legacy/providers/Microsoft.ContainerService/fleets/legacy"
TOLERANT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tolerant/providers/Microsoft.ContainerService/fleets/tolerant"
UBUNTU = "AKSUbuntu-2204gen2containerd"


def profile(fleet: str) -> str:
    return f"{fleet}/autoUpgradeProfiles/rapid"


def upgrade(run: JsonObject) -> Json:
    return cast("JsonObject", run["managedClusterUpdate"])["upgrade"]


def states(run: JsonObject) -> dict[str, str]:
    members = cast("list[JsonObject]", run["members"])
    return {str(member["name"]): str(member["state"]) for member in members}


def started(scene: Scene, fleet: str) -> list[str]:
    return [str(entry["run"]) for entry in scene.journal("runStarted") if str(entry["run"]).startswith(f"{fleet}/")]


def test_a_stopped_cluster_is_skipped_inside_the_run_before_it_starts_and_caught_up_later(policies: Scene) -> None:
    policies.change("two", powerState="Stopped")
    policies.release("1.34.2")
    policies.reconcile()

    [run] = policies.runs_of(RAPID)
    assert run["state"] == "Running"
    assert states(run)["two"] == "Skipped"
    policies.pass_time(hours=3)
    policies.change("two", powerState="Running")
    policies.reconcile()
    policies.pass_time(hours=3)

    assert policies.versions("one", "two", "three") == ["1.34.2"] * 3
    assert len(policies.runs_of(RAPID)) == 2


def test_under_stopped_clusters_fail_nothing_is_generated_until_they_run(policies: Scene) -> None:
    policies.tag(FLEET, stopped_clusters="fail")
    policies.change("two", powerState="Stopped")
    policies.release("1.34.2")
    policies.reconcile()

    assert policies.runs_of(RAPID) == []
    assert policies.decision(RAPID)["reason"] == "ClustersStopped"
    policies.change("two", powerState="Running")
    policies.reconcile()
    assert len(policies.runs_of(RAPID)) == 1


def test_replace_stops_the_older_run_and_starts_the_newer_one(policies: Scene) -> None:
    policies.tag(FLEET, active_run="replace")
    policies.release("1.34.2")
    policies.reconcile()
    policies.pass_time(minutes=10)
    policies.release("1.34.3")
    policies.reconcile()
    assert policies.runs_of(RAPID)[0]["state"] == "Stopping"
    assert len(policies.runs_of(RAPID)) == 1

    policies.pass_time(minutes=30)
    policies.watch()
    policies.pass_time(hours=4)

    older, newer = policies.runs_of(RAPID)
    assert (older["state"], newer["state"]) == ("Stopped", "Completed")
    assert policies.versions("one", "two", "three") == ["1.34.3"] * 3
    assert len(policies.logged("run_stopped")) == 1


def test_catch_up_stepwise_brings_1_31_to_1_34_in_three_runs(policies: Scene) -> None:
    policies.reconcile()
    assert policies.runs_of(profile(LEGACY)) == []
    policies.tag(LEGACY, catch_up="stepwise")
    policies.reconcile()
    for _ in range(3):
        policies.pass_time(hours=1)
        policies.watch()

    runs = policies.runs_of(profile(LEGACY))
    assert [cast("JsonObject", upgrade(run))["kubernetesVersion"] for run in runs] == ["1.32.9", "1.33.5", "1.34.1"]
    assert {run["state"] for run in runs} == {"Completed"}
    assert policies.versions("old") == ["1.34.1"]


def test_control_plane_first_gives_two_runs_in_order(policies: Scene) -> None:
    policies.tag(FLEET, split="control-plane-first")
    policies.release("1.34.2")
    policies.reconcile()
    [first] = policies.runs_of(RAPID)
    assert upgrade(first) == {"type": "ControlPlaneOnly", "kubernetesVersion": "1.34.2"}
    assert "nodeImageSelection" not in cast("JsonObject", first["managedClusterUpdate"])

    policies.pass_time(hours=2)
    pools = cast("list[JsonObject]", policies.member("one")["pools"])
    assert policies.versions("one") == ["1.34.2"]
    assert pools[0]["kubernetesVersion"] == "1.34.1"
    policies.watch()
    policies.pass_time(hours=2)

    second = policies.runs_of(RAPID)[1]
    assert upgrade(second) == {"type": "Full", "kubernetesVersion": "1.34.2"}
    assert cast("list[JsonObject]", policies.member("one")["pools"])[0]["kubernetesVersion"] == "1.34.2"
    assert len(policies.runs_of(RAPID)) == 2


def test_retry_restarts_a_failed_run_with_back_off_and_then_gives_up_loudly(policies: Scene) -> None:
    policies.tag(FLEET, retry="2")
    policies.change("one", failUpgrades={"times": 9, "provisioningState": "Succeeded"})
    policies.release("1.34.2")
    policies.reconcile()
    policies.pass_time(minutes=30)
    [run] = policies.runs_of(RAPID)
    assert run["state"] == "Failed"

    policies.watch()
    assert len(started(policies, FLEET)) == 1, "the pause is not over"
    for minutes in (15, 30):
        policies.pass_time(minutes=minutes)
        policies.watch()
        policies.pass_time(minutes=25)
    for _ in range(3):
        policies.pass_time(hours=2)
        policies.watch()

    assert started(policies, FLEET) == [str(run["id"])] * 3
    assert len(policies.logged("run_restarted")) == 2
    assert policies.decision(RAPID)["reason"] == "RetriesExhausted"
    [loud] = [fields for fields in policies.logged("decision") if fields["reason"] == "RetriesExhausted"]
    assert "was restarted 2 times" in str(loud["sentence"])


def test_a_failed_cluster_is_skipped_by_the_restart_and_followed_up_on_the_same_images(policies: Scene) -> None:
    policies.tag(FLEET, retry="1")
    policies.release("1.34.2")
    policies.reconcile()
    policies.change("two", provisioningState="Failed")
    policies.pass_time(hours=2)
    assert policies.runs_of(RAPID)[0]["state"] == "Failed"
    policies.watch()
    policies.pass_time(hours=3)
    policies.watch()
    [run] = policies.runs_of(RAPID)
    assert (run["state"], states(run)["two"]) == ("Completed", "Skipped")

    policies.release_image("202601.20.0")
    policies.change("two", provisioningState="Succeeded")
    policies.reconcile()
    policies.pass_time(hours=2)

    follower = policies.runs_of(RAPID)[1]
    assert cast("JsonObject", follower["managedClusterUpdate"])["nodeImageSelection"] == {
        "type": "Custom",
        "customNodeImageVersions": [
            {"version": image} for image in cast("list[str]", run["selectedNodeImageVersions"])
        ],
    }
    assert follower["state"] == "Completed"
    assert policies.versions("one", "two", "three") == ["1.34.2"] * 3
    pools = cast("list[JsonObject]", policies.member("two")["pools"])
    assert pools[0]["nodeImageVersion"] == f"{UBUNTU}-202601.01.0"


def test_a_member_that_failed_where_failures_are_tolerated_is_followed_up_on_the_same_images(policies: Scene) -> None:
    policies.tag(TOLERANT, retry="1")
    policies.change("left", failUpgrades={"times": 1, "provisioningState": "Succeeded"})
    policies.release("1.34.2")
    policies.reconcile()
    policies.pass_time(hours=2)
    [run] = policies.runs_of(profile(TOLERANT))
    assert (run["state"], states(run)) == ("Completed", {"left": "Failed", "right": "Completed"})

    policies.release_image("202601.20.0")
    policies.reconcile()
    policies.pass_time(hours=2)

    follower = policies.runs_of(profile(TOLERANT))[1]
    selection = cast("JsonObject", cast("JsonObject", follower["managedClusterUpdate"])["nodeImageSelection"])
    assert selection["customNodeImageVersions"] == [{"version": f"{UBUNTU}-202601.01.0"}]
    assert policies.versions("left", "right") == ["1.34.2"] * 2


def test_native_generation_that_agrees_is_started(policies: Scene) -> None:
    policies.tag(FLEET, generator="native")
    policies.release("1.34.2")
    policies.reconcile()
    policies.pass_time(hours=3)

    [run] = policies.runs_of(RAPID)
    assert run["autoUpgradeProfileId"] == RAPID
    assert run["state"] == "Completed"
    assert policies.versions("one", "two", "three") == ["1.34.2"] * 3


def test_native_generation_that_disagrees_is_not_started_and_said(policies: Scene) -> None:
    policies.tag(FLEET, generator="native")
    policies.release("1.34.2")
    policies.stack.emulator.publish_release(
        {"kind": "patch", "version": "1.34.3", "preview": False, "lts_patch": False, "regions": ["westus2"]}
    )
    policies.reconcile()

    [run] = policies.runs_of(RAPID)
    assert run["state"] == "NotStarted"
    said = [fields for fields in policies.logged("decision") if fields["reason"] == "NativeRunDisagrees"]
    assert "brings 1.34.3 instead of 1.34.2" in str(said[-1]["sentence"])
    assert started(policies, FLEET) == []


def test_start_manual_generates_for_review(policies: Scene) -> None:
    policies.tag(FLEET, start="manual")
    policies.release("1.34.2")
    policies.reconcile()
    policies.watch()

    assert [run["state"] for run in policies.runs_of(RAPID)] == ["NotStarted"]


def test_under_regions_any_the_region_that_lacks_the_version_is_skipped_and_caught_up(policies: Scene) -> None:
    fact: JsonObject = {"kind": "patch", "version": "1.34.2", "preview": False, "lts_patch": False}
    policies.tag(FLEET, regions="any")
    policies.stack.emulator.publish_release({**fact, "regions": ["westus2"]})
    policies.reconcile()
    policies.pass_time(hours=3)
    assert policies.versions("one", "two", "three") == ["1.34.2", "1.34.1", "1.34.1"]
    assert policies.runs_of(RAPID)[0]["state"] == "Completed", "nothing hangs"

    policies.stack.emulator.publish_release({**fact, "regions": ["eastus"]})
    policies.reconcile()
    policies.pass_time(hours=3)
    assert policies.versions("one", "two", "three") == ["1.34.2"] * 3


def test_a_soak_is_counted_from_when_detection_first_saw_the_version(policies: Scene) -> None:
    policies.tag(FLEET, soak="P2D")
    policies.detect()
    policies.release("1.34.2")
    policies.detect()
    policies.pass_time(days=1)
    policies.reconcile()
    assert policies.runs_of(RAPID) == []
    assert policies.decision(RAPID)["reason"] == "Soaking"

    policies.pass_time(days=1)
    policies.reconcile()
    assert len(policies.runs_of(RAPID)) == 1


def test_a_tag_that_does_not_parse_blocks_that_profile_only(policies: Scene) -> None:
    policies.tag(FLEET, soak="soon")
    policies.release("1.34.2")
    policies.reconcile()

    decision = policies.decision(RAPID)
    assert decision["reason"] == "PolicyMalformed"
    assert 'tag auto-upgrade.soak is "soon"' in str(decision["sentence"])
    assert policies.runs_of(RAPID) == []
    assert len(policies.runs_of(profile(TOLERANT))) == 1


def test_an_unknown_key_is_a_warning_with_the_nearest(policies: Scene) -> None:
    policies.tag(FLEET, freez="2026-01-01/2026-12-31")

    [warning] = [
        note
        for note in cast("list[JsonObject]", policies.decision(RAPID)["warnings"])
        if note["code"] == "PolicyTagUnknown"
    ]
    assert "the nearest is freeze" in str(warning["sentence"])
