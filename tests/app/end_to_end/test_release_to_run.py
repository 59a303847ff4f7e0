"""From a release to a started update run, through the real app, host, emulator and Azurite."""

from __future__ import annotations

from tests.app.end_to_end.scene import RAPID, Scene


def test_a_release_becomes_a_run_that_brings_the_clusters_up_to_date(scene: Scene) -> None:
    scene.detect()
    scene.pass_time(minutes=10)
    scene.release("1.34.2")
    scene.detect()

    [run] = scene.runs()
    assert str(run["id"]).rpartition("/")[2].startswith("auto-rapid-rapid-1-34-2-")
    scene.pass_time(hours=3)
    assert scene.versions("shop-one", "shop-two") == ["1.34.2", "1.34.2"]
    assert scene.runs()[0]["state"] == "Completed"
    assert len(scene.journal("runStarted")) == 1


def test_before_a_run_during_it_and_at_its_end_the_captured_facts_lead_to_the_same_decision_offline(
    scene: Scene,
) -> None:
    scene.detect()
    scene.explain_all()
    scene.release("1.34.2")
    scene.explain_all()
    scene.reconcile()
    assert scene.runs()[0]["state"] == "Running"
    scene.explain_all()
    scene.pass_time(hours=3)
    assert scene.runs()[0]["state"] == "Completed"
    scene.explain_all()


def test_the_run_asks_for_exactly_what_the_profile_does(scene: Scene) -> None:
    scene.release("1.34.2")
    scene.reconcile()

    [run] = scene.runs()
    assert run["managedClusterUpdate"] == {
        "upgrade": {"type": "Full", "kubernetesVersion": "1.34.2"},
        "nodeImageSelection": {"type": "Latest"},
    }


def test_the_event_that_aks_sends_is_enough(scene: Scene) -> None:
    scene.release("1.34.2")
    scene.rest()

    assert len(scene.runs()) == 1
    assert {fields["profile_id"] for fields in scene.logged("run_started")} == {RAPID}


def test_a_version_that_one_region_lacks_waits_for_it(scene: Scene) -> None:
    scene.stack.emulator.publish_release(
        {"kind": "patch", "version": "1.34.2", "preview": False, "lts_patch": False, "regions": ["westus2"]}
    )
    scene.reconcile()
    assert scene.runs() == []

    scene.stack.emulator.publish_release(
        {"kind": "patch", "version": "1.34.2", "preview": False, "lts_patch": False, "regions": ["eastus"]}
    )
    scene.reconcile()
    assert len(scene.runs()) == 1


def test_an_enabled_profile_catches_up_without_any_new_release(scene: Scene) -> None:
    scene.release("1.34.2")
    scene.reconcile()
    scene.pass_time(hours=3)
    cluster = str(scene.member("shop-one")["cluster"])
    scene.stack.emulator.change_cluster(cluster, kubernetesVersion="1.34.1")

    scene.reconcile()

    assert [fields["reason"] for fields in scene.logged("decision")][-1] == "RunIncomplete"


def test_a_disabled_profile_gets_no_run(scene: Scene) -> None:
    scene.release("1.34.2")
    scene.reconcile()
    scene.pass_time(hours=3)

    assert scene.versions("lab-one", "lab-two") == ["1.34.1", "1.34.1"]


def test_a_stopped_cluster_is_skipped_and_caught_up_by_a_later_run(scene: Scene) -> None:
    cluster = str(scene.member("shop-two")["cluster"])
    scene.stack.emulator.change_cluster(cluster, powerState="Stopped")
    scene.release("1.34.2")
    scene.reconcile()
    scene.pass_time(hours=3)
    assert scene.versions("shop-one", "shop-two") == ["1.34.2", "1.34.1"]
    assert [run["state"] for run in scene.runs()] == ["Completed"]

    scene.stack.emulator.change_cluster(cluster, powerState="Running")
    scene.reconcile()
    scene.pass_time(hours=3)

    assert scene.versions("shop-one", "shop-two") == ["1.34.2", "1.34.2"]
    assert len(scene.runs()) == 2


def test_detection_remembers_what_it_has_seen(scene: Scene) -> None:
    scene.detect()
    first = len(scene.logged("release_detected"))
    scene.release("1.34.2")
    scene.detect()
    scene.detect()

    detected = scene.logged("release_detected")[first:]
    assert first == 2
    assert {str(fields["region"]): fields["kubernetes_versions"] for fields in detected} == {
        "westus2": "1.34.2",
        "eastus": "1.34.2",
    }
