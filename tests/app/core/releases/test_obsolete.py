"""Releases that no decision will ask for again: not offered, seen long ago, and surpassed where they are images."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.core.facts import Facts
from shared.core.lag import lag_of
from shared.core.model.catalog import RegionCatalog
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Absent, Unknown
from shared.core.planner import decide
from shared.core.policies.rules import MAXIMUM_SOAK
from shared.core.policies.sources import PolicySources
from shared.core.releases.obsolete import obsolete_releases
from tests.app.builders import NOW, UBUNTU, a_region, seen
from tests.app.core.laws import law_with_chance

OFFERED = a_region("1.35.6", images={UBUNTU: "202607.09.0"})
OLD, NEWER = f"{UBUNTU}-202503.02.0", f"{UBUNTU}-202506.09.0"


def obsolete(days_ago: Mapping[str, float], catalog: RegionCatalog = OFFERED) -> set[str]:
    """The names of those of the releases that are obsolete."""
    first_seen = seen(days_ago)["westus2"]
    found = obsolete_releases(catalog, first_seen, NOW, MAXIMUM_SOAK)
    return {name for name, key in zip(days_ago, first_seen, strict=True) if key in found}


@pytest.mark.parametrize(("days", "is_obsolete"), [(90, False), (90.01, True), (1000, True)])
def test_a_version_that_is_not_offered_is_known_for_90_days(days: float, *, is_obsolete: bool) -> None:
    assert obsolete({"1.34.2": days}) == ({"1.34.2"} if is_obsolete else set())


def test_what_is_offered_is_known_for_ever() -> None:
    assert obsolete({"1.35.6": 1000, f"{UBUNTU}-202607.09.0": 1000}) == set()


def test_of_a_region_that_could_not_be_read_everything_stays_known() -> None:
    assert obsolete({"1.34.2": 1000}, replace(OFFERED, kubernetes=Unknown("503"))) == set()


@pytest.mark.parametrize(("newer", "is_obsolete"), [(364.9, False), (365, True)])
def test_an_image_is_known_until_a_newer_one_has_soaked_for_as_long_as_a_policy_may_say(
    newer: float, *, is_obsolete: bool
) -> None:
    assert obsolete({OLD: 500, NEWER: newer}) == ({OLD} if is_obsolete else set())


def test_the_last_image_that_has_soaked_is_known() -> None:
    assert obsolete({OLD: 500}) == set()
    assert obsolete({NEWER: 400, OLD: 500}) == {OLD}


def test_an_image_above_the_one_that_is_offered_was_withdrawn_and_surpasses_none() -> None:
    assert obsolete({f"{UBUNTU}-202608.01.0": 400, OLD: 500}) == set()


@pytest.mark.parametrize("newest", [Absent(), Unknown("503")])
def test_of_a_family_whose_newest_image_is_not_known_every_image_stays_known(newest: Absent | Unknown) -> None:
    assert obsolete({OLD: 500, NEWER: 400}, a_region("1.35.6", images={UBUNTU: newest})) == set()


def test_a_family_whose_name_begins_alike_is_another_one() -> None:
    assert obsolete({f"{UBUNTU}-fips-202503.02.0": 500, NEWER: 400}) == set()


def with_older_releases(situation: Facts, chance: random.Random) -> Facts:
    """The situation some years later: a soak, and further releases that were seen once."""
    first_seen: dict[str, dict[str, datetime]] = {}
    for region in situation.catalog.regions.values():
        known = dict(situation.first_seen.get(region.region, {}))
        families = [name for name, image in region.node_images.items() if isinstance(image, NodeImageVersion)]
        for _ in range(8):
            at = NOW - timedelta(days=chance.choice((1, 80, 91, 200, 364, 366, 700)))
            known[f"KubernetesVersion 1.{chance.randrange(27, 37)}.{chance.randrange(9)} KubernetesOfficial"] = at
            if families:
                image = f"{chance.choice(families)}-20{chance.randrange(2501, 2609)}.01.0"
                known[f"NodeImage {image}"] = at
        first_seen[region.region] = known
    soak = {"soak": chance.choice(("PT0S", "P7D", "P90D", "P365D"))}
    return replace(situation, first_seen=first_seen, policy_sources=PolicySources(overrides=soak))


@law_with_chance
def test_no_decision_and_no_lag_depends_on_what_is_obsolete(situation: Facts, chance: random.Random) -> None:
    given = with_older_releases(situation, chance)
    obsolete_in = {
        name: obsolete_releases(given.catalog.of(name), found, given.now, MAXIMUM_SOAK)
        for name, found in given.first_seen.items()
    }
    kept = {
        name: {key: at for key, at in found.items() if key not in obsolete_in[name]}
        for name, found in given.first_seen.items()
    }
    removed = replace(given, first_seen=kept)

    decision = decide(given)
    assert decide(removed) == decision
    assert lag_of(decision, given.fleet, given.catalog, kept) == lag_of(
        decision, given.fleet, given.catalog, given.first_seen
    )


def test_the_law_is_about_something() -> None:
    found = {"westus2": seen({OLD: 500, NEWER: 400, "1.34.2": 91})["westus2"]}

    assert len(obsolete_releases(OFFERED, found["westus2"], NOW, MAXIMUM_SOAK)) == 2
