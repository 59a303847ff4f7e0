"""Long-running operations: writes that are accepted at once and done a little later."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, json_time
from tools.emulator.clock import SimulatedClock
from tools.emulator.fleet.resources import PROVIDER, SUBSCRIPTION
from tools.emulator.state import Estate
from tools.json_value import Json

POLL_API_VERSION: Final = "2016-03-30"
"""The api-version in the URLs of operations, regardless of the caller's."""
READS: Final = 2
"""An operation is in progress at the first read, and done at this one."""
LONGEST: Final = timedelta(minutes=1)
"""Simulated time after which an operation is done, also without a read."""

_LOCATION: Final = f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}"


@dataclass
class Operation:
    """An operation on one resource. `headers` say where to poll; `finish` does what it is for."""

    name: str
    is_deletion: bool
    started_at: datetime
    headers: dict[str, str]
    finish: Callable[[], None]
    reads: int = 0
    ended_at: datetime | None = field(default=None)


class Operations:
    """Remembers operations, ends them, and responds to polls.

    A poll counts, and so does a read of the resource: a waiting client sees it in progress once and then done, even
    while the emulated clock stands still.
    """

    def __init__(self, estate: Estate, clock: SimulatedClock) -> None:
        self._estate = estate
        self._clock = clock
        self._operations: dict[str, Operation] = {}
        self._in_progress: dict[str, Operation] = {}

    def begin(
        self,
        request: ArmRequest,
        region: str,
        resource_id: str,
        finish: Callable[[], None],
        *,
        is_deletion: bool = False,
    ) -> Operation:
        """A new operation on a resource that has none in progress; only a deletion has a `Location` as well."""
        name = str(uuid.uuid4())
        base = f"{request.base_url}/subscriptions/{self._estate.subscription}/providers/{PROVIDER}/locations/{region}"
        signature = "&".join(f"{part}={secrets.token_urlsafe(12)}" for part in "tcsh")
        query = f"?api-version={POLL_API_VERSION}&{signature}"
        headers = {"Azure-AsyncOperation": f"{base}/operations/{name}{query}"}
        if is_deletion:
            headers["Location"] = f"{base}/operationresults/{name}{query}"
        operation = Operation(name, is_deletion, self._clock.now(), headers, finish)
        self._operations[name] = self._in_progress[resource_id.lower()] = operation
        self._clock.schedule(self._clock.now() + LONGEST, lambda: self._end(operation))
        return operation

    def count_read(self, resource_id: str) -> None:
        """Somebody reads a resource."""
        operation = self._in_progress.get(resource_id.lower())
        if operation is not None:
            self._look(operation)

    def deletion(self, resource_id: str) -> Operation | None:
        """The deletion of a resource that is in progress: another DELETE gets it."""
        operation = self._in_progress.get(resource_id.lower())
        return operation if operation is not None and operation.is_deletion else None

    def check_idle(self, resource_id: str) -> None:
        """Refuse a write to a resource with an operation in progress. UNVERIFIED: the code, one of several reported.

        Raises:
            ArmError: 409.
        """
        if resource_id.lower() in self._in_progress:
            raise ArmError(
                409,
                "AnotherOperationInProgress",
                f"Another operation on '{resource_id}' is in progress. Please wait until it is done, and try again.",
            )

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        router.add("GET", f"{_LOCATION}/operations/{{name}}", self._poll, api_versions=[POLL_API_VERSION])
        router.add("GET", f"{_LOCATION}/operationresults/{{name}}", self._result, api_versions=[POLL_API_VERSION])

    def _poll(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=self._progress(self._find(request)))

    def _result(self, request: ArmRequest) -> ArmResponse:
        operation = self._find(request)
        progress = self._progress(operation)
        return ArmResponse(202, progress, operation.headers) if operation.ended_at is None else ArmResponse(204)

    def _progress(self, operation: Operation) -> dict[str, Json]:
        self._look(operation)
        body: dict[str, Json] = {
            "name": operation.name,
            "status": "InProgress" if operation.ended_at is None else "Succeeded",
            "startTime": json_time(operation.started_at),
        }
        if operation.ended_at is not None:
            body["endTime"] = json_time(operation.ended_at)
        return body

    def _look(self, operation: Operation) -> None:
        operation.reads += 1
        if operation.reads >= READS:
            self._end(operation)

    def _end(self, operation: Operation) -> None:
        if operation.ended_at is None:
            operation.ended_at = self._clock.now()
            self._in_progress = {key: each for key, each in self._in_progress.items() if each is not operation}
            operation.finish()

    def _find(self, request: ArmRequest) -> Operation:
        operation = self._operations.get(request.params["name"])
        if operation is None:
            raise ArmError(404, "OperationNotFound", f"The operation '{request.params['name']}' was not found.")
        return operation
