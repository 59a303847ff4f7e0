"""Alerts: profiles are enqueued, a run is generated, and nothing is done that the alert does not request."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from shared.core.model.ids import ResourceId
from shared.core.model.profile import Channel, Profile
from shared.core.model.update_run import UpdateState
from shared.core.reasons import Reason
from shared.errors import InvalidInputError, NotEnabledError, NotFoundError
from shared.ports import Estate
from shared.settings import AlertSettings
from shared.use_cases import act_on_alert as use_case
from shared.use_cases.act_on_alert import AlertOutcome, AlertTarget, EvaluateProfiles, GenerateRun
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.generate_update_run import RunRefusedError
from shared.use_cases.services import Services
from tests.app.fakes.azure import FakeEstate
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene, a_member

LAB = FLEET.child("autoUpgradeProfiles", "lab")
OTHER_FLEET = ResourceId.parse(f"{FLEET}-two")
FIELD = "data.customProperties.fleetId"


def a_target(resource_id: ResourceId) -> AlertTarget:
    return AlertTarget(resource_id, FIELD)


def evaluate(*ids: ResourceId) -> EvaluateProfiles:
    return EvaluateProfiles(tuple(a_target(resource_id) for resource_id in ids))


def generate(profile_id: ResourceId = PROFILE, *, start: bool = False) -> GenerateRun:
    return GenerateRun(a_target(profile_id), start)


NOTHING, ACT, GENERATE = AlertSettings(), AlertSettings(act=True), AlertSettings(act=True, generate=True)


def act_on_alert(services: Services, request: EvaluateProfiles | GenerateRun) -> AlertOutcome:
    """With every setting that allows alerts something."""
    return use_case.act_on_alert(services, request, GENERATE)


def two_profiles() -> UseCaseScene:
    scene = UseCaseScene()
    scene.azure.fleet = replace(
        scene.azure.fleet, profiles=(Profile(PROFILE, Channel.RAPID), Profile(LAB, Channel.STABLE, disabled=True))
    )
    return scene


class UnreadableEstate:
    """No sweep may be made."""

    def read(self) -> Estate:
        raise AssertionError("the estate was read")

    def has_runs_to_watch(self, ended_since: datetime, failed_since: datetime) -> bool:
        raise AssertionError("the estate was read")

    def manages(self, fleet_id: ResourceId) -> bool:
        raise AssertionError("the scope was read")


class LaggingEstate(FakeEstate):
    """A sweep that does not show the fleet's profiles yet."""

    def read(self) -> Estate:
        return Estate((replace(self.azure.fleet, profiles=()),))


def lagging(scene: UseCaseScene) -> Services:
    return replace(scene.services, estate=LaggingEstate(scene.azure))


class TestWhatSettingsAllow:
    @pytest.mark.parametrize(
        ("request_of_alert", "settings", "name"),
        [
            (evaluate(FLEET), NOTHING, "AUTO_UPGRADE_ALERTS_ACT"),
            (evaluate(OTHER_FLEET), NOTHING, "AUTO_UPGRADE_ALERTS_ACT"),
            (generate(), NOTHING, "AUTO_UPGRADE_ALERTS_ACT"),
            (generate(), ACT, "AUTO_UPGRADE_ALERTS_GENERATE"),
            (generate(start=True), ACT, "AUTO_UPGRADE_ALERTS_GENERATE"),
        ],
    )
    def test_what_is_not_enabled_is_refused_with_the_setting_before_anything_is_read(
        self, request_of_alert: EvaluateProfiles | GenerateRun, settings: AlertSettings, name: str
    ) -> None:
        scene = UseCaseScene()
        services = replace(scene.services, estate=UnreadableEstate())

        with pytest.raises(NotEnabledError, match=name) as caught:
            use_case.act_on_alert(services, request_of_alert, settings)

        assert caught.value.setting == name
        assert (scene.azure.due, scene.azure.created) == ([], [])

    def test_alerts_that_may_act_have_profiles_evaluated(self) -> None:
        scene = UseCaseScene()

        assert use_case.act_on_alert(scene.services, evaluate(FLEET), ACT).profile_ids == (PROFILE,)


