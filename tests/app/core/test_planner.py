"""Whole decisions: scope, what is due, and what the runs that exist mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog import RegionCatalog
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpdateState, UpgradeType
from shared.core.planner import decide
from shared.core.reasons import DecisionWarning, MemberAction, MemberReason, Outcome, Reason
from tests.app.builders import (
    FLEET,
    UBUNTU,
    WINDOWS,
    a_catalog,
    a_cluster,
    a_member,
    a_pool,
    a_profile,
    a_region,
    a_run,
    a_strategy,
    facts,
)
from tests.app.core.reading import actions_of, first_specification, reasons_of, verdict


def name_of(given: Facts) -> str:
    """The name of the first run for the facts' target."""
    return first_specification(given).name


def with_own_run(state: UpdateState | Unparsed, intent: Intent | None = Intent.UPGRADE, **changes: object) -> Decision:
    """The decision when this app's own run for the target is there already."""
    given = facts(**changes)  # type: ignore[arg-type] # passed on as they are
    name = name_of(given)
    records = {name: RunRecord(intent)} if intent is not None else {}
    members = {member.name: UpdateState.COMPLETED for member in given.fleet.members}
    run = a_run(name, state, members=members)
    return decide(replace(given, fleet=replace(given.fleet, update_runs=(run,)), run_records=records))


def test_a_cluster_below_the_target_is_due() -> None:
    decision = decide(facts())

    assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
    assert str(decision.target) == "1.35.6"
    assert decision.sentence == "1 cluster is below 1.35.6."


def test_nothing_below_the_target_is_up_to_date() -> None:
    assert verdict(decide(facts(members=[a_member(a_cluster("1.35.6"))]))) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)


def test_members_that_are_only_skipped_are_named_while_the_profile_is_up_to_date() -> None:
    decision = decide(facts(members=[a_member(a_cluster(stopped=True))]))

    assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
    assert "one" in decision.sentence


def test_a_profile_whose_members_are_all_blocked_is_blocked_and_says_why() -> None:
    decision = decide(facts(members=[a_member(a_cluster("1.33.1"))]))

    assert verdict(decision) == (Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE)
    assert "one minor at a time" in decision.sentence


def test_members_that_cannot_be_upgraded_are_skipped_in_the_run() -> None:
    members = [
        a_member(),
        a_member(a_cluster(name="two", stopped=True), name="two"),
        a_member(Unknown("deleted"), name="three"),
    ]

    decision = decide(facts(members=members))

    assert decision.outcome is Outcome.GENERATE
    assert decision.members_to_skip == ("three", "two")
    assert actions_of(decision) == {
        "one": MemberAction.UPGRADE,
        "two": MemberAction.SKIP,
        "three": MemberAction.BLOCKED,
    }


def test_a_disabled_profile_is_skipped_unless_a_person_asks() -> None:
    disabled = a_profile(disabled=True)

    assert verdict(decide(facts(disabled))) == (Outcome.SKIPPED, Reason.PROFILE_DISABLED)
    assert decide(facts(disabled, on_demand=Intent.REVIEW)).outcome is Outcome.GENERATE


def test_a_profile_that_breaks_a_rule_is_invalid() -> None:
    assert decide(facts(a_profile(Channel.RAPID, target="1.35"))).outcome is Outcome.INVALID


def test_an_empty_scope_is_said_so() -> None:
    assert decide(facts(members=[])).reason is Reason.NO_MEMBERS
    assert decide(facts(members=[a_member(state="Joining")])).reason is Reason.NO_MEMBERS


def test_a_strategy_selects_its_groups_only() -> None:
    members = [a_member(group="in"), a_member(a_cluster("1.30.1", name="two"), name="two", group="out")]
    profile = a_profile(strategy="strategy")

    decision = decide(facts(profile, members, strategies=[a_strategy("in")]))

    assert [member.member for member in decision.members] == ["one"]


def test_a_strategy_that_does_not_exist_is_an_error_and_not_an_empty_scope() -> None:
    decision = decide(facts(a_profile(strategy="nowhere")))

    assert verdict(decision) == (Outcome.INVALID, Reason.STRATEGY_NOT_FOUND)
    assert "nowhere" in decision.sentence


