"""What regions offer: one `kubernetesVersions` call a region, one agent pool a region and family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from shared.azure.clients import PerSubscription
from shared.azure.connection import Connection
from shared.azure.json_value import JsonObject, flag_at, object_at, objects_at, text_at
from shared.azure.sdk_errors import translated
from shared.core.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan, offer_of
from shared.core.catalog_needs import NodePoolReference, RegionNeeds
from shared.core.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.node_image import NodeImage, NodeImageVersion
from shared.core.unknown import Unknown
from shared.errors import FleetAutoUpgradeError, NotFoundError

WORKERS = 4


class ArmCatalogReader:
    """Implements `shared.ports.CatalogReader`."""

    def __init__(self, connection: Connection) -> None:
        self._clients = PerSubscription(connection)

    def read(self, needs: Mapping[str, RegionNeeds]) -> Catalog:
        """Ask every region, several at a time."""
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            regions = pool.map(lambda item: self._read_region(*item), needs.items())
        return Catalog({region.region: region for region in regions})

    def _read_region(self, region: str, needs: RegionNeeds) -> RegionCatalog:
        return RegionCatalog(
            region,
            self._read_kubernetes(region, needs.subscription),
            {family: self._read_image(family, pools) for family, pools in needs.families.items()},
        )

    def _read_kubernetes(self, region: str, subscription: str) -> Mapping[MinorVersion, OfferedMinor] | Unknown:
        client = self._clients.aks(subscription)
        try:
            with translated("list", f"Kubernetes versions of {region}"):
                content = client.managed_clusters.list_kubernetes_versions(region).as_dict()
            return offer_of(region, [parse_minor(minor) for minor in objects_at(content, "values")])
        except FleetAutoUpgradeError as error:
            return Unknown(str(error))

    def _read_image(self, family: str, pools: Sequence[NodePoolReference]) -> NodeImageVersion | Unknown:
        """Ask the pools in turn; one that is gone is no answer, anything else that goes wrong is the answer."""
        for pool in pools:
            try:
                return self._ask_pool(family, pool)
            except NotFoundError:
                continue
            except FleetAutoUpgradeError as error:
                return Unknown(str(error))
        return Unknown(f"none of the node pools with {family} exists any more")

    def _ask_pool(self, family: str, pool: NodePoolReference) -> NodeImageVersion | Unknown:
        cluster = pool.cluster_id
        client = self._clients.aks(cluster.subscription)
        with translated("read", f"the upgrade profile of node pool {pool.pool} in {cluster}"):
            profile = client.agent_pools.get_upgrade_profile(cluster.resource_group, cluster.name, pool.pool)
        newest = text_at(profile.as_dict(), "properties", "latestNodeImageVersion")
        if newest is None:
            return Unknown(f"node pool {pool.pool} of {cluster.name} names no newest image")
        image = NodeImage.parse(newest)
        if image.family != family:
            return Unknown(f"node pool {pool.pool} of {cluster.name} has moved from {family} to {image.family}")
        return image.version


def parse_minor(content: JsonObject) -> OfferedMinor:
    """A minor as `kubernetesVersions` lists it; `isPreview` is left out when false.

    Raises:
        InvalidInputError: a version in it has no known form; then nothing of the region is used.
    """
    plans = object_at(content, "capabilities").get("supportPlan")
    return OfferedMinor(
        minor=MinorVersion.parse(text_at(content, "version") or ""),
        support_plans=frozenset(plan for plan in SupportPlan if isinstance(plans, list) and plan.value in plans),
        is_preview=flag_at(content, "isPreview"),
        patches=frozenset(KubernetesVersion.parse(patch) for patch in object_at(content, "patchVersions")),
    )