class TestEvaluating:
    def test_every_profile_of_the_fleet_is_enqueued_and_no_run_is_written(self) -> None:
        scene = two_profiles()

        outcome = act_on_alert(scene.services, evaluate(FLEET))

        assert outcome == AlertOutcome((PROFILE, LAB))
        assert outcome.is_enqueued
        assert scene.azure.due == [PROFILE, LAB]
        assert scene.azure.created == []

    def test_a_profile_alone_is_enqueued_alone(self) -> None:
        scene = two_profiles()

        assert act_on_alert(scene.services, evaluate(LAB)).profile_ids == (LAB,)
        assert scene.azure.due == [LAB]

    def test_a_profile_alone_needs_no_sweep(self) -> None:
        scene = two_profiles()

        act_on_alert(scene.services, evaluate(LAB))

        assert scene.estate.sweeps == 0

    def test_a_profile_of_a_fleet_that_the_app_does_not_manage_is_refused(self) -> None:
        scene = two_profiles()
        scene.estate.is_managed = False

        with pytest.raises(InvalidInputError, match="the app manages"):
            act_on_alert(scene.services, evaluate(LAB))

        assert scene.azure.due == []

    def test_a_profile_that_is_named_twice_is_enqueued_once(self) -> None:
        scene = two_profiles()

        act_on_alert(scene.services, evaluate(LAB, FLEET, FLEET))

        assert scene.azure.due == [LAB, PROFILE]

    def test_a_profile_keeps_azures_spelling_regardless_of_the_alerts(self) -> None:
        scene = two_profiles()
        [profile_id] = act_on_alert(scene.services, evaluate(ResourceId.parse(PROFILE.text.upper()))).profile_ids

        assert profile_id.text == PROFILE.text

    def test_a_profile_that_the_sweep_does_not_show_yet_is_enqueued(self) -> None:
        scene = UseCaseScene()

        assert act_on_alert(lagging(scene), evaluate(PROFILE)).profile_ids == (PROFILE,)

    def test_a_profile_that_does_not_exist_is_not_found(self) -> None:
        scene = UseCaseScene()

        with pytest.raises(NotFoundError, match="lab"):
            act_on_alert(scene.services, evaluate(PROFILE, LAB))

        assert scene.azure.due == []

    def test_a_fleet_that_the_app_does_not_manage_is_refused_with_its_field_and_nothing_is_done(self) -> None:
        scene = UseCaseScene()

        with pytest.raises(InvalidInputError, match="the app manages") as caught:
            act_on_alert(scene.services, evaluate(FLEET, OTHER_FLEET))

        assert (caught.value.field, caught.value.value) == (FIELD, OTHER_FLEET.text)
        assert scene.azure.due == []

    def test_a_fleet_without_profiles_leaves_nothing_to_do(self) -> None:
        scene = UseCaseScene()

        outcome = act_on_alert(lagging(scene), evaluate(FLEET))

        assert outcome == AlertOutcome(())
        assert not outcome.is_enqueued


class TestGenerating:
    def test_the_run_is_created_for_review(self) -> None:
        scene = UseCaseScene()

        outcome = act_on_alert(scene.services, generate())

        assert outcome.profile_ids == (PROFILE,)
        assert outcome.run_id is not None
        assert not outcome.is_enqueued
        assert scene.azure.created == [outcome.run_id.name]
        assert scene.azure.started == []
        assert scene.azure.due == []

    def test_it_is_started_if_the_rule_says_so_and_once_however_often_the_alert_comes(self) -> None:
        scene = UseCaseScene()

        first = act_on_alert(scene.services, generate(start=True))
        again = act_on_alert(scene.services, generate(start=True))

        assert first == again
        assert len(scene.azure.created) == len(scene.azure.started) == 1

    def test_an_alert_about_a_run_that_failed_does_not_restart_it(self) -> None:
        scene = UseCaseScene()
        act_on_profile(scene.services, PROFILE)
        scene.azure.fail(scene.azure.created[0], "two")

        with pytest.raises(RunRefusedError) as caught:
            act_on_alert(scene.services, generate(start=True))

        assert caught.value.decision.reason is Reason.RUN_FAILED
        assert [run.state for run in scene.azure.fleet.update_runs] == [UpdateState.FAILED]

    def test_nothing_to_upgrade_is_refused_with_the_decision(self) -> None:
        scene = UseCaseScene(a_member("one", "1.35.6"))

        with pytest.raises(RunRefusedError) as caught:
            act_on_alert(scene.services, generate())

        assert caught.value.decision.reason is Reason.UP_TO_DATE

    def test_a_fleet_that_the_app_does_not_manage_gets_no_run(self) -> None:
        scene = UseCaseScene()
        scene.estate.is_managed = False

        with pytest.raises(InvalidInputError, match="the app manages"):
            act_on_alert(scene.services, generate(OTHER_FLEET.child("autoUpgradeProfiles", "rapid")))

        assert scene.azure.created == []
