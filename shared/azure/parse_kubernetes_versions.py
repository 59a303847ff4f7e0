"""What a region lists as its Kubernetes versions."""

from __future__ import annotations

from collections.abc import Mapping

from shared.azure.arm_json import Json, items_at, parsed_or_missing, shown, value_at
from shared.core.catalog import OfferedMinor, SupportPlan, offer_of
from shared.core.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.unknown import Unknown, Unparsed


def parse_kubernetes_versions(region: str, body: Json) -> Mapping[MinorVersion, OfferedMinor] | Unknown:
    """The minors by version. One version that cannot be parsed makes all of it `Unknown`: it may be the newest.

    The list is under `values`, unlike every other list of ARM's; keys that are false or empty are left out.
    """
    minors: list[OfferedMinor] = []
    for listed in items_at(body, "values"):
        minor = _parse_minor(listed)
        if isinstance(minor, Unknown):
            return Unknown(f"{region} lists {minor.why}")
        minors.append(minor)
    return offer_of(region, minors)


def _parse_minor(listed: Json) -> OfferedMinor | Unknown:
    minor = parsed_or_missing(value_at(listed, "version"), MinorVersion.parse)
    if isinstance(minor, Unparsed):
        return Unknown(f"a minor version that cannot be parsed: {shown(listed)}")
    patch_versions = value_at(listed, "patchVersions")
    if patch_versions is not None and not isinstance(patch_versions, dict):
        return Unknown(f"patches of {minor} that cannot be parsed: {shown(patch_versions)}")
    patches = [parsed_or_missing(patch, KubernetesVersion.parse) for patch in patch_versions or {}]
    unparsed = next((patch for patch in patches if isinstance(patch, Unparsed)), None)
    if unparsed is not None:
        return Unknown(f"a patch of {minor} that cannot be parsed: {unparsed.text}")
    return OfferedMinor(
        minor=minor,
        support_plans=_plans(listed),
        is_preview=value_at(listed, "isPreview") not in (None, False),
        patches=frozenset(patch for patch in patches if isinstance(patch, KubernetesVersion)),
    )


def _plans(listed: Json) -> frozenset[SupportPlan]:
    """The plans this app knows; any other makes no version usable that these do not."""
    known = {plan.value for plan in SupportPlan}
    named = items_at(listed, "capabilities", "supportPlan")
    return frozenset(SupportPlan(plan) for plan in named if isinstance(plan, str) and plan in known)
