"""What administrators read, word for word: an outcome, a code and a sentence that say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.core.decision import Decision
from shared.core.model.catalog import RegionCatalog
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.profile import Channel
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.policies.policy import Regions
from shared.core.reasons import CandidateReason, Outcome, Reason, Verdict
from shared.core.targets.candidates import Candidates, find_candidates
from shared.core.targets.channels.kubernetes import NO_COMMON_VERSION
from shared.core.targets.target import Target
from shared.errors import InternalError, InvalidInputError
from tests.app.builders import (
    BOTH_PLANS,
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
    a_soak,
    facts,
    run_of,
)
from tests.app.core.reading import choose_version

TARGET = Channel.TARGET_KUBERNETES_VERSION
IMAGE_FORMS = "a node image version such as 202607.09.0, 2022.10.03, 20348.5386.260715 or 202410.27.0-2024.12.01"


def candidates_of(region: RegionCatalog) -> Candidates:
    return find_candidates([region], Regions.COMMON, a_soak())


def verdict_of(decision: Decision) -> Verdict:
    return Verdict(decision.outcome, decision.reason, decision.sentence)


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (
            MinorVersion.parse,
            "1",
            "Kubernetes minor version is '1'; expected a minor version in the form \"1.33\"",
        ),
        (
            KubernetesVersion.parse,
            "1.33",
            "Kubernetes version is '1.33'; expected a full version in the form \"1.33.5\"",
        ),
        (
            NodeImage.parse,
            "nothing",
            "nodeImageVersion is 'nothing'; expected a family, a dash and a version",
        ),
        (
            NodeImageVersion.parse,
            "2026",
            f"node image version is '2026'; expected {IMAGE_FORMS}",
        ),
        (
            NodeImageVersion.parse,
            "202613.09.0",
            f"node image version is '202613.09.0'; expected {IMAGE_FORMS}, with a date that exists",
        ),
    ],
)
def test_a_version_that_does_not_parse_is_named_with_what_would_be_right(
    parse: object, text: str, message: str
) -> None:
    assert callable(parse)
    with pytest.raises(InvalidInputError) as refused:
        parse(text)

    assert refused.value.explanation == message


@pytest.mark.parametrize("parse", [MinorVersion.parse, KubernetesVersion.parse])
def test_the_field_that_holds_the_version_is_named_where_it_is_known(parse: object) -> None:
    assert callable(parse)
    with pytest.raises(InvalidInputError) as refused:
        parse("x", "orchestratorVersion")

    assert (refused.value.field, refused.value.value) == ("orchestratorVersion", "x")


def blocked(reason: Reason, sentence: str) -> Verdict:
    return Verdict(Outcome.BLOCKED, reason, sentence)


class TestChannels:
    def test_regions_with_nothing_in_common(self) -> None:
        assert (
            blocked(
                Reason.NO_COMMON_VERSION,
                "The regions of the profile's clusters have no generally available Kubernetes version in common.",
            )
            == NO_COMMON_VERSION
        )

    def test_stable(self) -> None:
        candidates = candidates_of(a_region("1.32.7", "1.34.2"))

        assert choose_version(a_profile(Channel.STABLE), candidates) == blocked(
            Reason.STABLE_MINOR_NOT_OFFERED,
            "The newest minor is 1.34, so Stable is 1.33, which the regions of the profile's clusters do not all offer "
            "on the standard support plan.",
        )

    @pytest.mark.parametrize(
        ("target", "lts", "reason", "sentence"),
        [
            (
                "1.37",
                False,
                Reason.TARGET_MINOR_NOT_RELEASED,
                (
                    "Kubernetes 1.37 is not generally available yet in every region of the profile's clusters; the "
                    "newest minor they have in common is 1.36."
                ),
            ),
            (
                "1.31",
                True,
                Reason.LONG_TERM_SUPPORT_NOT_OFFERED,
                "Kubernetes 1.31 is not offered for long-term support in every region of the profile's clusters.",
            ),
            (
                "1.33",
                False,
                Reason.LONG_TERM_SUPPORT_REQUIRED,
                (
                    "Kubernetes 1.33 has left standard support (the newest minor is 1.36); it needs longTermSupport: "
                    "true on the profile and clusters on the LTS plan."
                ),
            ),
            (
                "1.35",
                False,
                Reason.TARGET_MINOR_NOT_OFFERED,
                "Kubernetes 1.35 is not offered in every region of the profile's clusters.",
            ),
        ],
    )
    def test_target_kubernetes_version(self, target: str, lts: bool, reason: Reason, sentence: str) -> None:
        plans = {"1.33": LTS_ONLY, "1.34": BOTH_PLANS}
        candidates = candidates_of(a_region("1.33.100", "1.34.2", "1.36.1", plans=plans))

        verdict = choose_version(a_profile(TARGET, target=target, long_term_support=lts), candidates)

        assert verdict == blocked(reason, sentence)

    def test_a_profile_that_was_not_checked_is_a_bug_that_names_it(self) -> None:
        candidates = candidates_of(a_region("1.36.1"))
        with pytest.raises(InternalError, match="autoUpgradeProfiles/profile was not validated before its channel"):
            choose_version(a_profile(TARGET), candidates)

    def test_the_newest_minor_itself_is_released(self) -> None:
        candidates = candidates_of(a_region("1.36.1"))

        chosen = choose_version(a_profile(TARGET, target="1.36"), candidates)

        assert isinstance(chosen, Target)


class TestWholeDecisions:
    def test_the_profile_is_disabled(self) -> None:
        assert verdict_of(decide(facts(a_profile(disabled=True)))) == Verdict(
            Outcome.SKIPPED, Reason.PROFILE_DISABLED, "The profile is disabled."
        )

    def test_the_scope_is_empty(self) -> None:
        assert verdict_of(decide(facts(members=[]))) == Verdict(
            Outcome.UP_TO_DATE, Reason.NO_MEMBERS, "No joined member is in the profile's scope."
        )

    def test_a_channel_that_is_refused_says_under_which_policies(self) -> None:
        given = facts(a_profile(Channel.STABLE), catalog=a_catalog(a_region("1.35.6")), policy={"retry": "2"})

        decision = decide(given)

        assert decision.reason is Reason.STABLE_MINOR_NOT_OFFERED
        assert decision.policy.retry == 2
        assert decision.policies != ()

    def test_nothing_is_due(self) -> None:
        assert verdict_of(decide(facts(members=[a_member(a_cluster("1.35.6"))]))) == Verdict(
            Outcome.UP_TO_DATE, Reason.UP_TO_DATE, "Every cluster is up to date."
        )

    def test_nothing_is_due_except_for_skipped_members(self) -> None:
        members = [a_member(a_cluster(name=name, stopped=True), name=name) for name in ("one", "two")]

        assert verdict_of(decide(facts(members=members))) == Verdict(
            Outcome.UP_TO_DATE, Reason.UP_TO_DATE, "Up to date, except for skipped members: one, two."
        )

    def test_no_cluster_can_be_upgraded(self) -> None:
        members = [a_member(a_cluster("1.33.1", name=name), name=name) for name in ("one", "two")]

        assert decide(facts(members=members)).sentence == (
            "No cluster can be upgraded. one: On 1.33.1, outside AKS support and more than one minor below 1.35.6; AKS "
            "upgrades one minor at a time.; two: On 1.33.1, outside AKS support and more than one minor below 1.35.6; "
            "AKS upgrades one minor at a time."
        )

    def test_an_image_that_is_too_old_is_a_warning_in_words(self) -> None:
        catalog = a_catalog(a_region("1.35.5", images={UBUNTU: "202603.18.0"}))
        member = a_member(a_cluster(pools=[a_pool(f"{UBUNTU}-202602.13.0")]))

        decision = decide(facts(a_profile(Channel.NODE_IMAGE), [member], catalog))

        assert [notice.sentence for notice in decision.warnings] == [
            f"{UBUNTU}-202603.18.0 is older than 90 days and no target."
        ]
        assert decision.target == Target()

    def test_stopped_clusters_that_no_run_may_skip(self) -> None:
        members = [a_member(name="zero"), *(a_member(a_cluster(name=n, stopped=True), name=n) for n in ("one", "two"))]
        tags = {"auto-upgrade.stopped-clusters": "fail"}

        assert verdict_of(decide(facts(members=members, tags=tags))) == blocked(
            Reason.CLUSTERS_STOPPED, "Stopped clusters, which policy stopped-clusters=fail does not skip: one, two."
        )

    def test_unfinished_runs_are_all_named(self) -> None:
        profile = a_profile()
        older = [a_run(name, version="1.35.5", profile=profile) for name in ("b", "a")]

        decision = decide(facts(profile, runs=older))

        assert decision.sentence == "An update run of this profile is unfinished: a, b. 1.35.6 comes after it."
        assert decision.specification is not None, "the run that waits is named as well"

    def test_clusters_none_of_which_could_be_read(self) -> None:
        members = [a_member(Unknown("403"), name="shop"), a_member(Unknown("it did not answer"))]

        assert verdict_of(decide(facts(members=members))) == blocked(
            Reason.NO_MEMBER_CAN_UPGRADE,
            "No cluster can be upgraded. one: The cluster could not be read: it did not answer.; "
            "shop: The cluster could not be read: 403.",
        )

    def test_images_that_soak_are_all_named(self) -> None:
        newest = {UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"}
        pools = [a_pool(f"{UBUNTU}-202606.08.1"), a_pool(f"{WINDOWS}-26100.7462.251212", name="win")]
        given = facts(
            a_profile(Channel.NODE_IMAGE),
            [a_member(a_cluster(pools=pools))],
            a_catalog(a_region("1.35.5", images=newest)),
            policy={"soak": "P7D"},
        )

        assert verdict_of(decide(given)) == Verdict(
            Outcome.WAITING,
            Reason.SOAKING,
            f"{UBUNTU}-202607.09.0, {WINDOWS}-26100.33158.260715 would be next; by the soak it is used from "
            "2026-08-10 06:00 UTC on.",
        )

    def test_a_region_that_cannot_be_read_does_not_hide_what_the_others_offer(self) -> None:
        regions = ("westus2", "eastus", "mars")
        members = [a_member(a_cluster(name=region, region=region), name=region) for region in regions]
        catalog = a_catalog(
            a_region("1.35.5", "1.35.6"),
            a_region("1.35.5", name="eastus"),
            RegionCatalog("mars", Unknown("it did not answer")),
        )

        considered = decide(facts(members=members, catalog=catalog)).considered

        assert [region.region for region in considered.regions] == ["eastus", "mars", "westus2"]
        assert considered.rejected[1].sentence == "Could not be asked of mars."
        assert [(found.name, found.reason) for found in considered.rejected] == [
            ("1.35.6", CandidateReason.NOT_IN_EVERY_REGION),
            ("1.35.5", CandidateReason.REGION_UNREADABLE),
        ]

    @pytest.mark.parametrize(
        ("state", "verdict"),
        [
            (
                Unparsed("Dreaming"),
                blocked(
                    Reason.RUN_STATE_UNKNOWN,
                    "Update run {name} is in state Dreaming, which this app does not know.",
                ),
            ),
            (
                UpdateState.FAILED,
                blocked(
                    Reason.RUN_FAILED,
                    "Update run {name} failed; see the members' messages in it, then start it again, or delete it.",
                ),
            ),
            (
                UpdateState.COMPLETED,
                blocked(
                    Reason.RUN_INCOMPLETE,
                    "Update run {name} is finished, yet clusters that it dealt with are still below the target.",
                ),
            ),
        ],
    )
    def test_a_run_that_is_there(self, state: UpdateState | Unparsed, verdict: Verdict) -> None:
        given = facts()
        specification = decide(given).specification
        assert specification is not None
        run = run_of(specification, state, members={"one": UpdateState.COMPLETED})
        fleet = replace(given.fleet, update_runs=(run,))

        decision = decide(replace(given, fleet=fleet, run_records={run.name: RunRecord(Intent.UPGRADE)}))

        assert verdict_of(decision) == replace(verdict, sentence=verdict.sentence.format(name=run.name))

    def test_a_finished_run_is_given_back_on_demand(self) -> None:
        given = facts(members=[a_member(a_cluster("1.35.6"))], on_demand=Intent.REVIEW)
        specification = decide(given).specification
        assert specification is not None
        run = run_of(specification, UpdateState.COMPLETED, members={"one": UpdateState.COMPLETED})

        decision = decide(replace(given, fleet=replace(given.fleet, update_runs=(run,))))

        assert verdict_of(decision) == Verdict(
            Outcome.GENERATED, Reason.RUN_FINISHED, f"Update run {run.name} is finished."
        )

    def test_a_refusal_says_whose_it_is_and_under_which_policies(self) -> None:
        profile = a_profile(strategy="nowhere")

        decision = decide(facts(profile, tags={"auto-upgrade.regions": "any"}))

        assert decision.profile_id == profile.id
        assert decision.policy.regions is Regions.ANY
        assert {policy.key: policy.value for policy in decision.policies}["regions"] == "any"
