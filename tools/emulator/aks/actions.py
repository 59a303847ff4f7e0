"""What a person does to clusters and node pools: start, stop, upgrade the node image."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tools.emulator.aks import api_versions
from tools.emulator.aks.busy import end_at, operation_in_progress
from tools.emulator.aks.cluster_json import pool_json
from tools.emulator.aks.clusters import CLUSTER, LOCATION, POOL, PROVIDER, Clusters
from tools.emulator.aks.errors import AksError
from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, json_time
from tools.emulator.clock import SimulatedClock
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import AgentPool, Estate, ManagedCluster
from tools.json_value import Json

POLL_API_VERSION: Final = "2025-03-01"
"""The api-version in the URLs of AKS's operations, regardless of the caller's."""


@dataclass
class _Operation:
    """An operation that takes simulated time. Something else can end it before: then it was canceled."""

    name: str
    cluster: ManagedCluster
    started_at: datetime
    ends_at: datetime
    is_done: bool = False

    @property
    def status(self) -> str:
        """As polls show it."""
        if self.is_done:
            return "Succeeded"
        return "InProgress" if self.cluster.busy_until == self.ends_at else "Canceled"

    def to_json(self) -> dict[str, Json]:
        """As a poll shows it; the end of a canceled one is not known."""
        body: dict[str, Json] = {
            "name": self.name,
            "status": self.status,
            "startTime": json_time(self.started_at),
        }
        return body | {"endTime": json_time(self.ends_at)} if self.is_done else body


class ClusterActions:
    """Routes for actions, each a long-running operation; AKS refuses a second one on a cluster.

    While the emulated clock stands still, an operation stays in progress: callers that wait for it wait for the clock.
    """

    def __init__(self, estate: Estate, offers: RegionOffers, clusters: Clusters, clock: SimulatedClock) -> None:
        self._estate = estate
        self._offers = offers
        self._clusters = clusters
        self._clock = clock
        self._operations: dict[str, _Operation] = {}

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        for template, handler in (
            (f"{CLUSTER}/start", self._start),
            (f"{CLUSTER}/stop", self._stop),
            (f"{POOL}/upgradeNodeImageVersion", self._upgrade_node_image),
        ):
            router.add("POST", template, handler, api_versions=api_versions.ALL)
        router.add("GET", f"{LOCATION}/operations/{{name}}", self._poll, api_versions=[POLL_API_VERSION])
        router.add("GET", f"{LOCATION}/operationresults/{{name}}", self._result, api_versions=[POLL_API_VERSION])

    def _start(self, request: ArmRequest) -> ArmResponse:
        """UNVERIFIED: the response for a cluster that is running, and to `stop` for one that is stopped."""
        return self._change_power(request, "Starting")

    def _stop(self, request: ArmRequest) -> ArmResponse:
        return self._change_power(request, "Stopping")

    def _change_power(self, request: ArmRequest, state: str) -> ArmResponse:
        cluster = self._clusters.get(request)
        _check_idle(cluster)
        cluster.provisioning_state = state
        return ArmResponse(202, None, self._begin(request, cluster, self._estate.timing.control_plane_minutes))

    def _upgrade_node_image(self, request: ArmRequest) -> ArmResponse:
        """UNVERIFIED: the status for a pool of mode Machines, and the response where its family has no image."""
        pool, cluster = self._clusters.pool(request)
        if pool.mode == "Machines":
            raise AksError(
                409,
                "OperationNotAllowed",
                "Upgrading node image version on machines agent pool is not allowed, please use machine API to handle "
                "machine life cycle",
            )
        _check_idle(cluster)
        pool.provisioning_state = "UpgradingNodeImageVersion"
        headers = self._begin(request, cluster, self._estate.timing.pool_minutes, lambda: self._renew(cluster, pool))
        return ArmResponse(202, pool_json(pool, cluster), headers)

    def _renew(self, cluster: ManagedCluster, pool: AgentPool) -> None:
        newest = self._offers.newest_image(cluster.region, pool.family)
        if newest is not None:
            pool.image = f"{pool.family}-{newest}"

    def _begin(
        self, request: ArmRequest, cluster: ManagedCluster, minutes: float, finish: Callable[[], None] = lambda: None
    ) -> dict[str, str]:
        """The cluster or a pool has its transitional state; the headers to poll with."""
        now = self._clock.now()
        operation = _Operation(str(uuid.uuid4()), cluster, now, now + timedelta(minutes=minutes))
        self._operations[operation.name] = operation

        def end() -> None:
            operation.is_done = True
            finish()

        end_at(cluster, operation.ends_at, self._estate, self._clock, end)
        cluster.version = self._estate.touch()
        base = f"{request.base_url}/subscriptions/{self._estate.subscription}/providers/{PROVIDER}/locations"
        signature = "&".join(f"{part}={secrets.token_urlsafe(12)}" for part in "tcsh")
        query = f"{operation.name}?api-version={POLL_API_VERSION}&{signature}"
        return {
            "Azure-AsyncOperation": f"{base}/{cluster.region}/operations/{query}",
            "Location": f"{base}/{cluster.region}/operationresults/{query}",
        }

    def _poll(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=self._find(request).to_json())

    def _result(self, request: ArmRequest) -> ArmResponse:
        operation = self._find(request)
        return ArmResponse(202, operation.to_json()) if operation.status == "InProgress" else ArmResponse(204)

    def _find(self, request: ArmRequest) -> _Operation:
        operation = self._operations.get(request.params["name"])
        if operation is None:
            raise ArmError(404, "OperationNotFound", f"The operation '{request.params['name']}' was not found.")
        return operation


def _check_idle(cluster: ManagedCluster) -> None:
    """Refuse an operation while another one is in progress.

    Raises:
        ArmError: 409.
    """
    message = operation_in_progress(cluster)
    if message:
        raise AksError(409, "OperationNotAllowed", message)
