"""Builders: everything has a default, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from shared.core.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.facts import Facts, RunRecord
from shared.core.fleet import Cluster, Fleet, Member, NodePool, UpdateStrategy
from shared.core.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.node_image import NodeImage, NodeImageVersion
from shared.core.profile import Channel, NodeImageSelection, Profile
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unknown, Unparsed
from shared.core.update_run import UpdateRun, UpdateState, UpgradeType

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
UBUNTU = "AKSUbuntu-2204gen2containerd"
WINDOWS = "AKSWindows-2025-containerd"
FLEET = ResourceId.parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail")
OFFICIAL = frozenset({SupportPlan.KUBERNETES_OFFICIAL})
LTS_ONLY = frozenset({SupportPlan.AKS_LONG_TERM_SUPPORT})
BOTH_PLANS = OFFICIAL | LTS_ONLY


def a_profile(
    channel: Channel | Unparsed = Channel.RAPID,
    *,
    name: str = "profile",
    strategy: str | None = None,
    selection: NodeImageSelection | Unparsed | None = None,
    target: str | Unparsed | None = None,
    long_term_support: bool = False,
    disabled: bool = False,
) -> Profile:
    """A profile of the fleet."""
    return Profile(
        id=FLEET.child("autoUpgradeProfiles", name),
        channel=channel,
        update_strategy_id=FLEET.child("updateStrategies", strategy) if strategy else None,
        node_image_selection=selection,
        target_kubernetes_version=MinorVersion.parse(target) if isinstance(target, str) else target,
        long_term_support=long_term_support,
        disabled=disabled,
    )


def a_pool(
    image: str | Unparsed | None = f"{UBUNTU}-202607.09.0",
    *,
    name: str = "system",
    version: str | Unparsed | None = None,
) -> NodePool:
    """A pool; without a version it gets its cluster's."""
    parsed = KubernetesVersion.parse(version) if isinstance(version, str) else version
    return NodePool(name, parsed, NodeImage.parse(image) if isinstance(image, str) else image)


def a_cluster(
    version: str | Unparsed = "1.35.5",
    *,
    name: str = "one",
    region: str = "westus2",
    plan: SupportPlan = SupportPlan.KUBERNETES_OFFICIAL,
    stopped: bool = False,
    pools: Iterable[NodePool] | None = None,
) -> Cluster:
    """A cluster with one pool of its own version."""
    parsed = KubernetesVersion.parse(version) if isinstance(version, str) else version
    own = [a_pool(version=version)] if pools is None else list(pools)
    return Cluster(
        id=ResourceId.parse(
            f"/subscriptions/s/resourcegroups/g/providers/Microsoft.ContainerService/managedClusters/{name}"
        ),
        region=region,
        kubernetes_version=parsed,
        support_plan=plan,
        is_stopped=stopped,
        node_pools=tuple(NodePool(pool.name, pool.kubernetes_version or parsed, pool.image) for pool in own),
    )


def a_member(
    cluster: Cluster | Unknown | None = None, *, name: str = "one", group: str | None = "all", state: str = "Succeeded"
) -> Member:
    """A joined member."""
    cluster = a_cluster(name=name) if cluster is None else cluster
    return Member(name, group, state, a_cluster(name=name).id, cluster)


def a_region(
    *patches: str,
    name: str = "westus2",
    plans: Mapping[str, frozenset[SupportPlan]] | None = None,
    previews: Iterable[str] = (),
    images: Mapping[str, str | Unknown] | None = None,
) -> RegionCatalog:
    """A region that offers the patches, on the official plan where not said otherwise, and images by family."""
    versions = [KubernetesVersion.parse(patch) for patch in patches]
    minors = {
        minor: OfferedMinor(
            minor,
            (plans or {}).get(str(minor), OFFICIAL),
            str(minor) in set(previews),
            frozenset(version for version in versions if version.minor_version == minor),
        )
        for minor in {version.minor_version for version in versions}
    }
    offered = {UBUNTU: "202607.09.0"} if images is None else images
    parsed = {
        family: NodeImageVersion.parse(image) if isinstance(image, str) else image for family, image in offered.items()
    }
    return RegionCatalog(name, minors, parsed)


def a_catalog(*regions: RegionCatalog) -> Catalog:
    """The regions' catalogs together; one with two patches of 1.35 if none is given."""
    return Catalog({region.region: region for region in regions or (a_region("1.35.5", "1.35.6"),)})


def a_run(
    name: str = "somebody-elses",
    state: UpdateState | Unparsed = UpdateState.RUNNING,
    *,
    version: str | None = "1.35.6",
    upgrade_type: UpgradeType = UpgradeType.FULL,
    selection: NodeImageSelection | None = NodeImageSelection.LATEST,
    images: Iterable[str] = (),
    strategy: str | None = None,
    profile: Profile | None = None,
    members: Mapping[str, UpdateState | Unparsed] | None = None,
) -> UpdateRun:
    """An update run in the fleet."""
    return UpdateRun(
        id=FLEET.child("updateRuns", name),
        upgrade_type=upgrade_type,
        state=state,
        kubernetes_version=KubernetesVersion.parse(version) if version else None,
        node_image_selection=selection,
        node_images=frozenset(NodeImage.parse(image) for image in images),
        update_strategy_id=FLEET.child("updateStrategies", strategy) if strategy else None,
        auto_upgrade_profile_id=profile.id if profile else None,
        member_states=members or {},
        etag='"1"',
    )


def a_strategy(*groups: str, name: str = "strategy") -> UpdateStrategy:
    """A strategy over the groups."""
    return UpdateStrategy(FLEET.child("updateStrategies", name), frozenset(groups))


def facts(
    profile: Profile | None = None,
    members: Iterable[Member] | None = None,
    catalog: Catalog | None = None,
    *,
    runs: Iterable[UpdateRun] = (),
    records: Mapping[str, RunRecord] | None = None,
    strategies: Iterable[UpdateStrategy] = (),
    on_demand: bool = False,
) -> Facts:
    """Facts on one profile: by default one cluster that is one patch behind."""
    profile = profile or a_profile()
    fleet = Fleet(
        id=FLEET,
        members=tuple([a_member()] if members is None else members),
        strategies={strategy.id: strategy for strategy in strategies},
        profiles=(profile,),
        update_runs=tuple(runs),
    )
    return Facts(profile, fleet, catalog or a_catalog(), NOW, records or {}, on_demand=on_demand)
