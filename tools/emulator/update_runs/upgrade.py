"""What an upgrade does to one cluster: whether it may, in which steps, and the change itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tools.emulator.aks.busy import operation_in_progress
from tools.emulator.aks.os_limits import os_refusal
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import AgentPool, Estate, ManagedCluster
from tools.emulator.update_runs.execution import Execution
from tools.emulator.update_runs.patches import image_order, patched_image
from tools.releases import minor_of, numbers

NODE_IMAGE_ONLY, CONTROL_PLANE_ONLY = "NodeImageOnly", "ControlPlaneOnly"
UPGRADING, UPGRADING_IMAGE = "Upgrading", "UpgradingNodeImageVersion"

_SEE_TRACKER = "see https://releases.aks.azure.com"
ROLLING_STARTED, ROLLING_SUCCEEDED, ROLLING_FAILED = "RollingStarted", "RollingSucceeded", "RollingFailed"
"""The changes of a node pool that events report."""


@dataclass(frozen=True)
class Refusal:
    """Why an upgrade cannot be, for now or at all, or why it has failed."""

    code: str
    message: str


@dataclass(frozen=True)
class PoolStep:
    """What one pool gets; empty texts for nothing."""

    pool: str
    kubernetes_version: str
    image: str

    @property
    def state(self) -> str:
        """The pool's provisioning state meanwhile."""
        return UPGRADING if self.kubernetes_version else UPGRADING_IMAGE


@dataclass(frozen=True)
class Step:
    """Part of an upgrade: how long it takes, and what happens to the cluster when it begins, succeeds or fails.

    `state` is the cluster's provisioning state meanwhile. UNVERIFIED: that it is that of its pool where a pool gets an
    image alone.
    """

    lasts: timedelta
    state: str
    succeed: Callable[[], None]
    begin: Callable[[], None] = lambda: None
    fail: Callable[[], None] = lambda: None


