"""Traps that releases of AKS have laid, each with the version numbers it came with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.core.decision import Decision
from shared.core.model.catalog import RegionCatalog, SupportPlan, offer_of
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.reasons import (
    CandidateReason,
    DecisionWarning,
    MemberAction,
    MemberReason,
    Outcome,
    Reason,
)
from tests.app.builders import (
    BOTH_PLANS,
    FLEET,
    LTS_ONLY,
    UBUNTU,
    WINDOWS,
    a_catalog,
    a_cluster,
    a_member,
    a_pool,
    a_profile,
    a_region,
    a_run,
    facts,
    run_of,
    seen,
    with_runs,
)
from tests.app.core.reading import (
    actions_of,
    first_specification,
    reasons_of,
    specification_of,
    target_of,
    verdict,
    warnings_of,
)

RAPID, STABLE, IMAGES = a_profile(Channel.RAPID), a_profile(Channel.STABLE), a_profile(Channel.NODE_IMAGE)
LTS = SupportPlan.AKS_LONG_TERM_SUPPORT
SPRING = datetime(2026, 5, 5, 6, 0, tzinfo=UTC)


def rejected(decision: Decision) -> dict[str, CandidateReason]:
    return {found.name: found.reason for found in decision.considered.rejected}


class TestAMinorThatWasNeverDeclaredGenerallyAvailable:
    """The notes never declared 1.33 generally available, while 1.34 is: Stable is 1.33 by number all the same."""

    members = (a_member(a_cluster("1.32.9")),)

    def test_stable_is_1_33_if_it_is_offered(self) -> None:
        catalog = a_catalog(a_region("1.32.10", "1.33.6", "1.34.2"))

        assert target_of(decide(facts(STABLE, self.members, catalog))) == "1.33.6"

    @pytest.mark.parametrize(
        "region",
        [
            a_region("1.32.10", "1.34.2"),
            a_region("1.32.10", "1.33.6", "1.34.2", previews=["1.33"]),
            a_region("1.32.10", "1.33.6", "1.34.2", plans={"1.33": LTS_ONLY}),
        ],
    )
    def test_otherwise_stable_is_blocked_and_never_1_32(self, region: RegionCatalog) -> None:
        decision = decide(facts(STABLE, self.members, a_catalog(region)))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.STABLE_MINOR_NOT_OFFERED)
        assert decision.target is None
        assert "1.33" in decision.sentence


class TestAPatchThatWasListedAndThenWithdrawn:
    """1.34.6 was offered, some clusters took it, and it was withdrawn: 1.34.5 is the newest again."""

    after = a_catalog(a_region("1.34.5"))

    def test_those_who_took_it_stay_and_the_others_get_the_one_before(self) -> None:
        members = [a_member(a_cluster("1.34.6")), a_member(a_cluster("1.34.4", name="two"), name="two")]

        decision = decide(facts(RAPID, members, self.after))

        assert target_of(decision) == "1.34.5"
        assert reasons_of(decision) == {"one": MemberReason.AHEAD_OF_TARGET, "two": MemberReason.BELOW_TARGET}

    def test_having_seen_it_long_ago_makes_it_no_target(self) -> None:
        given = facts(
            RAPID,
            [a_member(a_cluster("1.34.4"))],
            self.after,
            policy={"soak": "P7D"},
            first_seen=seen({"1.34.6": 30, "1.34.5": 40}),
        )

        assert target_of(decide(given)) == "1.34.5"

    def test_a_run_for_it_that_is_going_on_is_not_replaced_by_an_older_one(self) -> None:
        run = a_run(version="1.34.6", profile=RAPID)

        decision = decide(
            facts(RAPID, [a_member(a_cluster("1.34.4"))], self.after, runs=[run], policy={"active-run": "replace"})
        )

        assert decision.reason is Reason.ACTIVE_RUN


class TestLongTermSupportBuildsBesideStandardPatches:
    """1.29.100 is a build for the LTS plan, and 1.29.15 the last patch for everybody."""

    def test_1_29_15_is_the_highest_patch_in_standard_support(self) -> None:
        catalog = a_catalog(a_region("1.29.9", "1.29.15", "1.29.100", "1.31.9", plans={"1.29": BOTH_PLANS}))
        profile = a_profile(Channel.TARGET_KUBERNETES_VERSION, target="1.29", long_term_support=True)
        members = [a_member(a_cluster("1.29.13")), a_member(a_cluster("1.29.13", name="lts", plan=LTS), name="lts")]

        decision = decide(facts(profile, members, catalog))

        assert target_of(decision) == "1.29.15"
        assert set(actions_of(decision).values()) == {MemberAction.UPGRADE}
        assert rejected(decision)["1.29.100"] is CandidateReason.LONG_TERM_SUPPORT_BUILD

    def test_1_29_100_is_for_clusters_on_the_lts_plan_once_the_minor_has_left_it(self) -> None:
        catalog = a_catalog(a_region("1.29.15", "1.29.100", "1.34.2", plans={"1.29": LTS_ONLY}))
        profile = a_profile(Channel.TARGET_KUBERNETES_VERSION, target="1.29", long_term_support=True)
        members = [a_member(a_cluster("1.29.15")), a_member(a_cluster("1.29.15", name="lts", plan=LTS), name="lts")]

        decision = decide(facts(profile, members, catalog))

        assert target_of(decision) == "1.29.100"
        assert reasons_of(decision) == {
            "one": MemberReason.NO_LONG_TERM_SUPPORT_PLAN,
            "lts": MemberReason.BELOW_TARGET,
        }


class TestANewMinorInPreview:
    """1.36 entered preview on 4 June and was released on 25 June."""

    members = (a_member(a_cluster("1.35.5")),)

    def test_it_moves_neither_rapid_nor_stable(self) -> None:
        catalog = a_catalog(a_region("1.34.8", "1.35.5", "1.36.0", previews=["1.36"]))

        rapid = decide(facts(RAPID, self.members, catalog))

        assert verdict(rapid) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
        assert target_of(rapid) == "1.35.5"
        assert rejected(rapid) == {"1.36.0": CandidateReason.PREVIEW}
        assert target_of(decide(facts(STABLE, self.members, catalog))) == "1.34.8"

    def test_its_release_moves_both(self) -> None:
        catalog = a_catalog(a_region("1.34.8", "1.35.5", "1.36.0"))

        assert target_of(decide(facts(RAPID, self.members, catalog))) == "1.36.0"
        assert target_of(decide(facts(STABLE, self.members, catalog))) == "1.35.5"


class TestAMinorThatTurnsLtsOnlyWhileItIsStable:
    """1.33 went to the LTS plan alone while a region's newest minor still was 1.34."""

    catalog = a_catalog(a_region("1.32.11", "1.33.13", "1.34.9", plans={"1.33": LTS_ONLY, "1.32": LTS_ONLY}))

    @pytest.mark.parametrize("plan", list(SupportPlan))
    def test_stable_is_blocked_for_everybody_and_falls_back_to_nothing(self, plan: SupportPlan) -> None:
        decision = decide(facts(STABLE, [a_member(a_cluster("1.33.12", plan=plan))], self.catalog))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.STABLE_MINOR_NOT_OFFERED)
        assert rejected(decision)["1.33.13"] is CandidateReason.LONG_TERM_SUPPORT_PLAN_ONLY

    def test_rapid_goes_on(self) -> None:
        decision = decide(facts(RAPID, [a_member(a_cluster("1.33.12"))], self.catalog))

        assert target_of(decision) == "1.34.9"
        assert reasons_of(decision)["one"] is MemberReason.OUTSIDE_SUPPORT
        assert actions_of(decision)["one"] is MemberAction.UPGRADE


