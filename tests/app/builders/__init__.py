"""Builders: everything has a default, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.core.facts import Facts
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.fleet import (
    Cluster,
    FixedPool,
    Fleet,
    Member,
    NodePool,
    UnsupportedCluster,
    UpdateGroup,
    UpdateStage,
    UpdateStrategy,
)
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.run_record import Intent, RunRecords
from shared.core.model.unknown import Absent, Unknown, Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.policies.sources import PolicySources
from shared.core.releases.releases import FirstSeen, image_key, version_key
from shared.core.releases.soak import Soak
from shared.core.runs.specification import RunSpecification

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
    from_snapshot: bool = False,
    os_sku: str = "",
    provisioning_state: str | None = None,
) -> NodePool:
    """A pool; without a version it gets its cluster's."""
    parsed = KubernetesVersion.parse(version) if isinstance(version, str) else version
    known = NodeImage.parse(image) if isinstance(image, str) else image
    return NodePool(name, parsed, known, from_snapshot, os_sku, provisioning_state)


def a_cluster(
    version: str | Unparsed = "1.35.5",
    *,
    name: str = "one",
    region: str = "westus2",
    plan: SupportPlan = SupportPlan.KUBERNETES_OFFICIAL,
    stopped: bool = False,
    pools: Iterable[NodePool] | None = None,
    fixed_pools: Iterable[FixedPool] = (),
    provisioning_state: str = "Succeeded",
    auto_provisioning: bool = False,
    upgrade_channel: str = "",
    node_os_upgrade_channel: str = "",
    windows: Iterable[str] | Unknown | None = None,
) -> Cluster:
    """A cluster with one pool of the same version; its maintenance windows were not read."""
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
        node_pools=tuple(replace(pool, kubernetes_version=pool.kubernetes_version or parsed) for pool in own),
        fixed_pools=tuple(fixed_pools),
        provisioning_state=provisioning_state,
        has_node_auto_provisioning=auto_provisioning,
        upgrade_channel=upgrade_channel,
        node_os_upgrade_channel=node_os_upgrade_channel,
        maintenance_windows=windows if windows is None or isinstance(windows, Unknown) else frozenset(windows),
    )


def a_member(
    cluster: Cluster | UnsupportedCluster | Unknown | None = None,
    *,
    name: str = "one",
    group: str | None = "all",
    state: str = "Succeeded",
    labels: Mapping[str, str] | None = None,
) -> Member:
    """A joined member."""
    cluster = a_cluster(name=name) if cluster is None else cluster
    return Member(name, group, state, a_cluster(name=name).id, cluster, labels or {})


def a_region(
    *patches: str,
    name: str = "westus2",
    plans: Mapping[str, frozenset[SupportPlan]] | None = None,
    previews: Iterable[str] = (),
    images: Mapping[str, str | Absent | Unknown] | None = None,
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
    name: str = "someone-elses",
    state: UpdateState | Unparsed = UpdateState.RUNNING,
    *,
    version: str | MinorVersion | Unparsed | None = "1.35.6",
    upgrade_type: UpgradeType = UpgradeType.FULL,
    selection: NodeImageSelection | Unparsed | None = NodeImageSelection.LATEST,
    images: Iterable[str | Unparsed] = (),
    strategy: str | None = None,
    profile: Profile | None = None,
    members: Mapping[str, UpdateState | Unparsed] | None = None,
    completed_at: datetime | None = None,
) -> UpdateRun:
    """An update run in the fleet."""
    return UpdateRun(
        id=FLEET.child("updateRuns", name),
        upgrade_type=upgrade_type,
        state=state,
        kubernetes_version=KubernetesVersion.parse(version) if isinstance(version, str) else version,
        node_image_selection=selection,
        node_images=frozenset(NodeImage.parse(image) if isinstance(image, str) else image for image in images),
        update_strategy_id=FLEET.child("updateStrategies", strategy) if strategy else None,
        auto_upgrade_profile_id=profile.id if profile else None,
        member_states=members or {},
        completed_at=completed_at,
        etag='"1"',
    )


