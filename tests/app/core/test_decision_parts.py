"""What a decision carries besides its verdict: whose it is, its policies, each member, and the rejected candidates."""

from __future__ import annotations

import pytest

from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.policies.policy import ActiveRun, StoppedClusters
from shared.core.reasons import CandidateReason, MemberAction, MemberReason, Reason
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
    seen,
)
from tests.app.core.reading import target_of

STEPWISE = {"catch-up": "stepwise"}


def test_a_decision_says_whose_it_is_and_which_policies_were_in_force() -> None:
    profile = a_profile(name="weekly")

    decision = decide(facts(profile, policy={"active-run": "ignore"}))

    assert decision.profile_id == profile.id
    assert decision.policy.active_run is ActiveRun.IGNORE


def test_so_does_one_where_no_cluster_could_be_read() -> None:
    decision = decide(facts(members=[a_member(Unknown("it was deleted"))], policy={"active-run": "ignore"}))

    assert decision.policy.active_run is ActiveRun.IGNORE


def test_a_stopped_cluster_is_blocked_where_no_run_may_leave_it_out() -> None:
    decision = decide(facts(members=[a_member(a_cluster(stopped=True))], policy={"stopped-clusters": "fail"}))

    assert decision.policy.stopped_clusters is StoppedClusters.FAIL
    assert [(member.action, member.reason) for member in decision.members] == [
        (MemberAction.BLOCKED, MemberReason.STOPPED)
    ]


@pytest.mark.parametrize(
    ("selection", "what"),
    [
        (None, "keeps the image"),
        (NodeImageSelection.LATEST, "keeps the image"),
        (NodeImageSelection.CONSISTENT, "loses its reference to the snapshot"),
    ],
)
def test_what_becomes_of_a_pool_made_from_a_snapshot_follows_from_the_profile(
    selection: NodeImageSelection | None, what: str
) -> None:
    member = a_member(a_cluster(pools=[a_pool(from_snapshot=True)]))

    [decided] = decide(facts(a_profile(selection=selection), [member])).members

    assert what in decided.sentence


def test_a_follow_up_whose_images_are_not_known_says_which_run_it_would_be() -> None:
    windows = a_member(a_cluster(pools=[a_pool(f"{WINDOWS}-26100.7462.251212")]))
    catalog = a_catalog(
        a_region("1.35.5", "1.35.6", images={UBUNTU: "202607.09.0", WINDOWS: Unknown("it did not answer")})
    )
    finished = a_run(
        state=UpdateState.COMPLETED,
        selection=NodeImageSelection.CONSISTENT,
        images=[f"{UBUNTU}-202607.09.0"],
        members={"earlier": UpdateState.COMPLETED},
    )

    decision = decide(facts(a_profile(selection=NodeImageSelection.CONSISTENT), [windows], catalog, runs=[finished]))

    assert decision.reason is Reason.CATALOG_UNKNOWN
    assert decision.specification is not None


def test_what_a_step_rejects_is_explained_with_the_soak() -> None:
    cluster = a_cluster("1.33.1")
    offer = a_region("1.33.1", "1.34.1", "1.34.2", "1.35.6")
    first_seen = seen({"1.33.1": 30, "1.34.1": 30, "1.34.2": 1, "1.35.6": 30})
    given = facts(
        members=[a_member(cluster)], catalog=a_catalog(offer), policy={**STEPWISE, "soak": "P7D"}, first_seen=first_seen
    )

    decision = decide(given)

    assert target_of(decision) == "1.34.1"
    assert [(found.name, found.reason) for found in decision.considered.rejected] == [
        ("1.35.6", CandidateReason.ONE_STEP_AT_A_TIME),
        ("1.34.2", CandidateReason.STILL_SOAKING),
    ]


def test_what_a_step_rejects_because_of_another_region_is_explained() -> None:
    members = [a_member(a_cluster("1.33.1", name=name, region=name), name=name) for name in ("westus2", "eastus")]
    offers = a_region("1.33.1", "1.34.1", "1.34.2", "1.35.6"), a_region("1.33.1", "1.34.1", "1.35.6", name="eastus")

    decision = decide(facts(members=members, catalog=a_catalog(*offers), policy=STEPWISE))

    assert [(found.name, found.reason) for found in decision.considered.rejected] == [
        ("1.35.6", CandidateReason.ONE_STEP_AT_A_TIME),
        ("1.34.2", CandidateReason.NOT_IN_EVERY_REGION),
    ]


def test_the_policies_of_a_channel_for_images_are_in_the_decision_too() -> None:
    assert decide(facts(a_profile(Channel.NODE_IMAGE), policy={"retry": "2"})).policy.retry == 2
