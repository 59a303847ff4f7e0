"""What is replayed: a profile with its policies, and the regions and the versions of its clusters."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import Profile
from shared.core.policies.sources import Policies, PolicySources
from tools.replay.node_families import NodeFamily

FLEET = ResourceId.parse(
    "/subscriptions/replay/resourceGroups/replay/providers/Microsoft.ContainerService/fleets/replay"
)
PROFILE = FLEET.child("autoUpgradeProfiles", "replay")


@dataclass(frozen=True, slots=True)
class Scenario:
    """The options of one replay, checked."""

    profile: Profile
    policy_sources: PolicySources
    policies: Policies
    """The same, as the core reads them."""
    regions: tuple[str, ...]
    """In the order in which releases reach them; one cluster is in each."""
    rollout_days: int
    """Business days until the last region has a release."""
    families: tuple[NodeFamily, ...]
    """One pool a cluster for each."""
    start_version: KubernetesVersion | None = None
    """What the clusters are on at the start; None leaves it to the channel."""


def region_names(count: int) -> tuple[str, ...]:
    """`region-1` and so on."""
    return tuple(f"region-{number}" for number in range(1, count + 1))
