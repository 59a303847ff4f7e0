"""The events AKS publishes about a cluster."""

from __future__ import annotations

import secrets
from datetime import datetime

from tools.emulator.arm.values import json_time
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import Estate, ManagedCluster
from tools.json_value import Json
from tools.releases import OFFICIAL


def new_version_events(estate: Estate, offers: RegionOffers, region: str, now: datetime) -> list[dict[str, Json]]:
    """One `NewKubernetesVersionAvailable` for each cluster in the region, in the schema of Event Grid."""
    data = _data(offers, region)
    return [
        _event(cluster, "NewKubernetesVersionAvailable", {**data}, now)
        for cluster in estate.clusters.values()
        if cluster.region == region
    ]


def pool_event(cluster: ManagedCluster, what: str, pool: str, now: datetime) -> dict[str, Json]:
    """`NodePoolRollingStarted`, `…Succeeded` or `…Failed`; `what` is the name without `NodePool`."""
    return _event(cluster, f"NodePool{what}", {"nodePoolName": pool}, now)


def _event(cluster: ManagedCluster, name: str, data: dict[str, Json], now: datetime) -> dict[str, Json]:
    return {
        "id": secrets.token_hex(20),
        "topic": cluster.id,
        "subject": cluster.name,
        "eventType": f"Microsoft.ContainerService.{name}",
        "eventTime": json_time(now),
        "data": data,
        "dataVersion": "1",
        "metadataVersion": "1",
    }


def _data(offers: RegionOffers, region: str) -> dict[str, Json]:
    """The newest version, the newest of the minor before, the lowest minor; a preview only where there is one."""
    minors = offers.minors(region)
    official = [minor for minor in minors if OFFICIAL in minor.plans and not minor.is_preview]
    newest = [minor.patches_for(OFFICIAL)[-1] for minor in official]
    data: dict[str, Json] = {}
    if official:
        data["latestSupportedKubernetesVersion"] = newest[-1]
        data["latestStableKubernetesVersion"] = newest[-2] if len(newest) > 1 else newest[-1]
        data["lowestMinorKubernetesVersion"] = official[0].minor
    previews = [minor.patches[-1] for minor in minors if minor.is_preview]
    if previews:
        data["latestPreviewKubernetesVersion"] = previews[-1]
    return data