class Upgrades:
    """Upgrades of clusters, one step at a time."""

    def __init__(self, estate: Estate, journal: Journal, offers: RegionOffers) -> None:
        self._estate = estate
        self._journal = journal
        self._offers = offers
        self.on_pool: Callable[[str, ManagedCluster, str], None] = lambda _what, _cluster, _pool: None
        """Called with what happens to a node pool: `ROLLING_STARTED`, `ROLLING_SUCCEEDED` or `ROLLING_FAILED`."""

    def pick_images(self, execution: Execution) -> dict[str, str]:
        """Consistent: per family, the lowest of the newest images over the regions of the run's clusters.

        A family that has no image in one of them has none in common.
        """
        newest: dict[str, list[str | None]] = {}
        for member in execution.members():
            cluster = self._estate.clusters.get(member.cluster_id.lower())
            for pool in _movable(cluster) if cluster is not None else ():
                region = cluster.region if cluster is not None else ""
                newest.setdefault(pool.family, []).append(self._offers.newest_image(region, pool.family))
        picked: dict[str, str] = {}
        for family, images in newest.items():
            known = [image for image in images if image is not None]
            if len(known) == len(images):
                picked[family] = min(known, key=numbers)
        return picked

    def refusal(self, execution: Execution, cluster: ManagedCluster) -> Refusal | None:
        """Why the cluster cannot be upgraded at all, if so. UNVERIFIED: the codes and the words."""
        if cluster.power_state != "Running":
            return Refusal("ClusterPowerStateNotRunning", f"cluster {cluster.name} is {cluster.power_state}")
        if cluster.provisioning_state == "Failed":
            return Refusal("ClusterInFailedState", f"cluster {cluster.name} is in a failed provisioning state")
        version = self._version(execution, cluster)
        if version is None or numbers(version) == numbers(cluster.kubernetes_version):
            return None
        wanted, current = numbers(version), numbers(cluster.kubernetes_version)
        if wanted < current:
            return Refusal("DowngradeNotAllowed", f"{cluster.name} is on {cluster.kubernetes_version}, above {version}")
        if wanted[1] - current[1] > 1:
            return Refusal(
                "UpgradeSkipsMinor",
                f"{cluster.name} is on {cluster.kubernetes_version}, more than one minor below {version}",
            )
        return None

    def nothing_to_do(self, execution: Execution, cluster: ManagedCluster) -> str:
        """Why the cluster is to be skipped; an empty text if it is not.

        With Consistent, a node pool whose family had no image in common when the run started leaves its cluster out.
        UNVERIFIED: the words, and that a cluster on the run's Kubernetes version still gets its images in a Full run.
        """
        if execution.image_selection == "Consistent" and self._upgrades_pools(execution, cluster):
            unknown = [pool.name for pool in _movable(cluster) if pool.family not in execution.images]
            if unknown:
                return f"no target node image version was found for agent pool(s) {', '.join(unknown)}."
        if self.next_step(execution, cluster) is None:
            return "already at or ahead of the target."
        return ""

    def missing(self, execution: Execution, cluster: ManagedCluster) -> Refusal | None:
        """What the cluster's region does not offer yet, if there is something: the version, or the image of a pool."""
        version = self._version(execution, cluster)
        if (
            version is not None
            and numbers(cluster.kubernetes_version) < numbers(version)
            and not self._offers.offers_version(cluster.region, version, cluster.support_plan)
        ):
            return Refusal(
                "K8sVersionNotSupported",
                f'target Kubernetes version "{execution.kubernetes_version}" is not available in region '
                f'"{cluster.region}", {_SEE_TRACKER}',
            )
        steps = [] if execution.patched_on else self._pool_steps(execution, cluster)  # patches are in every region
        missing = [step for step in steps if self._lacks_image(cluster, step)]
        if not missing:
            return None
        return Refusal(
            "NodeImageVersionNotAvailable",
            f'target upgrade node image version "{missing[0].image}" for agent pool {missing[0].pool} '
            f'is not available in region "{cluster.region}", {_SEE_TRACKER}',
        )

    def refused_by_aks(self, execution: Execution, cluster: ManagedCluster) -> Refusal | None:
        """The error of AKS when the upgrade is to begin, if there is one.

        Another operation is in progress on the cluster (github.com/Azure/AKS issue 5733), or an operating system of a
        pool does not exist for the Kubernetes version. UNVERIFIED: that AKS checks the pools before it upgrades the
        control plane, and upgrades a control plane alone beyond an operating system's last version.
        """
        message = operation_in_progress(cluster)
        if message:
            return Refusal("OperationNotAllowed", message)
        upgraded = {step.pool for step in self._pool_steps(execution, cluster) if step.kubernetes_version}
        for pool in cluster.pools:
            refusal = os_refusal(pool, self._version(execution, cluster) or "") if pool.name in upgraded else None
            if refusal is not None:
                return Refusal(refusal.code, refusal.message)
        return None

    def pools_at_target(self, execution: Execution, cluster: ManagedCluster) -> str:
        """What is said at the end of pools whose image the run leaves alone because it is new enough."""
        if not self._upgrades_pools(execution, cluster):
            return ""
        said = [
            f'current node image version "{pool.image}" of agent pool "{pool.name}" '
            f'is already at or ahead of target upgrade version "{pool.family}-{wanted}"'
            for pool in _movable(cluster)
            if (wanted := self._image_for(execution, cluster, pool)) is not None
            and image_order(wanted) <= image_order(pool.image_version)
        ]
        return f"Skipped upgrade of following agent pool(s): {'; '.join(said)}." if said else ""

    def next_step(self, execution: Execution, cluster: ManagedCluster) -> Step | None:
        """The control plane, then one pool after the other; None when nothing is left to do."""
        timing, version = self._estate.timing, self._version(execution, cluster)
        if version is not None and numbers(cluster.kubernetes_version) < numbers(version):
            lasts = timedelta(minutes=timing.control_plane_minutes)
            return Step(lasts, UPGRADING, lambda: self._apply_control_plane(cluster, version))
        pools = self._pool_steps(execution, cluster)
        if not pools:
            return None
        removes_snapshot = execution.image_selection != "Latest"
        return Step(
            timedelta(minutes=timing.pool_minutes),
            pools[0].state,
            succeed=lambda: self._upgrade_pool(cluster, pools[0], removes_snapshot=removes_snapshot),
            begin=lambda: self._begin_pool(cluster, pools[0]),
            fail=lambda: self._set_pool(cluster, pools[0].pool, "Failed", ROLLING_FAILED),
        )

    def ordered_failure(self, cluster: ManagedCluster) -> Refusal | None:
        """Why this upgrade fails, if the control plane has ordered that it does; one less of them is left then.

        UNVERIFIED: the code and the words.
        """
        if cluster.failures.times == 0:
            return None
        cluster.failures.times -= 1
        return Refusal(
            "UpgradeFailed",
            f"upgrade of cluster {cluster.name} failed: node drain failed because of a PodDisruptionBudget",
        )

    def _pool_steps(self, execution: Execution, cluster: ManagedCluster) -> list[PoolStep]:
        """What is to be done to the pools; none for a run of control planes, or for node auto-provisioning."""
        if not self._upgrades_pools(execution, cluster):
            return []
        steps = [self._pool_step(execution, cluster, pool) for pool in _movable(cluster)]
        return [step for step in steps if step.kubernetes_version or step.image]

    def _version(self, execution: Execution, cluster: ManagedCluster) -> str | None:
        """The full version that the run brings to a cluster; None for a run of node images.

        A minor version means its newest patch in the cluster's region, and nothing to a cluster that has a patch of it,
        as for AKS itself (learn.microsoft.com/azure/aks/supported-kubernetes-versions). UNVERIFIED: in update runs.
        """
        wanted, current = execution.kubernetes_version, cluster.kubernetes_version
        if wanted is None or wanted != minor_of(wanted):
            return wanted
        if minor_of(current) == wanted:
            return current
        offered = [
            patch
            for minor in self._offers.minors(cluster.region)
            for patch in minor.patches
            if minor.minor == wanted and self._offers.offers_version(cluster.region, patch, cluster.support_plan)
        ]
        return offered[-1] if offered else f"{wanted}.0"

    def _lacks_image(self, cluster: ManagedCluster, step: PoolStep) -> bool:
        family, _, image = step.image.rpartition("-")
        newest = self._offers.newest_image(cluster.region, family) if image else None
        return bool(image) and (newest is None or numbers(newest) < numbers(image))

    def _upgrades_pools(self, execution: Execution, cluster: ManagedCluster) -> bool:
        return execution.upgrade_type != CONTROL_PLANE_ONLY and cluster.node_provisioning != "Auto"

    def _apply_control_plane(self, cluster: ManagedCluster, version: str) -> None:
        before, cluster.kubernetes_version = cluster.kubernetes_version, version
        self._journal.add("clusterVersion", **{"cluster": cluster.id, "from": before, "to": cluster.kubernetes_version})
        self._touch(cluster)

    def _begin_pool(self, cluster: ManagedCluster, step: PoolStep) -> None:
        self._set_pool(cluster, step.pool, step.state, ROLLING_STARTED)

    def _upgrade_pool(self, cluster: ManagedCluster, step: PoolStep, *, removes_snapshot: bool) -> None:
        """The pool takes version and image; UNVERIFIED: that a run with Custom images removes a snapshot too."""
        for pool in cluster.pools:
            if pool.name != step.pool:
                continue
            pool.kubernetes_version = step.kubernetes_version or pool.kubernetes_version
            if step.image:
                before, pool.image = pool.image, step.image
                pool.snapshot_id = None if removes_snapshot else pool.snapshot_id
                self._journal.add(
                    "nodeImage", **{"cluster": cluster.id, "pool": pool.name, "from": before, "to": pool.image}
                )
        self._set_pool(cluster, step.pool, "Succeeded", ROLLING_SUCCEEDED)

    def _set_pool(self, cluster: ManagedCluster, name: str, state: str, event: str) -> None:
        for pool in cluster.pools:
            if pool.name == name:
                pool.provisioning_state = state
        self._touch(cluster)
        self.on_pool(event, cluster, name)

    def _pool_step(self, execution: Execution, cluster: ManagedCluster, pool: AgentPool) -> PoolStep:
        version = self._version(execution, cluster) or ""
        if version and numbers(pool.kubernetes_version) >= numbers(version):
            version = ""
        wanted = self._image_for(execution, cluster, pool)
        is_below = wanted is not None and image_order(wanted) > image_order(pool.image_version)
        image = f"{pool.family}-{wanted}" if is_below else ""
        return PoolStep(pool.name, version, image)

    def _image_for(self, execution: Execution, cluster: ManagedCluster, pool: AgentPool) -> str | None:
        if execution.patched_on:
            return patched_image(pool, execution.patched_on)
        if execution.image_selection == "Latest":
            return None if pool.snapshot_id else self._offers.newest_image(cluster.region, pool.family)
        return execution.images.get(pool.family)

    def _touch(self, cluster: ManagedCluster) -> None:
        cluster.version += 1
        self._estate.touch()


def _movable(cluster: ManagedCluster) -> list[AgentPool]:
    return [pool for pool in cluster.pools if pool.is_movable]
