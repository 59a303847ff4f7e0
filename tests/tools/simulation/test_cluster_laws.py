"""The law that a cluster has one run at a time."""

from __future__ import annotations

import pytest

from tests.tools.simulation.builders import PERSON, Lab, a_run, trigger
from tools.simulation.laws import Broken
from tools.simulation.world.model import Run

IMAGES = trigger("images")


@pytest.fixture
def lab() -> Lab:
    """A run for 1.35.1 is in progress: of its two members, which come one by one, the first is being upgraded."""
    lab = Lab()
    lab.start(trigger(), lab.create(trigger(), a_run()))
    return lab


def start_images(lab: Lab, *skipped: str) -> None:
    lab.azure.offers.images["westeurope"] = "202607.08.0"
    run = lab.create(IMAGES, Run("auto-images", "NodeImageOnly", "", "Consistent", (), "", []))
    lab.azure.skip(IMAGES, run.name, None, skipped)
    lab.start(IMAGES, run)


@pytest.mark.parametrize("skipped", ["m0", "m1"])
def test_a_second_run_on_a_cluster_that_is_upgraded_or_comes_next_breaks_the_law(lab: Lab, skipped: str) -> None:
    with pytest.raises(Broken, match="one run at a time on a cluster"):
        start_images(lab, skipped)


def test_without_the_clusters_of_the_first_it_is_right(lab: Lab) -> None:
    start_images(lab, "m0", "m1")


def test_and_where_the_policy_says_so(lab: Lab) -> None:
    lab.policy("busy-clusters", "upgrade")

    start_images(lab)


def test_what_a_stopping_run_will_not_begin_is_free(lab: Lab) -> None:
    lab.azure.stop(PERSON, "auto-1", None)

    start_images(lab, "m0")


def test_what_a_person_started_may_have_come_after_the_last_read() -> None:
    lab = Lab()
    lab.start(PERSON, lab.create(PERSON, a_run("by-hand")))

    start_images(lab)