class TestTwoImageReleasesOfOneDay:
    """202603.18.0 and 202603.18.1 carry the same day."""

    first, second = f"{UBUNTU}-202603.18.0", f"{UBUNTU}-202603.18.1"

    def decided(self, image: str, *offered: str) -> Decision:
        names = ("westus2", "eastus")[: len(offered)]
        members = [a_member(a_cluster(name=name, region=name, pools=[a_pool(image)]), name=name) for name in names]
        catalog = a_catalog(
            *[a_region(name=name, images={UBUNTU: version}) for name, version in zip(names, offered, strict=True)]
        )
        return decide(facts(IMAGES, members, catalog, now=SPRING))

    def test_the_second_is_newer_than_the_first(self) -> None:
        decision = self.decided(self.first, "202603.18.1")

        assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        assert target_of(decision) == self.second

    def test_the_first_is_what_two_regions_have_in_common_and_no_cluster_goes_back_to_it(self) -> None:
        decision = self.decided(self.second, "202603.18.1", "202603.18.0")

        assert target_of(decision) == self.first
        assert decision.reason is Reason.UP_TO_DATE
        assert rejected(decision) == {self.second: CandidateReason.NOT_IN_EVERY_REGION}

    def test_each_has_another_run(self) -> None:
        runs = [self.decided(f"{UBUNTU}-202603.12.0", version) for version in ("202603.18.0", "202603.18.1")]

        assert specification_of(runs[0]).name != specification_of(runs[1]).name


