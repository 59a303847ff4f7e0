"""Reads what regions offer: `kubernetesVersions` once a region, the upgrade profile of one node pool a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from shared.azure.aks.parse_kubernetes_versions import KUBERNETES_VERSIONS_FIELDS, parse_kubernetes_versions
from shared.azure.aks.parse_upgrade_profile import UPGRADE_PROFILE_FIELDS, parse_upgrade_profile
from shared.azure.clients import PerSubscription
from shared.azure.connection import Connection
from shared.azure.json_value import JsonObject
from shared.azure.sdk_errors import translated
from shared.capture import Capture, unknown
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog
from shared.core.model.catalog_needs import NodePoolReference, RegionNeeds
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Absent, Unknown
from shared.errors import FleetAutoUpgradeError, NotFoundError, ThrottledError
from shared.threads import TracedThreads

WORKERS = 16

_Kubernetes = Mapping[MinorVersion, OfferedMinor] | Unknown
_Image = NodeImageVersion | Absent | Unknown

_WITHOUT_IMAGE: JsonObject = {"properties": {"latestNodeImageVersion": None}}
"""The facts of a family without an image, also where its node pools do not exist any more."""


class ArmCatalogReader:
    """Implements `shared.ports.CatalogReader`."""

    def __init__(self, connection: Connection) -> None:
        self._clients = PerSubscription(connection)

    def read(self, needs: Mapping[str, RegionNeeds], capture: Capture | None = None) -> Catalog:
        """Read every region, up to `WORKERS` requests at a time."""
        with TracedThreads(max_workers=WORKERS) as pool:
            pending = {region: self._submit_region(pool, region, wanted, capture) for region, wanted in needs.items()}
        return Catalog({region: _region_catalog(region, *futures) for region, futures in pending.items()})

    def _submit_region(
        self, pool: TracedThreads, region: str, needs: RegionNeeds, capture: Capture | None
    ) -> tuple[Future[_Kubernetes], Mapping[str, Future[_Image]]]:
        subscriptions = (needs.subscription, *needs.other_subscriptions)
        kubernetes = pool.submit(self._read_kubernetes, region, subscriptions, capture)
        return kubernetes, {
            family: pool.submit(self._read_image, region, family, pools, capture)
            for family, pools in needs.families.items()
        }

    def _read_kubernetes(self, region: str, subscriptions: Sequence[str], capture: Capture | None) -> _Kubernetes:
        content = self._find_versions(region, subscriptions)
        minors = content if isinstance(content, Unknown) else parse_kubernetes_versions(region, content)
        if capture is not None:
            body = {} if isinstance(content, Unknown) else KUBERNETES_VERSIONS_FIELDS.of(content)
            capture.kubernetes_versions(region, unknown(minors.why) if isinstance(minors, Unknown) else body)
        return minors

    def _find_versions(self, region: str, subscriptions: Sequence[str]) -> JsonObject | Unknown:
        """Ask in the subscriptions in turn until one answers: in another one the app may have no permission."""
        failures: list[str] = []
        for subscription in subscriptions:
            client = self._clients.aks(subscription)
            try:
                with translated("list", f"the Kubernetes versions of {region}"):
                    return client.managed_clusters.list_kubernetes_versions(region).as_dict()
            except ThrottledError as error:
                return Unknown(str(error))
            except FleetAutoUpgradeError as error:
                failures.append(str(error))
        return Unknown("; ".join(dict.fromkeys(failures)))

    def _read_image(
        self, region: str, family: str, pools: Sequence[NodePoolReference], capture: Capture | None
    ) -> _Image:
        content, image = self._find_image(family, pools)
        if capture is not None:
            body = unknown(image.why) if isinstance(image, Unknown) else UPGRADE_PROFILE_FIELDS.of(content)
            capture.upgrade_profile(region, family, _WITHOUT_IMAGE if isinstance(image, Absent) else body)
        return image

    def _find_image(self, family: str, pools: Sequence[NodePoolReference]) -> tuple[JsonObject, _Image]:
        """Read the pools in turn until one reports an image: a pool may be deleted, or moved to another family.

        The family is `Absent` if AKS named no image for one of them, or if none of them exists any more.
        """
        failures: list[str] = []
        is_absent = False
        for pool in pools:
            try:
                content = self._read_pool(pool)
            except ThrottledError as error:
                return {}, Unknown(str(error))
            except NotFoundError:
                continue
            except FleetAutoUpgradeError as error:
                failures.append(str(error))
                continue
            image = parse_upgrade_profile(family, f"node pool {pool.pool} of {pool.cluster_id.name}", content)
            if isinstance(image, NodeImageVersion):
                return content, image
            if isinstance(image, Unknown):
                failures.append(image.why)
            is_absent = is_absent or isinstance(image, Absent)
        if is_absent or not failures:
            return {}, Absent()
        return {}, Unknown(f"the newest image of {family} could not be read: {'; '.join(failures)}")

    def _read_pool(self, pool: NodePoolReference) -> JsonObject:
        cluster = pool.cluster_id
        client = self._clients.aks(cluster.subscription)
        with translated("read", f"the upgrade profile of node pool {pool.pool} in {cluster}"):
            return client.agent_pools.get_upgrade_profile(cluster.resource_group, cluster.name, pool.pool).as_dict()


def _region_catalog(
    region: str, kubernetes: Future[_Kubernetes], images: Mapping[str, Future[_Image]]
) -> RegionCatalog:
    return RegionCatalog(region, kubernetes.result(), {family: image.result() for family, image in images.items()})
