"""An evaluation shares what it read of the regions with the profiles that it found due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.core.model.catalog import Catalog, RegionCatalog
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import Channel, Profile
from shared.core.model.run_record import Intent
from shared.core.model.unknown import Unknown
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.shared_catalogs import SHARED_FOR
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene, a_catalog, a_member


def evaluated() -> UseCaseScene:
    scene = UseCaseScene()
    scene.evaluate()
    assert scene.azure.catalog_reads == 1
    return scene


def test_profiles_that_an_evaluation_found_due_read_no_catalog_again() -> None:
    scene = evaluated()
    others = [Profile(FLEET.child("autoUpgradeProfiles", f"p{number}"), Channel.RAPID) for number in range(20)]
    scene.azure.fleet = replace(scene.azure.fleet, profiles=(*scene.azure.fleet.profiles, *others))

    for profile in scene.azure.fleet.profiles:
        act_on_profile(scene.services, profile.id)

    assert scene.azure.catalog_reads == 1
    assert scene.azure.started


def test_a_profile_that_is_acted_on_late_reads_them_again() -> None:
    scene = evaluated()
    scene.azure.time += SHARED_FOR + timedelta(seconds=1)

    act_on_profile(scene.services, PROFILE)

    assert scene.azure.catalog_reads == 2


def test_the_next_evaluation_replaces_what_is_shared() -> None:
    scene = evaluated()
    scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")
    scene.evaluate()

    target = act_on_profile(scene.services, PROFILE).decision.target

    assert target is not None
    assert target.kubernetes_version == KubernetesVersion(1, 35, 7)


def test_a_person_gets_what_the_regions_offer_now() -> None:
    scene = evaluated()

    act_on_profile(scene.services, PROFILE, Intent.REVIEW)

    assert scene.azure.catalog_reads == 2


def test_a_region_or_family_that_is_not_shared_is_read() -> None:
    scene = evaluated()
    catalog = scene.azure.catalog
    scene.set_members(a_member("one"), a_member("far", region="eastus"))
    scene.azure.catalog = Catalog({**catalog.regions, **a_catalog("1.35.5", "1.35.6", region="eastus").regions})

    assert act_on_profile(scene.services, PROFILE).started
    assert scene.azure.catalog_reads == 2

    scene.ledger.catalogs["westus2"] = (replace(catalog.regions["westus2"], node_images={}), scene.azure.time)
    act_on_profile(scene.services, PROFILE)
    assert scene.azure.catalog_reads == 3


def test_what_could_not_be_read_is_not_shared() -> None:
    scene = UseCaseScene(a_member("one"), a_member("far", region="eastus"))
    known = scene.azure.catalog.regions["westus2"]
    scene.azure.catalog = Catalog({"westus2": known, "eastus": RegionCatalog("eastus", Unknown("503"))})
    scene.set_tags(regions="any")
    scene.evaluate()

    act_on_profile(scene.services, PROFILE)

    assert "eastus" not in scene.ledger.catalogs
    assert scene.azure.catalog_reads == 2