class TestAnImageThatIsWithdrawnAfterItWasChosen:
    """202607.09.0 was chosen, and the newest is 202607.02.0 again."""

    chosen, before, old = (f"{UBUNTU}-{version}" for version in ("202607.09.0", "202607.02.0", "202606.08.1"))
    after = a_catalog(a_region("1.35.5", "1.35.6", images={UBUNTU: "202607.02.0"}))
    members = (a_member(a_cluster(pools=[a_pool(f"{UBUNTU}-202606.08.1")])),)

    def test_no_cluster_is_downgraded_and_the_others_get_the_one_before(self) -> None:
        there = a_member(a_cluster(name="two", pools=[a_pool(self.chosen)]), name="two")

        decision = decide(facts(IMAGES, [*self.members, there], self.after))

        assert target_of(decision) == self.before
        assert actions_of(decision) == {"one": MemberAction.UPGRADE, "two": MemberAction.UP_TO_DATE}

    def test_a_run_for_it_that_is_going_on_is_waited_for_and_never_replaced(self) -> None:
        chosen = first_specification(facts(IMAGES, self.members))
        assert [str(image) for image in chosen.node_images] == [self.chosen]
        given = facts(IMAGES, self.members, self.after, runs=[run_of(chosen)], policy={"active-run": "replace"})

        assert decide(given).reason is Reason.ACTIVE_RUN

    def test_a_run_for_it_that_failed_blocks_no_one(self) -> None:
        chosen = first_specification(facts(IMAGES, self.members))

        decision = decide(facts(IMAGES, self.members, self.after, runs=[run_of(chosen, UpdateState.FAILED)]))

        assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        assert target_of(decision) == self.before

    def test_a_follow_up_of_a_run_with_it_does_not_name_it(self) -> None:
        given = facts(a_profile(selection=NodeImageSelection.CONSISTENT), self.members, self.after)
        members = {"elder": UpdateState.COMPLETED}
        run = run_of(first_specification(given), UpdateState.COMPLETED, members=members, images=[self.chosen])

        decision = decide(with_runs(given, run))

        assert decision.reason is Reason.CATCH_UP_DUE
        assert specification_of(decision).node_images == ()

    def test_having_seen_it_long_ago_makes_it_no_target(self) -> None:
        first_seen = seen({self.chosen: 30, self.before: 40})

        decision = decide(facts(IMAGES, self.members, self.after, policy={"soak": "P7D"}, first_seen=first_seen))

        assert target_of(decision) == self.before


