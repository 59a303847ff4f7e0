"""A due profile is decided on members and strategies that the evaluation before it read, and Fleet confirms them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.core.model.fleet import Cluster, Member, UnsupportedCluster, UpdateStrategy
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun
from shared.core.reasons import MemberAction, Reason
from shared.core.runs.specification import RunSpecification
from shared.ports import KnownFleet
from shared.use_cases.act_on_profile import Action, act_on_profile
from shared.use_cases.recent_fleets import KNOWN_FOR
from shared.use_cases.services import Services
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene, a_member

STRATEGY = FLEET.child("updateStrategies", "by-group")


class Process:
    """One process of the app: what an evaluation read is known to it alone."""

    def __init__(self, scene: UseCaseScene) -> None:
        self.scene, self.services = scene, scene.services

    def evaluate(self) -> None:
        self.scene.evaluate(services=self.services)

    def act(self, on_demand: Intent | None = None) -> Action:
        return act_on_profile(self.services, PROFILE, on_demand)

    @property
    def known_when_read(self) -> list[bool]:
        return [known is not None for known in self.scene.azure.known_when_read]


def evaluated(*members: Member) -> Process:
    process = Process(UseCaseScene(*members))
    process.evaluate()
    return process


def joins(scene: UseCaseScene, monkeypatch: pytest.MonkeyPatch, member: Member) -> None:
    """Right before the run is created."""
    create = scene.azure.create_run

    def create_run(fleet_id: ResourceId, specification: RunSpecification) -> UpdateRun | None:
        scene.set_members(*scene.azure.fleet.members, member)
        return create(fleet_id, specification)

    monkeypatch.setattr(scene.azure, "create_run", create_run)


def test_members_and_strategies_of_a_due_profile_are_not_read_again() -> None:
    process = evaluated()
    assert process.act().started
    assert process.known_when_read == [True]


def test_clusters_are_read_again() -> None:
    process = evaluated()
    process.scene.set_members(a_member("one"), a_member("two", stopped=True))

    assert process.act().started
    assert process.scene.azure.skipped == [(process.scene.azure.created[0], ("two",))]


def test_a_run_with_a_member_that_no_one_decided_on_is_started_after_that_member_was_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = evaluated()
    joins(process.scene, monkeypatch, a_member("three", stopped=True))

    action = process.act()

    assert action.started
    assert process.known_when_read == [True, False]
    assert [(each.member, each.action) for each in action.decision.members] == [
        ("one", MemberAction.UPGRADE),
        ("three", MemberAction.SKIP),
        ("two", MemberAction.UPGRADE),
    ]
    assert [members for _, members in process.scene.azure.skipped] == [("three",)]
    assert len(process.scene.azure.created) == len(process.scene.azure.started) == 1


def test_a_run_without_a_member_that_has_left_is_started() -> None:
    process = evaluated()
    process.scene.set_members(a_member("one"))
    assert process.act().started
    assert process.known_when_read == [True]


def test_another_process_reads_everything() -> None:
    scene = evaluated().scene
    other = Process(scene)
    assert other.act().started
    assert other.known_when_read == [False]


def test_what_was_read_long_ago_is_read_again() -> None:
    process = evaluated()
    process.scene.azure.time += KNOWN_FOR
    assert process.act().started
    assert process.known_when_read == [False]


def test_a_request_on_demand_reads_everything() -> None:
    process = evaluated()
    assert process.act(Intent.UPGRADE).started
    assert process.known_when_read == [False]


def test_the_next_evaluation_begins_with_nothing_known() -> None:
    process = evaluated()
    process.scene.azure.fleet = replace(process.scene.azure.fleet, profiles=())
    process.evaluate()
    assert process.services.recent.find(FLEET, process.scene.azure.time) is None


def test_only_fleets_with_a_due_profile_are_kept() -> None:
    process = evaluated(a_member("one", "1.35.6"))
    assert process.services.recent.find(FLEET, process.scene.azure.time) is None


def test_no_fleet_of_the_preview_is_kept() -> None:
    scene = UseCaseScene()
    scene.azure.fleet = replace(scene.azure.fleet, is_preview=True)
    process = Process(scene)
    process.evaluate()
    assert process.act().decision.reason is Reason.UPGRADE_DUE
    assert process.known_when_read == [False]


def test_what_is_kept_has_no_clusters_and_no_strategy_that_could_not_be_read() -> None:
    services: Services = UseCaseScene().services
    arc = UnsupportedCluster("microsoft.kubernetes/connectedclusters")
    arc_id = ResourceId.parse(f"{FLEET.text.rsplit('/', 3)[0]}/Microsoft.Kubernetes/connectedClusters/edge")
    edge = Member("edge", None, "Succeeded", arc_id, arc)
    strategy, unread = UpdateStrategy(STRATEGY, ()), FLEET.child("updateStrategies", "unread")
    fleet = replace(
        UseCaseScene(a_member("one"), edge).azure.fleet, strategies={STRATEGY: strategy, unread: Unknown("refused")}
    )

    services.recent.keep([fleet], services.clock.now())
    known = services.recent.find(FLEET, services.clock.now())

    assert isinstance(known, KnownFleet)
    assert known.strategies == {STRATEGY: strategy}
    assert [isinstance(member.cluster, Cluster) for member in known.members] == [False, False]
    assert known.members[1] == edge