def test_a_strategy_id_that_is_none_is_an_error() -> None:
    odd = replace(a_profile(), update_strategy_id=Unparsed("staged"))

    assert decide(facts(odd)).reason is Reason.STRATEGY_NOT_FOUND


def test_a_strategy_that_could_not_be_understood_blocks() -> None:
    given = facts(a_profile(strategy="strategy"))
    strategies = {FLEET.child("updateStrategies", "strategy"): Unknown("it has no stages")}

    decision = decide(replace(given, fleet=replace(given.fleet, strategies=strategies)))

    assert verdict(decision) == (Outcome.BLOCKED, Reason.STRATEGY_UNREADABLE)


def test_only_regions_of_the_scope_count() -> None:
    members = [a_member(group="in"), a_member(a_cluster(name="two", region="mars"), name="two", group="out")]

    decision = decide(facts(a_profile(strategy="strategy"), members, strategies=[a_strategy("in")]))

    assert decision.outcome is Outcome.GENERATE


def test_a_region_that_could_not_be_read_blocks() -> None:
    decision = decide(facts(catalog=a_catalog(RegionCatalog("westus2", Unknown("it did not answer")))))

    assert verdict(decision) == (Outcome.BLOCKED, Reason.CATALOG_UNKNOWN)


def test_a_target_ahead_of_a_region_waits_for_it() -> None:
    members = [a_member(), a_member(a_cluster(name="two", region="eastus"), name="two")]
    catalog = a_catalog(a_region("1.35.5", "1.35.6"), a_region("1.35.5", name="eastus"))

    assert decide(facts(members=members, catalog=catalog)).reason is Reason.UP_TO_DATE


@pytest.mark.parametrize(
    ("state", "outcome", "reason"),
    [
        (UpdateState.RUNNING, Outcome.GENERATED, Reason.RUN_IN_PROGRESS),
        (UpdateState.STOPPING, Outcome.GENERATED, Reason.RUN_IN_PROGRESS),
        (UpdateState.PENDING, Outcome.GENERATED, Reason.RUN_IN_PROGRESS),
        (UpdateState.NOT_STARTED, Outcome.START, Reason.RUN_NOT_STARTED),
        (UpdateState.FAILED, Outcome.BLOCKED, Reason.RUN_FAILED),
        (UpdateState.STOPPED, Outcome.BLOCKED, Reason.RUN_STOPPED),
        (UpdateState.COMPLETED, Outcome.BLOCKED, Reason.RUN_INCOMPLETE),
        (UpdateState.SKIPPED, Outcome.BLOCKED, Reason.RUN_INCOMPLETE),
        (Unparsed("Dreaming"), Outcome.BLOCKED, Reason.RUN_STATE_UNKNOWN),
    ],
)
def test_a_run_that_is_there_is_judged_by_its_state(
    state: UpdateState | Unparsed, outcome: Outcome, reason: Reason
) -> None:
    decision = with_own_run(state)

    assert verdict(decision) == (outcome, reason)
    assert decision.run_id is not None


@pytest.mark.parametrize("intent", [Intent.REVIEW, None])
def test_a_run_for_review_or_of_unknown_intent_is_never_started(intent: Intent | None) -> None:
    assert verdict(with_own_run(UpdateState.NOT_STARTED, intent)) == (Outcome.GENERATED, Reason.RUN_AWAITS_REVIEW)


def test_a_run_by_someone_else_for_the_same_thing_counts_as_generated() -> None:
    decision = decide(facts(runs=[a_run()]))

    assert verdict(decision) == (Outcome.GENERATED, Reason.RUN_IN_PROGRESS)
    assert decision.run_id == FLEET.child("updateRuns", "someone-elses")


ELSEWHERE = {"two": UpdateState.RUNNING}
"""The members of a run that has nothing to do with cluster one."""


