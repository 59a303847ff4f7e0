"""What regions offer: one `kubernetesVersions` call a region, one agent pool a region and family."""

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
        """Ask every region, several questions at a time."""
        with TracedThreads(max_workers=WORKERS) as pool:
            asked = {region: self._ask_region(pool, region, wanted) for region, wanted in needs.items()}
        return Catalog({region: _answer(region, *questions) for region, questions in asked.items()})

    def _ask_region(
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
        """Ask the pools in turn until one answers: a pool may be gone, or have moved on to another family."""
        failures: list[str] = []
        for pool in pools:
            try:
                answer = self._ask_pool(family, pool)
            except ThrottledError as error:
                return Unknown(str(error))
            except FleetAutoUpgradeError as error:
                answer = Unknown(str(error))
            if not isinstance(answer, Unknown):
                return answer
            failures.append(answer.why)
        return Unknown(f"the newest image of {family} was not to be had: {'; '.join(failures) or 'no pool has it'}")

    def _ask_pool(self, family: str, pool: NodePoolReference) -> _Image:
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


def _answer(region: str, kubernetes: Future[_Kubernetes], images: Mapping[str, Future[_Image]]) -> RegionCatalog:
    return RegionCatalog(region, kubernetes.result(), {family: image.result() for family, image in images.items()})
