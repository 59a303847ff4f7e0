"""What an upgrade does to one cluster: whether it may, in which steps, and the change itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from emulator.journal import Journal
from emulator.releases import RegionOffers
from emulator.releases.versions import numbers
from emulator.state import AgentPool, Estate, ManagedCluster
from emulator.update_runs.execution import Execution

NODE_IMAGE_ONLY, CONTROL_PLANE_ONLY = "NodeImageOnly", "ControlPlaneOnly"


@dataclass(frozen=True)
class Refusal:
    """Why an upgrade cannot be, for now (`is_passing`) or at all, or why it has failed."""

    code: str
    message: str
    is_passing: bool = False


@dataclass(frozen=True)
class PoolStep:
    """What one pool gets; empty texts for nothing."""

    pool: str
    kubernetes_version: str
    image: str


@dataclass(frozen=True)
class Step:
    """Part of an upgrade: how long it takes, and what changes the cluster when it is over."""

    lasts: timedelta
    apply: Callable[[], None]


class Upgrades:
    """Upgrades of clusters, one step at a time."""

    def __init__(self, estate: Estate, journal: Journal, offers: RegionOffers) -> None:
        self._estate = estate
        self._journal = journal
        self._offers = offers

    def pick_images(self, execution: Execution) -> dict[str, str]:
        """Consistent: per family, the lowest of the newest images over the regions of the run's clusters."""
        picked: dict[str, str] = {}
        for member in execution.members():
            cluster = self._estate.clusters.get(member.cluster_id.lower())
            for pool in cluster.pools if cluster is not None else ():
                newest = self._offers.newest_image(cluster.region, pool.family) if cluster is not None else None
                if newest is not None:
                    known = picked.get(pool.family, newest)
                    picked[pool.family] = min(known, newest, key=numbers)
        return picked

    def refusal(self, execution: Execution, cluster: ManagedCluster) -> Refusal | None:
        """What stands in the way of upgrading the cluster, if anything does."""
        if cluster.power_state != "Running":
            return Refusal("ClusterPowerStateNotRunning", f"cluster {cluster.name} is {cluster.power_state}")
        if cluster.provisioning_state == "Failed":
            return Refusal("ClusterInFailedState", f"cluster {cluster.name} is in a failed provisioning state")
        version = execution.kubernetes_version
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
        if not self._offers.offers_version(cluster.region, version, cluster.support_plan):
            return Refusal(
                "K8sVersionNotSupported", f"version {version} is not available in {cluster.region}", is_passing=True
            )
        return None

    def next_step(self, execution: Execution, cluster: ManagedCluster) -> Step | None:
        """The control plane, then one pool after the other; None when nothing is left to do."""
        timing, version = self._estate.timing, execution.kubernetes_version
        if version is not None and numbers(cluster.kubernetes_version) < numbers(version):
            lasts = timedelta(minutes=timing.control_plane_minutes)
            return Step(lasts, lambda: self._apply_control_plane(cluster, version))
        pools = self._pool_steps(execution, cluster)
        if pools:
            return Step(timedelta(minutes=timing.pool_minutes), lambda: self._apply_pool(cluster, pools[0]))
        return None

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
        if execution.upgrade_type == CONTROL_PLANE_ONLY or cluster.node_provisioning == "Auto":
            return []
        steps = [self._pool_step(execution, cluster, pool) for pool in cluster.pools]
        return [step for step in steps if step.kubernetes_version or step.image]

    def _apply_control_plane(self, cluster: ManagedCluster, version: str) -> None:
        before, cluster.kubernetes_version = cluster.kubernetes_version, version
        self._journal.add("clusterVersion", **{"cluster": cluster.id, "from": before, "to": cluster.kubernetes_version})
        self._touch(cluster)

    def _apply_pool(self, cluster: ManagedCluster, step: PoolStep) -> None:
        for pool in cluster.pools:
            if pool.name != step.pool:
                continue
            pool.kubernetes_version = step.kubernetes_version or pool.kubernetes_version
            if step.image:
                before, pool.image = pool.image, step.image
                self._journal.add(
                    "nodeImage", **{"cluster": cluster.id, "pool": pool.name, "from": before, "to": pool.image}
                )
        self._touch(cluster)

    def _pool_step(self, execution: Execution, cluster: ManagedCluster, pool: AgentPool) -> PoolStep:
        version = execution.kubernetes_version or ""
        if version and numbers(pool.kubernetes_version) >= numbers(version):
            version = ""
        wanted = self._image_for(execution, cluster, pool)
        current = pool.image.rpartition("-")[2]
        image = f"{pool.family}-{wanted}" if wanted and numbers(wanted) > numbers(current) else ""
        return PoolStep(pool.name, version, image)

    def _image_for(self, execution: Execution, cluster: ManagedCluster, pool: AgentPool) -> str | None:
        if execution.image_selection == "Latest":
            return None if pool.snapshot_id else self._offers.newest_image(cluster.region, pool.family)
        return execution.images.get(pool.family)

    def _touch(self, cluster: ManagedCluster) -> None:
        cluster.version += 1
        self._estate.touch()
