"""Reads what regions offer: `kubernetesVersions` once a region, the upgrade profile of one node pool a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from shared.azure.aks.parse_kubernetes_versions import parse_kubernetes_versions
from shared.azure.clients import PerSubscription
from shared.azure.connection import Connection
from shared.azure.json_value import value_at
from shared.azure.parse_values import to_image
from shared.azure.sdk_errors import translated
from shared.azure.threads import TracedThreads
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog
from shared.core.model.catalog_needs import NodePoolReference, RegionNeeds
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.unknown import Unknown, Unparsed
from shared.errors import FleetAutoUpgradeError, ThrottledError

WORKERS = 8

_Kubernetes = Mapping[MinorVersion, OfferedMinor] | Unknown
_Image = NodeImageVersion | Unknown


class ArmCatalogReader:
    """Implements `shared.ports.CatalogReader`."""

    def __init__(self, connection: Connection) -> None:
        self._clients = PerSubscription(connection)

    def read(self, needs: Mapping[str, RegionNeeds]) -> Catalog:
        """Read every region, up to `WORKERS` requests at a time."""
        with TracedThreads(max_workers=WORKERS) as pool:
            pending = {region: self._submit_region(pool, region, wanted) for region, wanted in needs.items()}
        return Catalog({region: _region_catalog(region, *futures) for region, futures in pending.items()})

    def _submit_region(
        self, pool: TracedThreads, region: str, needs: RegionNeeds
    ) -> tuple[Future[_Kubernetes], Mapping[str, Future[_Image]]]:
        kubernetes = pool.submit(self._read_kubernetes, region, needs.subscription)
        return kubernetes, {
            family: pool.submit(self._read_image, family, pools) for family, pools in needs.families.items()
        }

    def _read_kubernetes(self, region: str, subscription: str) -> _Kubernetes:
        try:
            client = self._clients.aks(subscription)
            with translated("list", f"the Kubernetes versions of {region}"):
                content = client.managed_clusters.list_kubernetes_versions(region).as_dict()
        except FleetAutoUpgradeError as error:
            return Unknown(str(error))
        return parse_kubernetes_versions(region, content)

    def _read_image(self, family: str, pools: Sequence[NodePoolReference]) -> _Image:
        """Read the pools in turn until one reports an image: a pool may be deleted, or moved to another family."""
        failures: list[str] = []
        for pool in pools:
            try:
                image = self._read_pool(family, pool)
            except ThrottledError as error:
                return Unknown(str(error))
            except FleetAutoUpgradeError as error:
                image = Unknown(str(error))
            if not isinstance(image, Unknown):
                return image
            failures.append(image.why)
        return Unknown(f"the newest image of {family} could not be read: {'; '.join(failures) or 'no pool has it'}")

    def _read_pool(self, family: str, pool: NodePoolReference) -> _Image:
        cluster = pool.cluster_id
        client = self._clients.aks(cluster.subscription)
        with translated("read", f"the upgrade profile of node pool {pool.pool} in {cluster}"):
            profile = client.agent_pools.get_upgrade_profile(cluster.resource_group, cluster.name, pool.pool)
        newest = to_image(value_at(profile.as_dict(), "properties", "latestNodeImageVersion"))
        where = f"node pool {pool.pool} of {cluster.name}"
        if newest is None:
            return Unknown(f"{where} names no newest image")
        if isinstance(newest, Unparsed):
            return Unknown(f'{where} names "{newest.text}", which is no node image')
        return newest.version if newest.family == family else _moved(where, newest)


def _moved(where: str, image: NodeImage) -> Unknown:
    return Unknown(f"{where} has moved to the family {image.family}")


def _region_catalog(
    region: str, kubernetes: Future[_Kubernetes], images: Mapping[str, Future[_Image]]
) -> RegionCatalog:
    return RegionCatalog(region, kubernetes.result(), {family: image.result() for family, image in images.items()})
