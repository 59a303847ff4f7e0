"""The images of a follow-up: those of the run it follows, so that clusters caught up late get the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Member, NodePool
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from tests.app.builders import (
    NOW,
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
from tests.app.core.reading import first_specification, specification_of, verdict

CONSISTENT = a_profile(selection=NodeImageSelection.CONSISTENT)
JUNE = f"{UBUNTU}-202606.08.1"
WINDOWS_JULY = f"{WINDOWS}-26100.33158.260715"
OFFER = a_region("1.35.5", "1.35.6", images={UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"})


def late(*pools: NodePool) -> Member:
    """A member that joined after the run was over."""
    return a_member(a_cluster(name="late", pools=list(pools) or None), name="late")


def followed(
    picked: Iterable[str | Unparsed],
    *,
    given: Facts | None = None,
    member: Member | None = None,
    catalog: Catalog | None = None,
    days_later: float = 0,
) -> Decision:
    """The decision on a late member after a run for which Fleet picked these images."""
    given = given or facts(CONSISTENT, [member or late()], catalog or a_catalog(OFFER))
    run = run_of(
        first_specification(given), UpdateState.COMPLETED, members={"one": UpdateState.COMPLETED}, images=picked
    )
    return decide(replace(with_runs(given, run), now=NOW + timedelta(days=days_later)))


def pinned(decision: Decision) -> tuple[NodeImageSelection | None, list[str]]:
    specification = specification_of(decision)
    return specification.node_image_selection, [str(image) for image in specification.node_images]


def test_a_follow_up_of_a_consistent_run_names_the_images_that_fleet_picked_for_it() -> None:
    decision = followed([JUNE])

    assert verdict(decision) == (Outcome.GENERATE, Reason.CATCH_UP_DUE)
    assert pinned(decision) == (NodeImageSelection.CUSTOM, [JUNE])


def test_a_follow_up_of_a_follow_up_names_them_too() -> None:
    given = facts(CONSISTENT, [late()], a_catalog(OFFER))
    members = {"one": UpdateState.COMPLETED}
    first = run_of(first_specification(given), UpdateState.COMPLETED, members=members, images=[JUNE])
    second = run_of(specification_of(decide(with_runs(given, first))), UpdateState.COMPLETED, members=members)

    decision = decide(with_runs(given, first, second))

    assert specification_of(decision).follows == second.name
    assert pinned(decision) == (NodeImageSelection.CUSTOM, [JUNE])


def test_a_follow_up_of_a_run_by_someone_else_names_that_runs_images() -> None:
    other = a_run(
        state=UpdateState.COMPLETED,
        selection=NodeImageSelection.CONSISTENT,
        images=[JUNE],
        members={"one": UpdateState.COMPLETED},
    )

    decision = decide(facts(CONSISTENT, [late()], a_catalog(OFFER), runs=[other]))

    assert pinned(decision) == (NodeImageSelection.CUSTOM, [JUNE])


def test_nothing_is_pinned_where_each_region_takes_its_own_images() -> None:
    given = facts(a_profile(selection=NodeImageSelection.LATEST), [late()], a_catalog(OFFER))

    assert pinned(followed([JUNE], given=given)) == (NodeImageSelection.LATEST, [])


@pytest.mark.parametrize("picked", [[], [JUNE, Unparsed("AKSUbuntu-new")], [Unparsed("AKSUbuntu-new")]])
def test_nothing_is_pinned_where_fleet_did_not_say_what_it_picked_or_not_in_a_known_form(
    picked: list[str | Unparsed],
) -> None:
    assert pinned(followed(picked)) == (NodeImageSelection.CONSISTENT, [])


def test_nothing_is_pinned_once_an_image_is_older_than_90_days() -> None:
    """8 June and 90 days is 6 September."""
    days_until = (NOW.replace(month=9, day=6) - NOW).days

    assert pinned(followed([JUNE], days_later=days_until)) == (NodeImageSelection.CUSTOM, [JUNE])
    assert pinned(followed([JUNE], days_later=days_until + 1)) == (NodeImageSelection.CONSISTENT, [])


def test_one_image_that_is_too_old_is_enough() -> None:
    assert pinned(followed([JUNE, f"{WINDOWS}-26100.32690.260415"])) == (NodeImageSelection.CONSISTENT, [])


@pytest.mark.parametrize(
    ("offered", "is_pinned"), [("202606.08.1", True), ("202607.09.0", True), ("202606.01.0", False)]
)
def test_nothing_is_pinned_where_a_region_that_needs_the_image_offers_only_older_ones(
    offered: str, *, is_pinned: bool
) -> None:
    """It was withdrawn, or has not come there yet: a run that names it would wait for ever."""
    member = a_member(a_cluster(name="late", region="eastus"), name="late")
    east = a_region("1.35.5", "1.35.6", name="eastus", images={UBUNTU: offered})

    selection, images = pinned(followed([JUNE], member=member, catalog=a_catalog(OFFER, east)))

    assert images == ([JUNE] if is_pinned else [])
    assert selection is (NodeImageSelection.CUSTOM if is_pinned else NodeImageSelection.CONSISTENT)


def test_a_family_that_the_run_did_not_know_gets_todays_image() -> None:
    member = late(a_pool(WINDOWS + "-26100.7462.251212", name="windows"), a_pool(JUNE))

    assert pinned(followed([JUNE], member=member)) == (NodeImageSelection.CUSTOM, [JUNE, WINDOWS_JULY])


def test_a_family_of_members_that_are_not_due_is_not_asked_for() -> None:
    there = a_member(a_cluster("1.35.6", pools=[a_pool(WINDOWS_JULY)]))
    given = facts(CONSISTENT, [late(), there], a_catalog(OFFER))

    assert pinned(followed([JUNE], given=given)) == (NodeImageSelection.CUSTOM, [JUNE])


def test_a_new_family_whose_image_is_not_known_blocks() -> None:
    member = late(a_pool(WINDOWS_JULY))
    unread = a_region("1.35.5", "1.35.6", images={WINDOWS: Unknown("it did not answer")})

    decision = followed([JUNE], member=member, catalog=a_catalog(unread))

    assert verdict(decision) == (Outcome.BLOCKED, Reason.CATALOG_UNKNOWN)
    assert WINDOWS in decision.sentence


def test_a_known_family_needs_no_answer() -> None:
    unread = a_region("1.35.5", "1.35.6", images={UBUNTU: Unknown("it did not answer")})

    assert pinned(followed([JUNE], catalog=a_catalog(unread))) == (NodeImageSelection.CUSTOM, [JUNE])


def test_a_pool_whose_image_cannot_be_parsed_asks_for_no_family() -> None:
    member = late(a_pool(JUNE), a_pool(Unparsed("odd"), name="odd"))

    assert pinned(followed([JUNE], member=member)) == (NodeImageSelection.CUSTOM, [JUNE])


def test_a_follow_up_of_a_run_that_named_its_images_because_of_a_soak_names_them_again() -> None:
    profile = a_profile(Channel.NODE_IMAGE)
    old = a_pool(f"{UBUNTU}-202605.01.0")
    given = facts(
        profile,
        [late(old)],
        policy={"soak": "P7D"},
        first_seen=seen({JUNE: 30, f"{UBUNTU}-202607.09.0": 2}),
    )

    assert pinned(followed([JUNE], given=given)) == (NodeImageSelection.CUSTOM, [JUNE])


def test_a_follow_up_for_control_planes_selects_no_images() -> None:
    given = facts(CONSISTENT, [late()], a_catalog(OFFER), policy={"split": "control-plane-first"})

    assert pinned(followed([], given=given)) == (None, [])


def test_a_family_that_the_run_did_not_know_gets_an_image_that_has_soaked() -> None:
    both = a_member(a_cluster(pools=[a_pool(JUNE), a_pool(f"{WINDOWS}-26100.7462.251212", name="win")]))
    offer = a_region("1.35.5", "1.35.6", images={UBUNTU: "202607.09.0", WINDOWS: "26100.33158.260715"})
    seen_lately = seen({"1.35.6": 30, f"{WINDOWS}-26100.32995.260610": 20, f"{WINDOWS}-26100.33158.260715": 1})
    given = facts(CONSISTENT, [both], a_catalog(offer), policy={"soak": "P7D"}, first_seen=seen_lately)
    run = run_of(
        first_specification(given), UpdateState.COMPLETED, members={"earlier": UpdateState.COMPLETED}, images=[JUNE]
    )

    assert pinned(decide(with_runs(given, run))) == (
        NodeImageSelection.CUSTOM,
        [JUNE, f"{WINDOWS}-26100.32995.260610"],
    )
