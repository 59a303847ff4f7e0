"""Deleting a resource group with all that lies in it: an operation of ARM itself, with a `Location` to poll."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from tools.emulator.arm.errors import ArmError
from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.resource_groups import API_VERSIONS, DELETING, GROUP, SUBSCRIPTION, find_group
from tools.emulator.arm.router import ArmRouter
from tools.emulator.clock import SimulatedClock
from tools.emulator.state import Estate, ManagedCluster, ResourceGroup

POLL_API_VERSION: Final = "2018-05-01"
RETRY_AFTER: Final = "1"
"""Seconds between polls; ARM asks for 15."""
WITHOUT_CLUSTERS: Final = timedelta(minutes=1)
WITH_CLUSTERS: Final = timedelta(minutes=10)
"""Simulated time until a group is deleted. UNVERIFIED: how long it takes in Azure; AKS deletes a cluster in minutes."""
POLLS: Final = 2
"""At this poll a group without clusters is deleted, also while the emulated clock stands still."""


@dataclass
class _Deletion:
    group: ResourceGroup
    clusters: list[ManagedCluster] = field(default_factory=list)
    polls: int = 0
    is_done: bool = False


class GroupDeletion:
    """Routes for the deletion, and for polling it."""

    def __init__(self, estate: Estate, clock: SimulatedClock) -> None:
        self._estate = estate
        self._clock = clock
        self._deletions: dict[str, _Deletion] = {}

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        router.add("DELETE", GROUP, self._delete, api_versions=API_VERSIONS)
        path = f"{SUBSCRIPTION}/operationresults/{{operation}}"
        router.add("GET", path, self._poll, api_versions=[POLL_API_VERSION])

    def _delete(self, request: ArmRequest) -> ArmResponse:
        """Another DELETE of a group that is being deleted gets its operation."""
        group = find_group(self._estate, request.params["group"])
        name = next((name for name, each in self._deletions.items() if each.group is group), None)
        return _accepted(request, name or self._begin(group))

    def _begin(self, group: ResourceGroup) -> str:
        clusters = [each for each in self._estate.clusters.values() if _is_in(each.resource_group, group)]
        deletion = _Deletion(group, clusters)
        group.provisioning_state = DELETING
        for cluster in clusters:
            cluster.provisioning_state, cluster.busy_until = DELETING, None
            cluster.version = self._estate.touch()
        for fleet in self._estate.fleets.values():
            if _is_in(fleet.resource_group, group):
                fleet.provisioning_state = DELETING
        self._estate.touch()
        takes = WITH_CLUSTERS if clusters else WITHOUT_CLUSTERS
        self._clock.schedule(self._clock.now() + takes, lambda: self._end(deletion))
        name = base64.urlsafe_b64encode(f"{group.name}:{uuid.uuid4()}".encode()).decode().rstrip("=")
        self._deletions[name] = deletion
        return name

    def _end(self, deletion: _Deletion) -> None:
        if deletion.is_done:
            return
        deletion.is_done = True
        for cluster in deletion.clusters:
            self._estate.clusters.pop(cluster.id.lower(), None)
        for fleet in list(self._estate.fleets.values()):
            if _is_in(fleet.resource_group, deletion.group):
                self._estate.delete_fleet(fleet)
        for connected in list(self._estate.connected_clusters.values()):
            if _is_in(connected.resource_group, deletion.group):
                del self._estate.connected_clusters[connected.id.lower()]
        del self._estate.resource_groups[deletion.group.name.lower()]
        self._estate.touch()

    def _poll(self, request: ArmRequest) -> ArmResponse:
        """202 until the group is deleted, then 200, each without a body."""
        deletion = self._deletions.get(request.params["operation"])
        if deletion is None:
            raise ArmError(404, "OperationNotFound", f"The operation '{request.params['operation']}' was not found.")
        deletion.polls += 1
        if deletion.polls >= POLLS and not deletion.clusters:
            self._end(deletion)
        return ArmResponse(200) if deletion.is_done else _accepted(request, request.params["operation"])


def _accepted(request: ArmRequest, name: str) -> ArmResponse:
    subscription = request.params["subscription"]
    path = f"/subscriptions/{subscription}/operationresults/{name}?api-version={POLL_API_VERSION}"
    return ArmResponse(202, None, {"Location": f"{request.base_url}{path}", "Retry-After": RETRY_AFTER})


def _is_in(name: str, group: ResourceGroup) -> bool:
    return name.lower() == group.name.lower()