class TestWindowsBuildsOfDifferentLength:
    """26100.33158 comes after 26100.7462, though not as text."""

    old, new = f"{WINDOWS}-26100.7462.251212", f"{WINDOWS}-26100.33158.260715"
    catalog = a_catalog(a_region(images={WINDOWS: "26100.33158.260715"}))

    @pytest.mark.parametrize(("image", "action"), [(old, MemberAction.UPGRADE), (new, MemberAction.UP_TO_DATE)])
    def test_they_are_compared_as_numbers(self, image: str, action: MemberAction) -> None:
        decision = decide(facts(IMAGES, [a_member(a_cluster(pools=[a_pool(image)]))], self.catalog))

        assert target_of(decision) == self.new
        assert actions_of(decision) == {"one": action}

    def test_a_region_with_the_old_one_keeps_everybody_on_it(self) -> None:
        members = [
            a_member(a_cluster(name=name, region=name, pools=[a_pool(self.old)]), name=name)
            for name in ("westus2", "eastus")
        ]
        behind = a_region(name="eastus", images={WINDOWS: "26100.7462.251212"})
        winter = datetime(2026, 2, 20, 6, 0, tzinfo=UTC)

        decision = decide(facts(IMAGES, members, a_catalog(*self.catalog.regions.values(), behind), now=winter))

        assert target_of(decision) == self.old
        assert decision.reason is Reason.UP_TO_DATE


class TestAFamilyThatIsFrozenForMonths:
    """AKSMariner has stood at 202305.15.0 ever since."""

    mariner = "AKSMariner-V2gen2"
    pools = (a_pool("AKSMariner-V2gen2-202304.10.0"), a_pool(f"{UBUNTU}-202607.02.0", name="user"))
    catalog = a_catalog(a_region(images={"AKSMariner-V2gen2": "202305.15.0", UBUNTU: "202607.09.0"}))

    @pytest.mark.parametrize("soak", ["PT0S", "P7D"])
    def test_its_image_is_no_target_and_a_warning_and_does_not_soak(self, soak: str) -> None:
        member = a_member(a_cluster(pools=self.pools[:1]))

        decision = decide(facts(IMAGES, [member], self.catalog, policy={"soak": soak}))

        assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
        assert warnings_of(decision) == [DecisionWarning.NODE_IMAGE_TOO_OLD]
        assert rejected(decision) == {f"{self.mariner}-202305.15.0": CandidateReason.TOO_OLD}

    def test_the_other_families_go_on(self) -> None:
        decision = decide(facts(IMAGES, [a_member(a_cluster(pools=self.pools))], self.catalog))

        assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        assert target_of(decision) == f"{UBUNTU}-202607.09.0"


class TestARegionTenDaysBehind:
    """1.36.2 is in West US 2, and reaches Brazil South ten days later."""

    members = (
        a_member(a_cluster("1.35.6", name="west"), name="west"),
        a_member(a_cluster("1.35.6", name="south", region="brazilsouth"), name="south"),
    )
    west = a_region("1.35.6", "1.36.2")
    behind, arrived = (a_region(*patches, name="brazilsouth") for patches in (["1.35.6"], ["1.35.6", "1.36.2"]))

    def test_no_cluster_moves_before_it_is_there_and_then_all_do(self) -> None:
        before = decide(facts(RAPID, self.members, a_catalog(self.west, self.behind)))
        after = decide(facts(RAPID, self.members, a_catalog(self.west, self.arrived)))

        assert before.reason is Reason.UP_TO_DATE
        assert rejected(before) == {"1.36.2": CandidateReason.NOT_IN_EVERY_REGION}
        assert verdict(after) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        assert target_of(after) == "1.36.2"

    def test_under_any_the_slow_region_is_skipped_and_caught_up_with_another_run(self) -> None:
        policy = {"regions": "any"}
        first = decide(facts(RAPID, self.members, a_catalog(self.west, self.behind), policy=policy))
        assert first.members_to_skip == ("south",)
        name = specification_of(first).name
        run = run_of(
            specification_of(first),
            UpdateState.COMPLETED,
            members={"west": UpdateState.COMPLETED, "south": UpdateState.SKIPPED},
        )
        upgraded = a_member(a_cluster("1.36.2", name="west"), name="west")
        record = {name: RunRecord(Intent.UPGRADE, frozenset({"south"}))}

        meanwhile, after = (
            decide(
                facts(
                    RAPID,
                    [upgraded, self.members[1]],
                    a_catalog(self.west, south),
                    policy=policy,
                    runs=[run],
                    records=record,
                )
            )
            for south in (self.behind, self.arrived)
        )

        assert meanwhile.reason is Reason.UP_TO_DATE
        assert verdict(after) == (Outcome.GENERATE, Reason.CATCH_UP_DUE)
        assert specification_of(after).follows == name


