"""What a region lists as its Kubernetes versions: unknown is never taken for nothing."""

import pytest

from shared.azure.aks.parse_kubernetes_versions import parse_kubernetes_versions
from shared.core.model.catalog import OfferedMinor, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.unknown import Unknown
from tests.app.azure.bodies import minor
from tests.app.azure.wire_server import Json

BOTH: list[Json] = ["KubernetesOfficial", "AKSLongTermSupport"]


def offered(*minors: Json) -> dict[MinorVersion, OfferedMinor]:
    known = parse_kubernetes_versions("westus2", {"values": list(minors)})
    assert not isinstance(known, Unknown), known.why
    return dict(known)


def test_minors_come_with_their_plans_and_patches() -> None:
    known = offered(minor("1.33", "1.33.10", "1.33.5", plans=BOTH, isDefault=True), minor("1.30", "1.30.9"))
    assert known == {
        MinorVersion(1, 33): OfferedMinor(
            MinorVersion(1, 33),
            frozenset(SupportPlan),
            is_preview=False,
            patches=frozenset({KubernetesVersion(1, 33, 10), KubernetesVersion(1, 33, 5)}),
        ),
        MinorVersion(1, 30): OfferedMinor(
            MinorVersion(1, 30),
            frozenset({SupportPlan.KUBERNETES_OFFICIAL}),
            is_preview=False,
            patches=frozenset({KubernetesVersion(1, 30, 9)}),
        ),
    }


@pytest.mark.parametrize(("flag", "preview"), [(None, False), (False, False), (True, True), ("false", True)])
def test_a_minor_is_no_preview_only_if_it_plainly_is_none(flag: Json, preview: bool) -> None:
    assert offered(minor("1.36", "1.36.0", isPreview=flag))[MinorVersion(1, 36)].is_preview is preview


@pytest.mark.parametrize("plans", [["AKSEternalSupport", 7], "KubernetesOfficial", {}])
def test_a_plan_this_app_does_not_know_makes_no_version_usable(plans: Json) -> None:
    assert offered(minor("1.33", "1.33.5", plans=plans))[MinorVersion(1, 33)].support_plans == frozenset()


@pytest.mark.parametrize("patches", [None, {}])
def test_a_minor_may_have_no_patches(patches: Json) -> None:
    assert offered({"version": "1.37", "patchVersions": patches})[MinorVersion(1, 37)].patches == frozenset()


@pytest.mark.parametrize("content", [{}, {"values": None}, {"values": []}, {"value": [minor("1.33", "1.33.5")]}])
def test_an_empty_list_is_unknown(content: dict[str, Json]) -> None:
    assert parse_kubernetes_versions("westus2", content) == Unknown("westus2 listed no Kubernetes version at all")


@pytest.mark.parametrize(
    ("odd", "named"),
    [
        (minor("1.34", "1.34.1", "1.34.2-alpha"), 'a patch of 1.34 in no known form: "1.34.2-alpha"'),
        (minor("1.34.1", "1.34.1"), "a minor version in no known form"),
        (minor(None, "1.34.1"), "a minor version in no known form"),
        ("1.34", "a minor version in no known form: 1.34"),
        ({"version": "1.34", "patchVersions": ["1.34.1"]}, "the patches of 1.34 in no known form: ['1.34.1']"),
    ],
)
def test_one_version_in_no_known_form_makes_the_region_unknown_and_is_named(odd: Json, named: str) -> None:
    known = parse_kubernetes_versions("westus2", {"values": [minor("1.33", "1.33.5"), odd]})
    assert isinstance(known, Unknown)
    assert known.why.startswith("westus2 lists ")
    assert named in known.why


def test_a_list_in_no_known_form_is_unknown() -> None:
    known = parse_kubernetes_versions("westus2", {"values": "1.33"})
    assert known == Unknown("westus2 lists its Kubernetes versions in no known form: 1.33")


def test_two_entries_of_one_minor_are_merged_if_they_differ_in_patches_alone() -> None:
    known = offered(minor("1.34", "1.34.1"), minor("1.34", "1.34.2"))

    assert known[MinorVersion(1, 34)].patches == {KubernetesVersion(1, 34, 1), KubernetesVersion(1, 34, 2)}


@pytest.mark.parametrize(
    "other", [minor("1.34", "1.34.2", isPreview=True), minor("1.34", "1.34.2", plans=["AKSLongTermSupport"])]
)
def test_two_entries_of_one_minor_that_contradict_each_other_make_the_region_unknown(other: Json) -> None:
    entries = [minor("1.34", "1.34.1"), other]
    for values in (entries, entries[::-1]):
        known = parse_kubernetes_versions("westus2", {"values": list(values)})

        assert known == Unknown("westus2 lists 1.34 twice, with different support plans or preview flags")
