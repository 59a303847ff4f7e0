"""What detection, evaluation and writing of runs report: each event when it happens, and success only if it is one."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog import Catalog, RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import Channel, Profile
from shared.core.model.unknown import Unknown
from shared.core.planner import decide
from shared.core.releases.releases import version_key
from shared.errors import IncompleteError
from shared.use_cases import evaluate_estate as module
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.detect_releases import detect_releases
from shared.use_cases.watch_runs import watch_runs
from tests.app.telemetry.emitted import Emitted
from tests.app.telemetry.measured import metrics_kept
from tests.app.use_cases.scene import FLEET, NOW, PROFILE, UseCaseScene, a_catalog, a_member

HOUR = timedelta(hours=1)
WANTED = version_key(KubernetesVersion.parse("1.35.6"), SupportPlan.KUBERNETES_OFFICIAL)


@pytest.fixture
def emitted(caplog: pytest.LogCaptureFixture) -> Emitted:
    return Emitted(caplog)


class TestStates:
    def test_a_full_evaluation_reports_the_state_of_each_profile_and_since_when_it_is_behind(
        self, emitted: Emitted
    ) -> None:
        """No policy speaks of a soak: when a release was first seen is read all the same."""
        scene = UseCaseScene(a_member("one"), a_member("two", "1.35.6"))
        scene.ledger.releases = {"westus2": {WANTED: NOW - timedelta(days=3)}}

        scene.evaluate()

        assert emitted.properties("profile_state") == [
            {
                "profile_id": str(PROFILE),
                "fleet_id": str(FLEET),
                "profile": "rapid",
                "outcome": "Generate",
                "reason": "UpgradeDue",
                "sentence": "1 cluster is below 1.35.6.",
                "target": "1.35.6",
                "clusters": "2",
                "clusters_behind": "1",
                "versions_behind": "1",
                "days_behind": "3",
                "out_of_support": "0",
            }
        ]

    def test_the_days_are_counted_from_the_first_detection_on(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        detect_releases(scene.services, HOUR)
        scene.azure.time += timedelta(hours=30)

        scene.evaluate()

        assert emitted.properties("profile_state")[0]["days_behind"] == "1.25"

    def test_each_profile_has_its_own_also_one_that_is_refused(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        off = Profile(FLEET.child("autoUpgradeProfiles", "off"), Channel.STABLE, disabled=True)
        scene.azure.fleet = replace(scene.azure.fleet, profiles=(off, *scene.azure.fleet.profiles))

        scene.evaluate()

        reported = emitted.properties("profile_state")
        states = {state["profile"]: (state["reason"], state["clusters"]) for state in reported}
        assert states == {"off": ("ProfileDisabled", "0"), "rapid": ("UpgradeDue", "2")}

    def test_watching_runs_reports_none(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        act_on_profile(scene.services, PROFILE)

        assert watch_runs(scene.services).looked
        assert emitted.properties("profile_state") == []


class TestDecisions:
    def test_a_decision_is_reported_when_it_changes_and_counted_each_time(
        self, emitted: Emitted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = UseCaseScene(a_member("one", "1.35.6"))

        with metrics_kept(monkeypatch) as measured:
            scene.evaluate()
            scene.evaluate()
            assert measured.points("decisions") == {("UpToDate", "UpToDate"): 2}

        assert emitted.properties("decision") == [
            {
                "profile_id": str(PROFILE),
                "fleet_id": str(FLEET),
                "profile": "rapid",
                "trigger": "reconcile",
                "outcome": "UpToDate",
                "reason": "UpToDate",
                "sentence": "Every cluster is up to date.",
                "target": "1.35.6",
                "run": emitted.properties("decision")[0]["run"],
            }
        ]

    def test_a_decision_to_act_is_reported_by_the_call_that_acts(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        scene.evaluate()
        assert emitted.properties("decision") == []

        act_on_profile(scene.services, PROFILE)

        [decision] = emitted.properties("decision")
        assert (decision["reason"], decision["trigger"]) == ("UpgradeDue", "event")
        assert decision["run"] == scene.azure.created[0]

    @pytest.mark.parametrize(
        ("retry", "reason", "level"),
        [("1", "RetriesExhausted", logging.ERROR), ("0", "RunFailed", logging.WARNING)],
    )
    def test_what_a_person_has_to_hear_of_is_no_information(
        self, emitted: Emitted, retry: str, reason: str, level: int
    ) -> None:
        scene = UseCaseScene()
        scene.set_tags(retry=retry)
        act_on_profile(scene.services, PROFILE)
        for _ in range(2):
            scene.azure.fail(scene.azure.created[0], "two")
            scene.azure.time += HOUR
            act_on_profile(scene.services, PROFILE)

        assert vars(emitted.records("decision")[-1])["reason"] == reason
        assert emitted.records("decision")[-1].levelno == level


class TestSuccess:
    def test_a_full_evaluation_that_succeeds_is_reported(self, emitted: Emitted) -> None:
        UseCaseScene().evaluate()

        assert emitted.properties("reconcile_succeeded") == [{"trigger": "reconcile", "profiles": "1", "due": "1"}]

    def test_one_in_which_a_profile_could_not_be_decided_is_reported_as_failed(
        self, emitted: Emitted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = UseCaseScene()
        broken = Profile(FLEET.child("autoUpgradeProfiles", "broken"), Channel.RAPID)
        scene.azure.fleet = replace(scene.azure.fleet, profiles=(broken, *scene.azure.fleet.profiles))

        def failing(facts: Facts, _: object) -> Decision:
            if facts.profile is broken:
                raise ZeroDivisionError("a bug")
            return decide(facts)

        monkeypatch.setattr(module, "decide", failing)
        with pytest.raises(IncompleteError):
            scene.evaluate()

        assert emitted.properties("failed") == [{"work": f"Deciding {broken.id}", "sentence": "a bug"}]
        assert [state["profile"] for state in emitted.properties("profile_state")] == ["rapid"]
        assert emitted.properties("reconcile_succeeded") == []

    def test_what_cannot_be_parsed_is_reported_sentence_by_sentence(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        scene.azure.unreadable = ("A row has no id.", "Another has no type.")

        scene.evaluate()

        assert emitted.properties("unreadable") == [
            {"what": "estate", "sentence": "A row has no id."},
            {"what": "estate", "sentence": "Another has no type."},
        ]
        assert {record.levelno for record in emitted.records("unreadable")} == {logging.WARNING}

    def test_all_runs_of_the_fleets_are_counted_also_those_of_people(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = UseCaseScene()
        act_on_profile(scene.services, PROFILE)
        [run] = scene.azure.fleet.update_runs
        other_run = replace(run, id=FLEET.child("updateRuns", "another-persons"))
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(run, other_run))

        with metrics_kept(monkeypatch) as measured:
            scene.evaluate()

            assert measured.points("runs")["Running",] == 2


class TestDetection:
    def test_one_that_read_the_catalogs_is_recorded_and_reported_with_its_findings(self, emitted: Emitted) -> None:
        scene = UseCaseScene()

        detect_releases(scene.services, HOUR)

        assert scene.ledger.last_detection() == NOW
        assert emitted.properties("detection_succeeded") == [{"looked": "true", "releases": "3"}]
        assert emitted.properties("release_detected") == [
            {
                "region": "westus2",
                "kubernetes_versions": "1.35.5,1.35.6",
                "node_images": "AKSUbuntu-2204gen2containerd-202607.09.0",
            }
        ]

    def test_one_that_did_not_have_to_read_the_catalogs_succeeded_too(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        detect_releases(scene.services, HOUR)
        scene.azure.time += timedelta(minutes=10)

        detect_releases(scene.services, HOUR)

        assert scene.ledger.last_detection() == NOW + timedelta(minutes=10)
        assert emitted.properties("detection_succeeded")[1] == {"looked": "false", "releases": "0"}
        assert len(emitted.properties("release_detected")) == 1

    def test_one_that_could_not_read_a_region_is_none(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        regions = a_catalog("1.35.5").regions
        scene.azure.catalog = Catalog({**regions, "eastus": RegionCatalog("eastus", Unknown("it did not respond"))})

        with pytest.raises(IncompleteError):
            detect_releases(scene.services, HOUR)

        assert scene.ledger.last_detection() is None
        assert emitted.properties("detection_succeeded") == []
        assert [release["region"] for release in emitted.properties("release_detected")] == ["westus2"]


class TestWrites:
    def test_a_run_is_reported_once_when_it_is_generated_and_when_it_is_started(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        act_on_profile(scene.services, PROFILE)
        act_on_profile(scene.services, PROFILE)

        [run] = scene.azure.fleet.update_runs
        ids = {"profile_id": str(PROFILE), "run_id": str(run.id), "run": run.name}
        assert emitted.properties("run_generated") == [{**ids, "target": "1.35.6", "requested_by": ""}]
        assert emitted.properties("run_started") == [{**ids, "restart": "0"}]

    def test_a_restart_is_reported_with_its_number(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        scene.set_tags(retry="2")
        act_on_profile(scene.services, PROFILE)
        for _ in range(2):
            scene.azure.fail(scene.azure.created[0], "two")
            scene.azure.time += HOUR
            act_on_profile(scene.services, PROFILE)

        assert [restarted["restart"] for restarted in emitted.properties("run_restarted")] == ["1", "2"]
        assert len(emitted.properties("run_started")) == 1

    def test_a_run_that_a_newer_one_replaces_is_reported_as_stopped(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        act_on_profile(scene.services, PROFILE)
        [old] = scene.azure.fleet.update_runs
        scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")
        scene.set_tags(active_run="replace")

        act_on_profile(scene.services, PROFILE)

        [stopped] = emitted.properties("run_stopped")
        assert stopped == {"profile_id": str(PROFILE), "run_id": str(old.id), "run": old.name}

    def test_a_member_that_may_not_be_skipped_is_reported_and_upgraded_again(self, emitted: Emitted) -> None:
        scene = UseCaseScene()
        scene.set_tags(retry="1")
        act_on_profile(scene.services, PROFILE)
        scene.azure.fail(scene.azure.created[0], "two")
        scene.set_members(a_member("one"), a_member("two", stopped=True))
        scene.azure.skip_is_refused = True
        scene.azure.time += HOUR

        act_on_profile(scene.services, PROFILE)

        [failed] = emitted.properties("failed")
        assert failed == {"work": f"Skipping two in {scene.azure.created[0]}", "sentence": "OperationNotAllowed"}
        assert len(emitted.properties("run_restarted")) == 1