class TestAnEmptyAnswerFromOneRegion:
    """East US answered with an empty list of versions: that is no offer of nothing."""

    members = (
        a_member(a_cluster("1.35.5", name="west"), name="west"),
        a_member(a_cluster("1.35.5", name="east", region="eastus"), name="east"),
    )
    east = RegionCatalog("eastus", offer_of("eastus", []))

    @pytest.mark.parametrize("rule", ["common", "any"])
    def test_nothing_is_generated_and_the_region_is_named(self, rule: str) -> None:
        catalog = a_catalog(a_region("1.35.5", "1.35.6"), self.east)

        decision = decide(facts(RAPID, self.members, catalog, policy={"regions": rule}))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.CATALOG_UNKNOWN)
        assert "eastus" in decision.sentence

    def test_a_profile_without_members_there_goes_on(self) -> None:
        catalog = a_catalog(a_region("1.35.5", "1.35.6"), self.east)

        assert decide(facts(RAPID, self.members[:1], catalog)).outcome is Outcome.GENERATE


class TestAProfileThatIsMadeAfterTheRelease:
    """1.35.6 was released on 24 July, and the profile is made in August: it does not wait for the next release."""

    @pytest.mark.parametrize("soak", ["PT0S", "P7D"])
    def test_its_clusters_are_due_at_once(self, soak: str) -> None:
        given = facts(RAPID, policy={"soak": soak}, first_seen=seen({"1.35.5": 60, "1.35.6": 10}))

        assert verdict(decide(given)) == (Outcome.GENERATE, Reason.UPGRADE_DUE)

    def test_a_run_that_another_profile_made_for_the_release_is_not_in_its_way(self) -> None:
        other = a_profile(name="other", strategy="staged")
        run = replace(
            a_run(state=UpdateState.COMPLETED, profile=other),
            update_strategy_id=FLEET.child("updateStrategies", "staged"),
        )

        assert decide(facts(RAPID, other_profiles=[other], runs=[run])).outcome is Outcome.GENERATE


class TestARegionThatNoMemberUsesAnyMore:
    """The last cluster in Brazil South has left, and what is known of the region is old or nothing."""

    @pytest.mark.parametrize(
        "region",
        [
            a_region("1.29.9", name="brazilsouth"),
            a_region("1.37.0", name="brazilsouth"),
            RegionCatalog("brazilsouth", Unknown("it was not asked")),
        ],
    )
    @pytest.mark.parametrize("state", ["Leaving", None])
    def test_it_does_not_count_from_the_moment_its_last_member_leaves(
        self, region: RegionCatalog, state: str | None
    ) -> None:
        leaving = [a_member(a_cluster(name="gone", region="brazilsouth"), name="gone", state=state)] if state else []
        catalog = a_catalog(a_region("1.35.5", "1.35.6"), region)

        decision = decide(facts(RAPID, [a_member(), *leaving], catalog))

        assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        assert target_of(decision) == "1.35.6"
        assert [shown.region for shown in decision.considered.regions] == ["westus2"]