@pytest.mark.parametrize(
    "other",
    [
        a_run(version="1.35.5", members=ELSEWHERE),
        a_run(upgrade_type=UpgradeType.CONTROL_PLANE_ONLY, members=ELSEWHERE),
        a_run(selection=NodeImageSelection.CONSISTENT, members=ELSEWHERE),
        a_run(strategy="another", members=ELSEWHERE),
    ],
)
def test_a_run_for_something_else_does_not(other: object) -> None:
    assert decide(facts(runs=[other])).outcome is Outcome.GENERATE  # type: ignore[list-item] # a table's column


def test_a_native_run_of_the_profile_counts_with_any_strategy() -> None:
    profile = a_profile()
    native = replace(a_run("auto-profile-rapid-1-35-6-1cnmmzn", profile=profile), update_strategy_id=Unparsed("inline"))

    assert decide(facts(profile, runs=[native])).reason is Reason.RUN_IN_PROGRESS


def test_a_finished_run_is_followed_for_a_member_that_joined_later() -> None:
    given = facts()
    run = a_run(name_of(given), UpdateState.COMPLETED, members={"elder": UpdateState.COMPLETED})

    decision = decide(replace(given, fleet=replace(given.fleet, update_runs=(run,))))

    assert verdict(decision) == (Outcome.GENERATE, Reason.CATCH_UP_DUE)
    assert decision.specification is not None
    assert decision.specification.follows == run.name
    assert decision.specification.name != run.name


def test_a_finished_run_is_followed_for_a_member_that_was_skipped() -> None:
    given = facts()
    name = name_of(given)
    run = a_run(name, UpdateState.COMPLETED, members={"one": UpdateState.SKIPPED})
    fleet = replace(given.fleet, update_runs=(run,))

    skipped = decide(replace(given, fleet=fleet, run_records={name: RunRecord(Intent.UPGRADE, frozenset({"one"}))}))
    skipped_by_others = decide(replace(given, fleet=fleet, run_records={name: RunRecord(Intent.UPGRADE)}))

    assert skipped.reason is Reason.CATCH_UP_DUE
    assert skipped_by_others.reason is Reason.RUN_INCOMPLETE


def test_a_follower_is_found_again() -> None:
    given = facts()
    first = a_run(name_of(given), UpdateState.COMPLETED, members={"elder": UpdateState.COMPLETED})
    specification = decide(replace(given, fleet=replace(given.fleet, update_runs=(first,)))).specification
    assert specification is not None
    second = a_run(specification.name, UpdateState.RUNNING, members={"one": UpdateState.RUNNING})

    decision = decide(replace(given, fleet=replace(given.fleet, update_runs=(second, first))))

    assert decision.run_id == second.id


def test_another_unfinished_run_of_the_profile_is_waited_for() -> None:
    older = a_run(name_of(facts(catalog=a_catalog(a_region("1.35.5"))))[:-8] + "abcdefgh", version="1.35.5")

    decision = decide(facts(runs=[older]))

    assert verdict(decision) == (Outcome.WAITING, Reason.ACTIVE_RUN)
    assert older.name in decision.sentence


def test_an_unfinished_native_run_of_the_profile_is_waited_for() -> None:
    profile = a_profile()

    assert decide(facts(profile, runs=[a_run(version="1.35.5", profile=profile)])).reason is Reason.ACTIVE_RUN


def test_a_run_of_the_profile_in_a_state_we_do_not_know_is_waited_for() -> None:
    profile = a_profile()

    decision = decide(facts(profile, runs=[a_run(state=Unparsed("Dreaming"), version="1.35.5", profile=profile)]))

    assert decision.reason is Reason.ACTIVE_RUN


def test_unfinished_runs_of_others_on_other_clusters_are_not_waited_for() -> None:
    assert decide(facts(runs=[a_run(version="1.35.5", members=ELSEWHERE)])).outcome is Outcome.GENERATE


def test_on_demand_waits_for_nothing() -> None:
    profile = a_profile()

    decision = decide(facts(profile, runs=[a_run(version="1.35.5", profile=profile)], on_demand=Intent.REVIEW))

    assert decision.outcome is Outcome.GENERATE


