"""What is absent for good, or no part of a run, is skipped by name; everyone else goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.core.facts import Facts
from shared.core.lag import lag_of
from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Cluster, FixedPool, Member, UnsupportedCluster
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Absent, Unknown
from shared.core.model.update_run import UpdateState, UpgradeType
from shared.core.planner import decide
from shared.core.reasons import DecisionWarning, MemberAction, MemberReason, Outcome, Reason
from tests.app.builders import (
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
)
from tests.app.core.reading import actions_of, reasons_of, sentence_of, specification_of, target_of, verdict

FLATCAR = "AKSFlatcar-gen2"
NODE_IMAGES = a_profile(Channel.NODE_IMAGE)
ENDED = a_catalog(a_region("1.35.5", "1.35.6", images={UBUNTU: "202607.09.0", FLATCAR: Absent()}))
ARC = UnsupportedCluster("microsoft.kubernetes/connectedclusters")
OLD_IMAGE = f"{UBUNTU}-202606.08.1"


def a_flatcar_pool(os_sku: str = "Flatcar", version: str | None = None) -> Cluster:
    pools = [a_pool(OLD_IMAGE), a_pool(f"{FLATCAR}-202606.08.0", name="flat", os_sku=os_sku, version=version)]
    return a_cluster(name="flat", pools=pools)


def named(*clusters: Cluster) -> list[Member]:
    return [a_member(cluster, name=cluster.id.name) for cluster in clusters]


def behind(given: Facts) -> int:
    return lag_of(decide(given), given.fleet, given.catalog, {}).clusters_behind


class TestAFamilyWithoutAnImageAnyMore:
    def test_its_cluster_is_skipped_by_name_and_everyone_else_gets_images(self) -> None:
        members = named(a_flatcar_pool(), a_cluster(name="plain", pools=[a_pool(OLD_IMAGE)]))

        decision = decide(facts(NODE_IMAGES, members, ENDED))

        assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
        assert target_of(decision) == f"{UBUNTU}-202607.09.0"
        assert actions_of(decision) == {"flat": MemberAction.SKIP, "plain": MemberAction.UPGRADE}
        assert reasons_of(decision)["flat"] is MemberReason.NO_NODE_IMAGE
        assert decision.members_to_skip == ("flat",)
        assert sentence_of(decision, "flat") == (
            f"AKS has no node image of {FLATCAR} in westus2 any more (node pool flat); move the workloads to a node "
            "pool of another operating system, and delete it."
        )

    def test_the_profile_can_be_up_to_date(self) -> None:
        decision = decide(facts(NODE_IMAGES, named(a_flatcar_pool(), a_cluster()), ENDED))

        assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
        assert decision.sentence == "Up to date, except for skipped members: flat."

    def test_the_cluster_counts_as_behind_if_another_pool_of_it_is(self) -> None:
        current = a_cluster(name="flat", pools=[a_pool(), a_pool(f"{FLATCAR}-202606.08.0", name="flat")])

        assert behind(facts(NODE_IMAGES, named(a_flatcar_pool()), ENDED)) == 1
        assert behind(facts(NODE_IMAGES, named(current), ENDED)) == 0

    @pytest.mark.parametrize("selection", [NodeImageSelection.CONSISTENT, NodeImageSelection.LATEST])
    def test_a_kubernetes_run_skips_its_cluster_too(self, selection: NodeImageSelection) -> None:
        members = named(a_flatcar_pool(), a_cluster(name="plain"))

        decision = decide(facts(a_profile(selection=selection), members, ENDED))

        assert decision.outcome is Outcome.GENERATE
        assert reasons_of(decision)["flat"] is MemberReason.NO_NODE_IMAGE
        assert actions_of(decision)["plain"] is MemberAction.UPGRADE

    def test_a_run_for_control_planes_needs_no_image(self) -> None:
        given = facts(members=named(a_flatcar_pool()), catalog=ENDED, policy={"split": "control-plane-first"})

        assert actions_of(decide(given)) == {"flat": MemberAction.UPGRADE}

    @pytest.mark.parametrize(
        ("os_sku", "version", "action"),
        [
            ("AzureLinux", "1.34.9", MemberAction.UPGRADE),
            ("AzureLinux", "1.35.5", MemberAction.SKIP),
            ("AzureLinux3", "1.34.9", MemberAction.SKIP),
            ("", "1.34.9", MemberAction.SKIP),
        ],
    )
    def test_an_upgrade_to_a_minor_that_may_bring_another_family_is_not_skipped(
        self, os_sku: str, version: str, action: MemberAction
    ) -> None:
        members = named(a_flatcar_pool(os_sku, version))

        assert actions_of(decide(facts(members=members, catalog=ENDED))) == {"flat": action}

    def test_the_cluster_holds_back_the_steps_of_no_other(self) -> None:
        pools = [a_pool(f"{FLATCAR}-202606.08.0", name="flat", os_sku="Flatcar")]
        members = named(a_cluster("1.33.9", name="flat", pools=pools), a_cluster("1.34.9", name="plain"))
        offer = a_region("1.33.9", "1.34.9", "1.35.6", images={UBUNTU: "202607.09.0", FLATCAR: Absent()})

        decision = decide(facts(members=members, catalog=a_catalog(offer), policy={"catch-up": "stepwise"}))

        assert actions_of(decision) == {"flat": MemberAction.SKIP, "plain": MemberAction.UPGRADE}


class TestAFamilyThatCouldNotBeRead:
    catalog = a_catalog(a_region("1.35.5", images={UBUNTU: "202607.09.0", WINDOWS: Unknown("it did not answer")}))
    windows = a_cluster(name="win", pools=[a_pool(OLD_IMAGE), a_pool(f"{WINDOWS}-26100.7462.251212", name="win")])
    linux = a_cluster(name="linux", pools=[a_pool(OLD_IMAGE)])

    def test_only_clusters_with_its_pools_are_blocked(self) -> None:
        decision = decide(facts(NODE_IMAGES, named(self.windows, self.linux), self.catalog))

        assert decision.outcome is Outcome.GENERATE
        assert actions_of(decision) == {"win": MemberAction.BLOCKED, "linux": MemberAction.UPGRADE}
        assert reasons_of(decision)["win"] is MemberReason.LATEST_NODE_IMAGE_UNKNOWN

    def test_with_nothing_else_to_do_the_catalog_is_unknown_and_members_say_why(self) -> None:
        given = facts(NODE_IMAGES, named(self.windows, a_cluster(name="there")), self.catalog)

        decision = decide(given)

        assert verdict(decision) == (Outcome.BLOCKED, Reason.CATALOG_UNKNOWN)
        assert decision.sentence == f"The newest {WINDOWS} image in westus2 could not be read: it did not answer."
        assert sentence_of(decision, "win") == decision.sentence
        assert behind(given) == 0

    def test_each_family_is_named_and_the_target_is_what_could_be_read(self) -> None:
        unread = {WINDOWS: Unknown("it did not answer"), FLATCAR: Unknown("it was throttled")}
        catalog = a_catalog(a_region("1.35.5", images={UBUNTU: "202607.09.0", **unread}))
        flatcar = a_cluster(name="flat", pools=[a_pool(f"{FLATCAR}-202606.08.0")])

        decision = decide(facts(NODE_IMAGES, named(self.windows, flatcar), catalog))

        assert decision.sentence == (
            f"The newest {FLATCAR} image in westus2 could not be read: it was throttled. "
            f"The newest {WINDOWS} image in westus2 could not be read: it did not answer."
        )
        assert specification_of(decision).upgrade_type is UpgradeType.NODE_IMAGE_ONLY


class TestPoolsThatNoRunUpgrades:
    machines = a_cluster("1.35.6", fixed_pools=[FixedPool("hidden", "Machines"), FixedPool("sys", "ManagedSystem")])

    @pytest.mark.parametrize("profile", [a_profile(), NODE_IMAGES])
    def test_they_make_no_profile_due_and_are_named(self, profile: Profile) -> None:
        given = facts(profile, [a_member(self.machines)])

        decision = decide(given)

        assert decision.outcome is Outcome.UP_TO_DATE
        assert [(notice.warning, notice.sentence) for notice in decision.warnings] == [
            (
                DecisionWarning.NODE_POOL_NOT_IN_RUN,
                "one: no run upgrades node pool hidden (mode Machines), sys (mode ManagedSystem).",
            )
        ]

    def test_a_run_for_control_planes_does_not_mention_them(self) -> None:
        members = [a_member(replace(self.machines, kubernetes_version=a_cluster().kubernetes_version))]

        decision = decide(facts(members=members, policy={"split": "control-plane-first"}))

        assert decision.outcome is Outcome.GENERATE
        assert decision.warnings == ()


class TestAMemberThatRunsDoNotSupport:
    @pytest.mark.parametrize("profile", [a_profile(), NODE_IMAGES])
    def test_it_is_skipped_and_the_profile_can_be_up_to_date(self, profile: Profile) -> None:
        members = [a_member(ARC, name="edge"), *named(a_cluster("1.35.6"))]

        decision = decide(facts(profile, members))

        assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
        assert reasons_of(decision)["edge"] is MemberReason.UNSUPPORTED_CLUSTER
        assert sentence_of(decision, "edge") == (
            "Update runs do not support clusters of type microsoft.kubernetes/connectedclusters."
        )

    def test_a_fleet_of_nothing_else_is_up_to_date(self) -> None:
        decision = decide(facts(members=[a_member(ARC, name="edge")]))

        assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
        assert decision.sentence == "Up to date, except for skipped members: edge."

    def test_it_is_not_counted_as_behind(self) -> None:
        assert behind(facts(members=[a_member(ARC, name="edge"), a_member()])) == 1


class TestClustersNoneOfWhichCouldBeRead:
    @pytest.mark.parametrize("profile", [a_profile(), a_profile(Channel.STABLE), NODE_IMAGES])
    def test_every_member_keeps_its_own_reason_and_the_sentence_has_them(self, profile: Profile) -> None:
        members = [
            a_member(Unknown("403"), name="denied"),
            a_member(Unknown("it did not answer"), name="silent"),
            a_member(ARC, name="edge"),
            a_member(name="leaving", state="Leaving"),
        ]

        decision = decide(facts(profile, members))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE)
        assert decision.sentence == (
            "No cluster can be upgraded. denied: The cluster could not be read: 403.; "
            "silent: The cluster could not be read: it did not answer."
        )
        assert reasons_of(decision) == {
            "denied": MemberReason.CLUSTER_UNKNOWN,
            "silent": MemberReason.CLUSTER_UNKNOWN,
            "edge": MemberReason.UNSUPPORTED_CLUSTER,
            "leaving": MemberReason.NOT_JOINED,
        }


def test_an_image_that_a_region_has_no_more_is_not_pinned() -> None:
    catalog: Catalog = a_catalog(a_region("1.35.5", "1.35.6", images={UBUNTU: Absent()}))
    finished = a_run(
        state=UpdateState.COMPLETED,
        selection=NodeImageSelection.CONSISTENT,
        images=[f"{UBUNTU}-202607.09.0"],
        members={"earlier": UpdateState.COMPLETED},
    )
    late = a_cluster("1.34.9", pools=[a_pool(os_sku="Ubuntu")])
    profile = a_profile(selection=NodeImageSelection.CONSISTENT)

    specification = decide(facts(profile, named(late), catalog, runs=[finished])).specification

    assert specification is not None
    assert specification.node_image_selection is NodeImageSelection.CONSISTENT
