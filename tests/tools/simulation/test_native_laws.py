"""The laws on runs that Fleet generates itself: it takes the newest version that any region offers."""

from __future__ import annotations

import pytest

from tests.tools.simulation.builders import PERSON, Lab, a_run, request, trigger
from tools.simulation.laws import MOST_IN_VAIN, Broken


@pytest.fixture
def lab() -> Lab:
    return Lab()


def test_fleet_that_is_asked_again_and_again_breaks_the_law(lab: Lab) -> None:
    for _ in range(1 + MOST_IN_VAIN):
        lab.azure.generate(trigger(), "shops")

    with pytest.raises(Broken, match="again and again in vain"):
        lab.azure.generate(trigger(), "shops")


def test_people_may_ask_fleet_as_often_as_they_like(lab: Lab) -> None:
    for _ in range(2 + MOST_IN_VAIN):
        lab.azure.generate(request(start=True), "shops")


def test_what_fleet_generates_beside_the_same_run_breaks_the_law(lab: Lab) -> None:
    lab.create(trigger(), a_run("auto-1"))

    with pytest.raises(Broken, match="one run for one specification"):
        lab.azure.generate(trigger(), "shops")


@pytest.mark.parametrize("why", ["another region lacks it", "soak"])
def test_not_where_the_app_did_not_ask_for_that_version(lab: Lab, why: str) -> None:
    if why == "soak":
        lab.policy("soak", "PT30M")
    else:
        lab.azure.clusters["c1"].region = "eastus2"
        lab.azure.offers.versions["eastus2"] = {"1.34.2"}
    lab.create(trigger(), a_run("auto-1"))

    lab.azure.generate(trigger(), "shops")


def test_the_run_of_a_person_is_no_reason_not_to_generate(lab: Lab) -> None:
    lab.create(PERSON, a_run("by-hand"))

    lab.azure.generate(trigger(), "shops")
