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
from shared.azure.threads import TracedThreads
from shared.capture import Capture, unknown
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog
from shared.core.model.catalog_needs import NodePoolReference, RegionNeeds
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Unknown
from shared.errors import FleetAutoUpgradeError, ThrottledError

WORKERS = 8

_Kubernetes = Mapping[MinorVersion, OfferedMinor] | Unknown
_Image = NodeImageVersion | Unknown


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
        kubernetes = pool.submit(self._read_kubernetes, region, needs.subscription, capture)
        return kubernetes, {
            family: pool.submit(self._read_image, region, family, pools, capture)
            for family, pools in needs.families.items()
        }

    def _read_kubernetes(self, region: str, subscription: str, capture: Capture | None) -> _Kubernetes:
        minors: _Kubernetes
        try:
            client = self._clients.aks(subscription)
            with translated("list", f"the Kubernetes versions of {region}"):
                content: JsonObject = client.managed_clusters.list_kubernetes_versions(region).as_dict()
        except FleetAutoUpgradeError as error:
            content, minors = {}, Unknown(str(error))
        else:
            minors = parse_kubernetes_versions(region, content)
        if capture is not None:
            listed = unknown(minors.why) if isinstance(minors, Unknown) else KUBERNETES_VERSIONS_FIELDS.of(content)
            capture.kubernetes_versions(region, listed)
        return minors

    def _read_image(
        self, region: str, family: str, pools: Sequence[NodePoolReference], capture: Capture | None
    ) -> _Image:
        content, image = self._find_image(family, pools)
        if capture is not None:
            body = unknown(image.why) if isinstance(image, Unknown) else UPGRADE_PROFILE_FIELDS.of(content)
            capture.upgrade_profile(region, family, body)
        return image

    def _find_image(self, family: str, pools: Sequence[NodePoolReference]) -> tuple[JsonObject, _Image]:
        """Read the pools in turn until one reports an image: a pool may be deleted, or moved to another family."""
        failures: list[str] = []
        for pool in pools:
            try:
                content = self._read_pool(pool)
            except ThrottledError as error:
                return {}, Unknown(str(error))
            except FleetAutoUpgradeError as error:
                failures.append(str(error))
                continue
            image = parse_upgrade_profile(family, f"node pool {pool.pool} of {pool.cluster_id.name}", content)
            if not isinstance(image, Unknown):
                return content, image
            failures.append(image.why)
        why = f"the newest image of {family} could not be read: {'; '.join(failures) or 'no pool has it'}"
        return {}, Unknown(why)

    def _read_pool(self, pool: NodePoolReference) -> JsonObject:
        cluster = pool.cluster_id
        client = self._clients.aks(cluster.subscription)
        with translated("read", f"the upgrade profile of node pool {pool.pool} in {cluster}"):
            return client.agent_pools.get_upgrade_profile(cluster.resource_group, cluster.name, pool.pool).as_dict()


def _region_catalog(
    region: str, kubernetes: Future[_Kubernetes], images: Mapping[str, Future[_Image]]
) -> RegionCatalog:
    return RegionCatalog(region, kubernetes.result(), {family: image.result() for family, image in images.items()})
