"""What a profile asks for, by what the regions offer."""

from __future__ import annotations

from collections.abc import Iterator

from tools.simulation.world.azure import Azure
from tools.simulation.world.model import Cluster, Profile, minor, parts


def scope_of(azure: Azure, profile: Profile) -> Iterator[tuple[Cluster, str]]:
    """The clusters of a profile, each with its member's name."""
    groups = azure.strategies[profile.strategy].groups if profile.strategy else None
    for member in azure.members.values():
        if groups is None or member.group in groups:
            yield azure.clusters[member.cluster], member.name


def target_of(azure: Azure, profile: Profile, regions: str) -> str | None:
    """The version that the profile's channel asks for, if all regions must offer it, or `any`."""
    offered = [azure.offers.versions[region] for region in {each.region for each, _ in scope_of(azure, profile)}]
    candidates = set.union(*offered) if regions == "any" else set.intersection(*offered)
    newest = max(minor(version) for version in candidates)
    wanted = {"Rapid": newest, "Stable": (newest[0], newest[1] - 1)}.get(profile.channel) or parts(profile.target)
    return max((version for version in candidates if minor(version) == wanted), key=parts, default=None)