def test_on_demand_finds_the_finished_run_though_nothing_is_due() -> None:
    decision = with_own_run(UpdateState.COMPLETED, members=[a_member(a_cluster("1.35.6"))])
    on_demand = with_own_run(UpdateState.COMPLETED, members=[a_member(a_cluster("1.35.6"))], on_demand=Intent.REVIEW)

    assert decision.reason is Reason.UP_TO_DATE
    assert verdict(on_demand) == (Outcome.GENERATED, Reason.RUN_FINISHED)


class TestNodeImages:
    """The NodeImage channel."""

    profile = a_profile(Channel.NODE_IMAGE)
    old = a_member(a_cluster(pools=[a_pool(f"{UBUNTU}-202607.02.0")]))

    def test_a_pool_below_its_image_is_due(self) -> None:
        decision = decide(facts(self.profile, [self.old]))

        assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        specification = decision.specification
        assert specification is not None
        assert specification.upgrade_type is UpgradeType.NODE_IMAGE_ONLY
        assert specification.node_image_selection is NodeImageSelection.CONSISTENT
        assert specification.kubernetes_version is None

    def test_kubernetes_versions_need_not_be_known(self) -> None:
        region = replace(a_region("1.35.5"), kubernetes=Unknown("it did not answer"))

        assert decide(facts(self.profile, [self.old], a_catalog(region))).outcome is Outcome.GENERATE

    def test_a_region_that_cannot_say_blocks(self) -> None:
        region = a_region("1.35.5", images={UBUNTU: Unknown("it did not answer")})

        assert decide(facts(self.profile, [self.old], a_catalog(region))).reason is Reason.CATALOG_UNKNOWN

    def test_an_image_too_old_is_no_target_and_a_warning(self) -> None:
        decision = decide(
            facts(self.profile, [self.old], a_catalog(a_region("1.35.5", images={UBUNTU: "202603.18.0"})))
        )

        assert decision.reason is Reason.UP_TO_DATE
        assert [notice.warning for notice in decision.warnings] == [DecisionWarning.NODE_IMAGE_TOO_OLD]

    def test_a_pool_whose_image_cannot_be_parsed_is_reported_and_skipped(self) -> None:
        odd = a_member(a_cluster(name="two", pools=[a_pool(Unparsed("odd"))]), name="two")

        decision = decide(facts(self.profile, [self.old, odd]))

        assert decision.members_to_skip == ("two",)
        assert reasons_of(decision)["two"] is MemberReason.NODE_IMAGE_UNKNOWN

    @pytest.mark.parametrize(
        ("state", "images", "reason"),
        [
            (UpdateState.RUNNING, [], Reason.RUN_IN_PROGRESS),
            (UpdateState.RUNNING, [f"{UBUNTU}-202607.09.0"], Reason.RUN_IN_PROGRESS),
            (UpdateState.FAILED, [f"{UBUNTU}-202607.09.0"], Reason.RUN_FAILED),
            (UpdateState.FAILED, [f"{UBUNTU}-202607.02.0"], Reason.UPGRADE_DUE),
            (UpdateState.FAILED, [], Reason.UPGRADE_DUE),
            (UpdateState.COMPLETED, [], Reason.UPGRADE_DUE),
        ],
    )
    def test_a_run_by_someone_else_counts_if_it_brings_these_images(
        self, state: UpdateState, images: list[str], reason: Reason
    ) -> None:
        other = a_run(
            state=state,
            version=None,
            upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
            selection=NodeImageSelection.CONSISTENT,
            images=images,
        )

        assert decide(facts(self.profile, [self.old], runs=[other])).reason is reason

    def test_a_run_that_brings_the_images_of_one_family_is_not_enough_for_another(self) -> None:
        windows = a_member(a_cluster(name="two", pools=[a_pool(f"{WINDOWS}-26100.7462.251212")]), name="two")
        catalog = a_catalog(a_region(images={UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"}))
        other = a_run(
            version=None,
            upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
            selection=NodeImageSelection.CONSISTENT,
            images=[f"{UBUNTU}-202607.09.0"],
            members={"three": UpdateState.RUNNING},
        )

        assert decide(facts(self.profile, [self.old, windows], catalog, runs=[other])).outcome is Outcome.GENERATE
