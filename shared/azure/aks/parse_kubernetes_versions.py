"""Parses the list `kubernetesVersions` of a region."""

from __future__ import annotations

from collections.abc import Mapping

from shared.azure.json_value import JsonObject, object_at, possible_flag_at, shown, value_at
from shared.azure.parse_values import NOT_GIVEN, to_minor, to_version
from shared.azure.projection import Projection
from shared.core.model.catalog import OfferedMinor, SupportPlan, offer_of
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.unknown import Unknown

KUBERNETES_VERSIONS_FIELDS = Projection(
    "values[].version",
    "values[].isPreview",
    "values[].capabilities.supportPlan",
    "values[].patchVersions{}",
)
"""The fields of a region's list that are read here."""


def parse_kubernetes_versions(region: str, content: JsonObject) -> Mapping[MinorVersion, OfferedMinor] | Unknown:
    """The minors of the region. One version in no known form makes all of it `Unknown`: it may be the newest.

    The list's key is `values`, unlike in ARM's other lists; fields that are false or empty are absent.
    """
    listed = value_at(content, "values")
    if listed is not None and not isinstance(listed, list):
        return Unknown(f"{region} lists its Kubernetes versions in no known form: {shown(listed)}")
    minors: list[OfferedMinor] = []
    for item in listed or []:
        minor = _parse_minor(item)
        if isinstance(minor, Unknown):
            return Unknown(f"{region} lists {minor.why}")
        minors.append(minor)
    return offer_of(region, minors)


def _parse_minor(item: object) -> OfferedMinor | Unknown:
    minor = to_minor(value_at(item, "version"))
    if not isinstance(minor, MinorVersion):
        return Unknown(f"a minor version in no known form: {shown(item)}")
    listed = value_at(item, "patchVersions")
    if listed is not None and not isinstance(listed, Mapping):
        return Unknown(f"the patches of {minor} in no known form: {shown(listed)}")
    patches: set[KubernetesVersion] = set()
    for text in listed or {}:
        patch = to_version(text) or NOT_GIVEN
        if not isinstance(patch, KubernetesVersion):
            return Unknown(f'a patch of {minor} in no known form: "{patch.text}"')
        patches.add(patch)
    return OfferedMinor(minor, _plans(item), possible_flag_at(item, "isPreview"), frozenset(patches))


def _plans(item: object) -> frozenset[SupportPlan]:
    """The support plans that this app knows; others are ignored."""
    named = object_at(item, "capabilities").get("supportPlan")
    return frozenset(plan for plan in SupportPlan if isinstance(named, list) and plan.value in named)
