"""Long-running operations: what they end with is known at once, so the first poll finds them done."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, json_time
from emulator.clock import SimulatedClock
from emulator.fleet.resources import PROVIDER, SUBSCRIPTION
from emulator.json_value import Json
from emulator.state import Estate

POLL_API_VERSION = "2016-03-30"
"""What the URLs of operations carry, whatever version the caller used."""

_LOCATION = f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}"


@dataclass(frozen=True)
class _Operation:
    started_at: datetime


class Operations:
    """Remembers operations, and answers polls."""

    def __init__(self, estate: Estate, clock: SimulatedClock) -> None:
        self._estate = estate
        self._clock = clock
        self._operations: dict[str, _Operation] = {}

    def begin(self, request: ArmRequest, region: str, *, with_location: bool = False) -> dict[str, str]:
        """A new operation; the headers that tell the caller where to poll."""
        name = str(uuid.uuid4())
        self._operations[name] = _Operation(self._clock.now())
        base = f"{request.base_url}/subscriptions/{self._estate.subscription}/providers/{PROVIDER}/locations/{region}"
        signature = "&".join(f"{part}={secrets.token_urlsafe(12)}" for part in "tcsh")
        query = f"?api-version={POLL_API_VERSION}&{signature}"
        headers = {"Azure-AsyncOperation": f"{base}/operations/{name}{query}"}
        if with_location:
            headers["Location"] = f"{base}/operationresults/{name}{query}"
        return headers

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        router.add("GET", f"{_LOCATION}/operations/{{name}}", self._poll, api_versions=[POLL_API_VERSION])
        router.add("GET", f"{_LOCATION}/operationresults/{{name}}", self._result, api_versions=[POLL_API_VERSION])

    def _poll(self, request: ArmRequest) -> ArmResponse:
        operation = self._find(request)
        body: dict[str, Json] = {
            "name": request.params["name"],
            "status": "Succeeded",
            "startTime": json_time(operation.started_at),
            "endTime": json_time(self._clock.now()),
        }
        return ArmResponse(body=body)

    def _result(self, request: ArmRequest) -> ArmResponse:
        self._find(request)
        return ArmResponse(204)

    def _find(self, request: ArmRequest) -> _Operation:
        operation = self._operations.get(request.params["name"])
        if operation is None:
            raise ArmError(404, "OperationNotFound", f"The operation '{request.params['name']}' was not found.")
        return operation
