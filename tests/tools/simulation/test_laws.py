"""Each law is broken by what it forbids, and not by what is right: a judge that sees nothing proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest

from tests.tools.simulation.builders import IMAGE, PERSON, Lab, a_run, request, trigger
from tools.simulation.laws import IMAGES_ARE_KNOWN_AFTER, MOST_IN_VAIN, Broken
from tools.simulation.world.azure import Actor
from tools.simulation.world.model import Refused, Run


@pytest.fixture
def lab() -> Lab:
    return Lab()


def test_two_runs_with_the_same_content_break_the_law(lab: Lab) -> None:
    lab.create(trigger(), a_run("auto-1"))

    with pytest.raises(Broken, match="one run for one specification"):
        lab.create(trigger(), a_run("auto-2"))


def test_a_run_after_a_finished_one_or_for_another_profile_or_image_is_right(lab: Lab) -> None:
    first = lab.create(trigger(), a_run("auto-1"))
    lab.create(trigger("others"), a_run("auto-2"))
    lab.start(trigger(), first)
    lab.wait(1200)
    assert first.state == "Completed"

    lab.create(trigger(), a_run("auto-3"))
    lab.create(trigger(), a_run("images-1", "", "NodeImageOnly"))
    lab.azure.offers.images["westeurope"] = "202607.08.0"
    lab.create(trigger(), a_run("images-2", "", "NodeImageOnly"))


def test_two_runs_for_the_same_node_images_break_the_law_once_it_is_certain_which_they_are_for(lab: Lab) -> None:
    lab.azure.offers.images_changed_at = lab.time
    lab.create(trigger(), a_run("images-1", "", "NodeImageOnly"))
    lab.create(trigger(), a_run("images-2", "", "NodeImageOnly"))
    lab.wait(IMAGES_ARE_KNOWN_AFTER + 1)
    lab.create(trigger(), a_run("images-3", "", "NodeImageOnly"))

    with pytest.raises(Broken, match="one run for one specification"):
        lab.create(trigger(), a_run("images-4", "", "NodeImageOnly"))


def test_a_run_like_one_that_a_person_deleted_is_right_and_a_second_one_is_not(lab: Lab) -> None:
    first = lab.create(trigger(), a_run("auto-1"))
    lab.azure.delete(PERSON, first)
    lab.create(trigger(), a_run("auto-2"))

    with pytest.raises(Broken, match="one run for one specification"):
        lab.create(trigger(), a_run("auto-1"))


@pytest.mark.parametrize("policy", ["wait", "replace"])
def test_a_second_unfinished_run_of_a_profile_breaks_the_law(lab: Lab, policy: str) -> None:
    lab.policy("active-run", policy)
    lab.start(trigger(), lab.create(trigger(), a_run("auto-1")))
    second = lab.create(trigger(), a_run("auto-2", "1.34.2"))

    with pytest.raises(Broken, match="one unfinished run a profile"):
        lab.start(trigger(), second)


def test_a_second_unfinished_run_is_right_where_the_policy_ignores_the_first_or_the_profile_differs(lab: Lab) -> None:
    lab.start(trigger(), lab.create(trigger(), a_run("auto-1")))
    lab.start(trigger("others"), lab.create(trigger("others"), a_run("auto-2", "1.34.2")))
    lab.policy("active-run", "ignore")

    lab.start(trigger(), lab.create(trigger(), a_run("auto-3", "1.34.2")))


@pytest.mark.parametrize("creator", [PERSON, request(start=False)])
def test_a_trigger_that_starts_a_run_for_review_breaks_the_law(lab: Lab, creator: Actor) -> None:
    run = lab.create(creator, a_run())

    with pytest.raises(Broken, match="a review run is never started by a trigger"):
        lab.start(trigger(), run)


def test_a_run_of_a_trigger_is_for_review_where_the_policy_says_so(lab: Lab) -> None:
    lab.policy("start", "manual")
    lab.time = 1.0
    run = lab.create(trigger(began_at=1.0), a_run())

    with pytest.raises(Broken, match="a review run is never started by a trigger"):
        lab.start(trigger(), run)


def test_a_run_for_review_may_be_started_by_request_or_by_a_person(lab: Lab) -> None:
    lab.start(request(start=True), lab.create(request(start=False), a_run("auto-1")))
    lab.start(PERSON, lab.create(PERSON, a_run("by-hand")))


def test_more_restarts_than_the_policy_allows_break_the_law(lab: Lab) -> None:
    lab.policy("retry", "1")
    run = lab.create(trigger(), a_run())
    lab.fail(run, trigger())
    lab.fail(run, trigger())

    with pytest.raises(Broken, match="restarts never pass the policy"):
        lab.start(trigger(), run)


def test_a_trigger_that_starts_what_a_person_stopped_breaks_the_law(lab: Lab) -> None:
    run = lab.create(trigger(), a_run())
    lab.start(trigger(), run)
    lab.azure.stop(PERSON, run.name, None)
    lab.wait(600)
    assert run.state == "Stopped"

    with pytest.raises(Broken, match="a person's stop is respected"):
        lab.start(trigger(), run)


def test_what_a_person_stopped_and_started_again_may_be_restarted(lab: Lab) -> None:
    lab.policy("retry", "1")
    run = lab.create(trigger(), a_run())
    lab.start(trigger(), run)
    lab.azure.stop(PERSON, run.name, None)
    lab.wait(600)
    lab.azure.clusters["c1"].failures = 1
    lab.start(PERSON, run)
    lab.wait(600)
    assert run.state == "Failed"

    lab.start(trigger(), run)


def test_a_stop_that_no_policy_asks_for_breaks_the_law(lab: Lab) -> None:
    run = lab.create(trigger(), a_run())
    lab.start(trigger(), run)

    with pytest.raises(Broken, match="a run is stopped only by policy"):
        lab.azure.stop(trigger(), run.name, None)


DAY = 86_400.0
FROZEN = "2026-08-03/2026-08-04"
"""The two days after the one on which the simulation begins."""


@pytest.mark.parametrize("deed", ["create", "start", "stop"])
def test_what_is_done_in_a_freeze_breaks_the_law(lab: Lab, deed: str) -> None:
    lab.policy("freeze", FROZEN)
    lab.policy("active-run", "replace")
    run = a_run()
    if deed != "create":
        lab.create(trigger(), run)
    if deed == "stop":
        lab.start(trigger(), run)
    lab.time = DAY
    actor = trigger(began_at=DAY)

    with pytest.raises(Broken, match="a freeze is respected"):
        {"create": lab.azure.create, "start": _start(lab), "stop": _stop(lab)}[deed](actor, run)


def test_what_is_done_before_or_after_a_freeze_or_by_a_person_is_right(lab: Lab) -> None:
    lab.policy("freeze", FROZEN)
    lab.create(trigger(), a_run("auto-1"))
    lab.time = DAY
    lab.create(PERSON, a_run("by-hand"))
    lab.create(trigger("others", began_at=3600.0), a_run("auto-2"))  # it began before the freeze
    lab.policy("freeze", "none")

    lab.create(trigger("third", began_at=DAY), a_run("auto-3"))


def test_a_start_with_a_cluster_whose_region_does_not_offer_the_version_breaks_the_law(lab: Lab) -> None:
    lab.azure.offers.versions["eastus2"], lab.azure.offers.images["eastus2"] = {"1.34.2"}, IMAGE
    lab.azure.clusters["c1"].region = "eastus2"

    with pytest.raises(Broken, match="a cluster that cannot be upgraded is skipped"):
        lab.start(trigger(), lab.create(trigger(), a_run()))


def test_a_cluster_is_to_reach_what_its_region_offers_where_any_region_is_enough(lab: Lab) -> None:
    lab.azure.offers.versions["eastus2"] = {"1.34.2"}
    lab.azure.clusters["c1"].region = "eastus2"
    lab.laws.check_end()
    lab.policy("regions", "any")

    with pytest.raises(Broken, match=r"c0 is 1.34.2.* should be 1.35.1"):
        lab.laws.check_end()
    lab.azure.clusters["c0"].version = lab.azure.clusters["c0"].node_version = "1.35.1"
    lab.laws.check_end()


def test_the_second_stage_waits_for_an_approval_and_so_does_the_profile(lab: Lab) -> None:
    lab.azure.strategies["staged"].needs_approval = True
    lab.azure.members["m1"].group = "b"
    lab.azure.profiles["shops"].strategy = "staged"
    run = a_run()
    run.strategy = "staged"
    lab.start(trigger(), lab.create(trigger(), run))
    lab.wait(3600)
    assert (run.state, run.approval) == ("Pending", "Pending")
    assert [cluster.version for cluster in lab.azure.clusters.values()] == ["1.35.1", "1.34.2"]
    lab.laws.check_end()

    lab.azure.approve(run)
    lab.wait(3600)

    assert run.state == "Completed"
    assert [cluster.version for cluster in lab.azure.clusters.values()] == ["1.35.1", "1.35.1"]


@pytest.mark.parametrize(("starts", "waits"), [(False, True), (True, False)])
def test_a_run_for_review_that_the_app_stopped_waits_for_a_person_again(lab: Lab, *, starts: bool, waits: bool) -> None:
    lab.policy("active-run", "replace")
    run = lab.create(request(start=starts), a_run())
    lab.start(PERSON, run)
    lab.azure.stop(trigger(), run.name, None)
    lab.wait(600)
    assert run.state == "Stopped"
    for cluster in lab.azure.clusters.values():
        cluster.version = cluster.node_version = "1.34.2"

    with nullcontext() if waits else pytest.raises(Broken, match=r"should be 1.35.1"):
        lab.laws.check_end()


@pytest.mark.parametrize("unfit", ["stopped", "failed"])
def test_a_start_with_a_cluster_that_cannot_be_upgraded_breaks_the_law(lab: Lab, unfit: str) -> None:
    cluster = lab.azure.clusters["c1"]
    cluster.is_stopped, cluster.state = unfit == "stopped", "Failed" if unfit == "failed" else "Succeeded"
    run = lab.create(trigger(), a_run())

    with pytest.raises(Broken, match="a cluster that cannot be upgraded is skipped"):
        lab.start(trigger(), run)


def test_a_start_without_that_cluster_or_before_it_was_stopped_is_right(lab: Lab) -> None:
    cluster = lab.azure.clusters["c1"]
    cluster.is_stopped = True
    run = lab.create(trigger(), a_run())
    lab.azure.skip(trigger(), run.name, None, ["m1"])
    lab.start(trigger(), run)
    cluster.changed_at = 5.0

    lab.start(trigger("others"), lab.create(trigger("others"), a_run("auto-2", "1.34.2")))


def test_a_write_that_is_refused_again_and_again_breaks_the_law(lab: Lab) -> None:
    for _ in range(MOST_IN_VAIN):
        with pytest.raises(Refused):
            lab.azure.create(trigger(), _with_unknown_strategy())

    with pytest.raises(Broken, match="in vain"):
        lab.azure.create(trigger(), _with_unknown_strategy())


def test_a_cluster_below_its_target_at_the_end_breaks_the_law(lab: Lab) -> None:
    with pytest.raises(Broken, match=r"shops \(Rapid\): c0 is 1.34.2.* should be 1.35.1"):
        lab.laws.check_end()

    lab.start(trigger(), lab.create(trigger(), a_run()))
    lab.wait(1200)
    lab.laws.check_end()


def test_node_images_below_the_newest_at_the_end_break_the_law(lab: Lab) -> None:
    lab.azure.profiles["shops"].channel = "NodeImage"
    lab.laws.check_end()
    lab.azure.offers.images["westeurope"] = "202607.08.0"

    with pytest.raises(Broken, match=f"image {IMAGE}; it should be image 202607.08.0"):
        lab.laws.check_end()


@pytest.mark.parametrize("reason", ["disabled", "manual", "review", "stopped", "failed", "far", "skip"])
def test_a_profile_that_cannot_be_brought_to_its_target_is_excused(lab: Lab, reason: str) -> None:
    match reason:
        case "disabled":
            lab.azure.profiles["shops"].disabled = True
        case "manual":
            lab.policy("start", "manual")
        case "review":
            lab.create(PERSON, a_run())
        case "stopped":
            run = lab.create(trigger(), a_run())
            lab.start(trigger(), run)
            lab.azure.stop(PERSON, run.name, None)
            lab.wait(600)
        case "failed":
            lab.fail(lab.create(trigger(), a_run()), trigger())
        case "skip":
            lab.policy("split", "control-plane-first")
            lab.azure.skip(PERSON, lab.create(trigger(), a_run(kind="ControlPlaneOnly")).name, None, ["m0", "m1"])
        case "far":
            for cluster in lab.azure.clusters.values():
                cluster.version = cluster.node_version = "1.33.5"

    lab.laws.check_end()


def test_a_member_that_a_person_skipped_before_the_start_of_its_run_of_images_is_excused(lab: Lab) -> None:
    lab.azure.profiles["shops"].channel = "NodeImage"
    lab.azure.offers.images["westeurope"] = "202607.08.0"
    run = lab.create(trigger(), a_run("images-1", "", "NodeImageOnly"))
    lab.azure.skip(PERSON, run.name, None, ["m0"])
    lab.start(trigger(), run)
    lab.wait(1200)

    lab.laws.check_end()


@pytest.mark.parametrize(
    "policies",
    [{"freeze": "2026-08-02/2026-08-02"}, {"generator": "native", "split": "control-plane-first"}],
    ids=["freeze", "policies that exclude each other"],
)
@pytest.mark.parametrize("channel", ["Rapid", "NodeImage"])
def test_a_profile_that_policies_hold_is_excused(lab: Lab, policies: dict[str, str], channel: str) -> None:
    lab.azure.profiles["shops"].channel = channel
    lab.azure.offers.images["westeurope"] = "202607.08.0"
    for key, value in policies.items():
        lab.policy(key, value)

    lab.laws.check_end()


def _start(lab: Lab) -> Callable[[Actor, Run], object]:
    return lambda actor, run: lab.azure.start(actor, run.name, None)


def _stop(lab: Lab) -> Callable[[Actor, Run], object]:
    return lambda actor, run: lab.azure.stop(actor, run.name, None)


def _with_unknown_strategy() -> Run:
    run = a_run()
    run.strategy = "unknown"
    return run
