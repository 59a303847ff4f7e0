"""Long-running operations on clusters: one at a time, in simulated time, with URLs to poll."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal

from tools.emulator.aks.busy import end_at, operation_in_progress
from tools.emulator.aks.clusters import LOCATION, PROVIDER
from tools.emulator.aks.errors import AksError
from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, json_time
from tools.emulator.clock import SimulatedClock
from tools.emulator.state import Estate, ManagedCluster
from tools.json_value import Json

POLL_API_VERSION: Final = "2025-03-01"
"""The api-version in the URLs of AKS's operations, regardless of the caller's."""


@dataclass(frozen=True)
class Step:
    """Part of an operation: how many simulated minutes it takes, and what it has done then."""

    minutes: float
    finish: Callable[[], None] = lambda: None


@dataclass
class _Operation:
    """An operation that takes simulated time. Something else can end it before: then it was canceled."""

    name: str
    cluster: ManagedCluster
    started_at: datetime
    ends_at: datetime
    is_done: bool = False

    @property
    def status(self) -> Literal["Succeeded", "InProgress", "Canceled"]:
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


class ClusterOperations:
    """Remembers operations and responds to polls.

    While the emulated clock stands still, an operation stays in progress: callers that wait for it wait for the clock.
    """

    def __init__(self, estate: Estate, clock: SimulatedClock) -> None:
        self._estate = estate
        self._clock = clock
        self._operations: dict[str, _Operation] = {}

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        router.add("GET", f"{LOCATION}/operations/{{name}}", self._poll, api_versions=[POLL_API_VERSION])
        router.add("GET", f"{LOCATION}/operationresults/{{name}}", self._result, api_versions=[POLL_API_VERSION])

    def begin(self, request: ArmRequest, cluster: ManagedCluster, steps: Sequence[Step]) -> dict[str, str]:
        """The cluster or a pool has its transitional state and takes the steps in turn; the headers to poll with.

        A PUT has no `Location`.
        """
        now = self._clock.now()
        ends = now + timedelta(minutes=sum(step.minutes for step in steps))
        operation = _Operation(str(uuid.uuid4()), cluster, now, ends)
        self._operations[operation.name] = operation

        def end() -> None:
            operation.is_done = True
            steps[-1].finish()

        at = now
        for step in steps[:-1]:
            at += timedelta(minutes=step.minutes)
            self._clock.schedule(at, partial(self._take, cluster, ends, step))
        end_at(cluster, ends, self._estate, self._clock, end)
        cluster.version = self._estate.touch()
        return self._headers(request, operation)

    def _take(self, cluster: ManagedCluster, ends: datetime, step: Step) -> None:
        """A step is over, unless something else has ended its operation."""
        if cluster.busy_until == ends:
            step.finish()
            cluster.version = self._estate.touch()

    def _headers(self, request: ArmRequest, operation: _Operation) -> dict[str, str]:
        base = f"{request.base_url}/subscriptions/{self._estate.subscription}/providers/{PROVIDER}/locations"
        signature = "&".join(f"{part}={secrets.token_urlsafe(12)}" for part in "tcsh")
        query = f"{operation.name}?api-version={POLL_API_VERSION}&{signature}"
        region = operation.cluster.region
        headers = {"Azure-AsyncOperation": f"{base}/{region}/operations/{query}"}
        if request.method != "PUT":
            headers["Location"] = f"{base}/{region}/operationresults/{query}"
        return headers

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


def check_idle(cluster: ManagedCluster) -> None:
    """Refuse an operation while another one is in progress.

    Raises:
        ArmError: 409.
    """
    message = operation_in_progress(cluster)
    if message:
        raise AksError(409, "OperationNotAllowed", message)


def check_running(cluster: ManagedCluster) -> None:
    """Refuse an operation on a cluster that is stopped, in the words of public reports of `400 Bad Request`.

    Raises:
        ArmError: 400.
    """
    if cluster.power_state == "Stopped":
        raise AksError(
            400,
            "OperationNotAllowed",
            "Managed Cluster is in stopped state, no operations except for start are allowed.",
        )
