"""The control plane: time, what happened, what there is, and faults. No token is needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.documents import DocumentError, read
from tools.emulator.changes import Changes
from tools.emulator.control.clusters import change_cluster
from tools.emulator.control.fleets import change_fleet
from tools.emulator.control.requests import LONGEST_WAIT_SECONDS, ControlError, moment, read_object, seconds
from tools.emulator.control.responses import clock_state, cluster_state, estate_state, fleet_state
from tools.emulator.faults import Faults
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.request_fault import REQUEST_FAULTS
from tools.emulator.state import Estate
from tools.emulator.ticker import RunningClock
from tools.json_value import Json
from tools.releases import read_fact


@dataclass(frozen=True)
class ControlPlane:
    """What is controlled.

    `idle`: whether nothing is in flight; `changes` wakes those who wait for that, or for a time.
    """

    clock: RunningClock
    journal: Journal
    estate: Estate
    offers: RegionOffers
    faults: Faults
    changes: Changes
    idle: Callable[[], bool]

    def routes(self) -> list[Route]:
        """Everything below `/emulator/` except Event Grid's subscriptions."""
        return [
            Route("/emulator/clock", _guarded(self._get_clock), methods=["GET"]),
            Route("/emulator/clock", _guarded(self._move_clock), methods=["POST"]),
            Route("/emulator/clock/wait", _guarded(self._wait_for_time), methods=["GET"]),
            Route("/emulator/idle", _guarded(self._wait_until_idle), methods=["GET"]),
            Route("/emulator/journal", _guarded(self._journal), methods=["GET"]),
            Route("/emulator/state", _guarded(self._state), methods=["GET"]),
            Route("/emulator/faults", _guarded(self._get_faults), methods=["GET"]),
            Route("/emulator/faults", _guarded(self._put_faults), methods=["PUT"]),
            Route("/emulator/releases", _guarded(self._release), methods=["POST"]),
            Route("/emulator/clusters", _guarded(self._change_cluster), methods=["PATCH"]),
            Route("/emulator/fleets", _guarded(self._change_fleet), methods=["PATCH"]),
        ]

    def _clock_state(self) -> dict[str, Json]:
        return clock_state(self.clock, idle=self.idle())

    async def _get_clock(self, _: Request) -> Json:
        return self._clock_state()

    async def _move_clock(self, request: Request) -> Json:
        content = await read_object(request)
        if set(content) - {"to", "rate"} or not content:
            raise ControlError('The body must be {"to": time}, {"rate": number}, or both.')
        if "to" in content:
            to = moment(content["to"], "to")
            if to < self.clock.now():
                raise ControlError(f"Time does not go back: it is {self._clock_state()['now']}.")
            self.clock.advance(to)
        if "rate" in content:
            self.clock.set_rate(_rate(content["rate"]))
        return self._clock_state()

    async def _wait_for_time(self, request: Request) -> Json:
        until = moment(request.query_params.get("until"), "until")
        patience = seconds(request, "timeout", LONGEST_WAIT_SECONDS)
        await self.changes.wait_until(
            lambda: self.clock.now() >= until, patience, lambda: self.clock.seconds_until(until)
        )
        return self._clock_state()

    async def _wait_until_idle(self, request: Request) -> Json:
        await self.changes.wait_until(self.idle, seconds(request, "timeout", LONGEST_WAIT_SECONDS))
        return self._clock_state()

    async def _journal(self, request: Request) -> Json:
        text = request.query_params.get("after", "0")
        if not text.isdecimal():
            raise ControlError(f"after must be the number of an entry, not '{text}'.")
        after = int(text)
        await self.changes.wait_until(lambda: self.journal.last > after, seconds(request, "wait", 0.0))
        entries: list[Json] = [*self.journal.after(after)]
        return {"entries": entries, "last": self.journal.last}

    async def _state(self, _: Request) -> Json:
        return estate_state(self.estate, self.clock, self.offers)

    async def _get_faults(self, _: Request) -> Json:
        return _faults_json(self.faults)

    async def _put_faults(self, request: Request) -> Json:
        content = read(REQUEST_FAULTS, await read_object(request), "faults")
        self.faults.replace(content.faults)
        return _faults_json(self.faults)

    async def _release(self, request: Request) -> Json:
        content = await read_object(request)
        fact = read_fact(content, self.clock.now())
        self.offers.publish([fact], self._regions(content.get("regions")))
        return self._clock_state()

    def _regions(self, value: Json) -> Sequence[str]:
        if value is None:
            return self.offers.regions
        regions = [str(region) for region in value] if isinstance(value, list) else []
        if not regions or not set(regions) <= set(self.offers.regions):
            raise ControlError(f"regions must be null or a list out of {', '.join(self.offers.regions)}.")
        return regions

    async def _change_cluster(self, request: Request) -> Json:
        return cluster_state(change_cluster(await read_object(request), self.estate, self.journal, self.clock))

    async def _change_fleet(self, request: Request) -> Json:
        return fleet_state(change_fleet(await read_object(request), self.estate, self.clock.now()))


def _faults_json(faults: Faults) -> Json:
    return {"faults": faults.remaining()}


def _rate(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ControlError(f"rate must be a number from 0 on, not '{value}'.")
    return float(value)


def _guarded(handler: Callable[[Request], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
    """Respond with what the handler returns, or with why it could not."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(request))
        except ControlError as error:
            return _refusal(error.status, str(error))
        except DocumentError as error:
            return _refusal(400, str(error))

    return endpoint


def _refusal(status: int, message: str) -> Response:
    code = "NotFound" if status == 404 else "BadRequest"
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)
