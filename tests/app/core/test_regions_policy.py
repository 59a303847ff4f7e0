"""The policy `regions`: what every region of the scope offers, or what at least one does."""

from __future__ import annotations

from shared.core.decision import Decision
from shared.core.planner import decide
from shared.core.reasons import MemberAction, MemberReason, Outcome, Reason
from tests.app.builders import a_catalog, a_cluster, a_member, a_region, facts
from tests.app.core.reading import actions_of, reasons_of, target_of, verdict

FAST, SLOW = a_region("1.35.5", "1.35.6"), a_region("1.35.5", name="eastus")


def decided(rule: str, fast_version: str = "1.35.5", slow_version: str = "1.35.5") -> Decision:
    members = [
        a_member(a_cluster(fast_version, name="fast"), name="fast"),
        a_member(a_cluster(slow_version, name="slow", region="eastus"), name="slow"),
    ]
    return decide(facts(members=members, catalog=a_catalog(FAST, SLOW), policy={"regions": rule}))


def test_under_common_nobody_gets_what_some_region_lacks() -> None:
    decision = decided("common", slow_version="1.35.4")

    assert target_of(decision) == "1.35.5"
    assert actions_of(decision) == {"fast": MemberAction.UP_TO_DATE, "slow": MemberAction.UPGRADE}


def test_under_any_members_whose_region_lacks_it_are_left_out_and_told_so() -> None:
    decision = decided("any")

    assert verdict(decision) == (Outcome.GENERATE, Reason.UPGRADE_DUE)
    assert target_of(decision) == "1.35.6"
    assert decision.members_to_skip == ("slow",)
    assert reasons_of(decision)["slow"] is MemberReason.NOT_OFFERED_IN_REGION


def test_under_any_the_others_are_done_once_they_have_it() -> None:
    decision = decided("any", fast_version="1.35.6")

    assert verdict(decision) == (Outcome.UP_TO_DATE, Reason.UP_TO_DATE)
    assert decision.sentence == "Up to date, but for members left out: slow."


def test_under_any_a_preview_elsewhere_is_no_offer() -> None:
    preview = a_region("1.35.5", "1.36.0", name="eastus", previews=["1.36"])
    members = [a_member(), a_member(a_cluster(name="two", region="eastus"), name="two")]

    decision = decide(facts(members=members, catalog=a_catalog(FAST, preview), policy={"regions": "any"}))

    assert target_of(decision) == "1.35.6"