def a_strategy(*groups: str, name: str = "strategy") -> UpdateStrategy:
    """A strategy with one stage over the groups."""
    return UpdateStrategy(
        FLEET.child("updateStrategies", name), (UpdateStage(tuple(UpdateGroup(group) for group in groups)),)
    )


def run_of(
    specification: RunSpecification,
    state: UpdateState | Unparsed = UpdateState.RUNNING,
    *,
    members: Mapping[str, UpdateState | Unparsed] | None = None,
    completed_at: datetime | None = None,
    images: Iterable[str | Unparsed] | None = None,
) -> UpdateRun:
    """The run as it stands in the fleet once it was generated; with the images that Fleet picked, if any are given."""
    picked = [str(image) for image in specification.node_images] if images is None else images
    version = specification.kubernetes_version
    run = a_run(
        specification.name,
        state,
        version=str(version) if version else None,
        upgrade_type=specification.upgrade_type,
        selection=specification.node_image_selection,
        images=picked,
        members=members,
        completed_at=completed_at,
    )
    return replace(run, update_strategy_id=specification.update_strategy_id)


def a_soak(days: float = 0, first_seen: FirstSeen | None = None, *, now: datetime = NOW) -> Soak:
    """A soak of some days; none by default."""
    return Soak(timedelta(days=days), now, first_seen or {})


def seen(
    days_ago: Mapping[str, float],
    *,
    region: str = "westus2",
    plan: SupportPlan = SupportPlan.KUBERNETES_OFFICIAL,
) -> dict[str, Mapping[str, datetime]]:
    """How many days before `NOW` versions (such as `1.35.6`) and images were first seen in a region."""
    keys = {
        name: image_key(name) if "-" in name else version_key(KubernetesVersion.parse(name), plan) for name in days_ago
    }
    return {region: {keys[name]: NOW - timedelta(days=days) for name, days in days_ago.items()}}


def facts(
    profile: Profile | None = None,
    members: Iterable[Member] | None = None,
    catalog: Catalog | None = None,
    *,
    runs: Iterable[UpdateRun] = (),
    records: RunRecords | None = None,
    strategies: Iterable[UpdateStrategy] = (),
    other_profiles: Iterable[Profile] = (),
    policy: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
    first_seen: FirstSeen | None = None,
    waiting_since: datetime | None = None,
    now: datetime = NOW,
    on_demand: Intent | None = None,
    is_preview: bool = False,
) -> Facts:
    """Facts on one profile: by default one cluster that is one patch behind.

    Args:
        profile: the profile to decide.
        members: the fleet's members.
        catalog: what the regions offer.
        runs: the fleet's update runs.
        records: the app's records of them.
        strategies: the fleet's update strategies.
        other_profiles: profiles of the same fleet.
        policy: policies by key, for the whole fleet; the same as tags with `auto-upgrade.` before the key.
        tags: the fleet's tags in full.
        settings: the app's defaults by key.
        overrides: the values of a preview request by key.
        first_seen: when releases were first seen.
        waiting_since: since when the profile waits for busy clusters.
        now: the time.
        on_demand: what a person asked for.
        is_preview: whether the app uses Fleet's preview.
    """
    profile = profile or a_profile()
    fleet = Fleet(
        id=FLEET,
        tags={f"auto-upgrade.{key}": value for key, value in (policy or {}).items()} | dict(tags or {}),
        members=tuple([a_member()] if members is None else members),
        strategies={strategy.id: strategy for strategy in strategies},
        profiles=(profile, *other_profiles),
        update_runs=tuple(runs),
        is_preview=is_preview,
    )
    return Facts(
        profile,
        fleet,
        catalog or a_catalog(),
        now,
        records or {},
        policy_sources=PolicySources(settings or {}, overrides or {}),
        first_seen=first_seen or {},
        waiting_since={} if waiting_since is None else {profile.id: waiting_since},
        on_demand=on_demand,
    )


def with_runs(given: Facts, *runs: UpdateRun, records: RunRecords | None = None) -> Facts:
    """The same facts with these runs in the fleet, and with these records of them."""
    return replace(given, fleet=replace(given.fleet, update_runs=runs), run_records=records or {})


def not_started(run: str, since: datetime) -> bool:
    """Fleet shows no run as started."""
    return False
