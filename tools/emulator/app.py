"""The emulated Azure, put together."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.types import ASGIApp

from tools.emulator import login, release_tracker
from tools.emulator.aks import AksProvider
from tools.emulator.announcements import Announcements
from tools.emulator.arm import AUDIENCES, ArmRouter
from tools.emulator.arm.foundation import register_foundation
from tools.emulator.arm.metadata import metadata_routes
from tools.emulator.arm.rate_limits import RateLimits
from tools.emulator.changes import Changes
from tools.emulator.clock_file import ClockFile
from tools.emulator.control import ControlPlane
from tools.emulator.event_grid import EventGrid
from tools.emulator.faults import Faults
from tools.emulator.fleet.provider import FleetProvider
from tools.emulator.graph_rows import GraphRows
from tools.emulator.identity import Caller, Identity
from tools.emulator.journal import Journal
from tools.emulator.monitor import Monitor
from tools.emulator.region_offers import RegionOffers
from tools.emulator.request_log import RequestLog
from tools.emulator.resource_graph import ResourceGraph
from tools.emulator.specification import refuse_unknown
from tools.emulator.ticker import RunningClock, keep_time
from tools.emulator.update_runs.engine import UpdateRunEngine
from tools.emulator.world import (
    World,
    arm_limits,
    empty_estate,
    populate,
    query_quota,
    release_delays,
    throttling_of,
)
from tools.json_value import Json
from tools.releases import ROLLOUT_DAYS, Timeline


@dataclass(frozen=True)
class Options:
    """How the emulator is to run.

    Without `start` it begins where the world says, or else where the timeline does. `throttle` switches the documented
    rate limits on if the world has none.
    """

    world: World
    timeline: Timeline
    start: datetime | None = None
    rate: float = 0.0
    rollout_days: int = ROLLOUT_DAYS
    request_log: Path | None = None
    throttle: bool = False
    refuse_unknown: bool = False
    """Whether a PUT with properties that Azure's specification does not have is refused."""
    telemetry: Path | None = None
    """Where rows of telemetry go; without it there is no ingestion endpoint."""
    clock_file: Path | None = None
    """A file that is to contain the time."""


class Emulator:
    """All services on one event loop, and the ASGI app in front of them.

    Raises:
        DocumentError: the world cannot be what its file says.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self.identity_header = secrets.token_urlsafe(24)
        self.changes = Changes()
        self.clock = RunningClock(options.start or options.world.start or options.timeline.starts, 0.0, self.changes)
        self._clock_file = None if options.clock_file is None else ClockFile(options.clock_file, self.clock)
        self.journal = Journal(self.clock.now, self.changes.notify)
        self.estate = empty_estate(options.world)
        self.identity = Identity(self.identity_header, self.estate.tenant)
        self.offers = RegionOffers(
            self.estate.regions,
            options.timeline,
            self.clock,
            self.journal,
            options.rollout_days,
            release_delays(options.world),
        )
        populate(self.estate, options.world, self.clock, self.journal, self.offers)
        self.monitor = (
            None if options.telemetry is None else Monitor(options.telemetry, self.identity, self.clock.emulated_at)
        )
        self.event_grid = EventGrid(
            self.clock, self._note_delivery, self.clock.schedule, self.changes.notify, self.identity
        )
        self.app: ASGIApp = self._build()

    def _note_delivery(self, kind: str, **fields: Json) -> None:
        self.journal.add(kind, **fields)
        if self.monitor is not None and kind == "eventDeadLettered":
            is_kept = fields["file"] is not None
            self.monitor.gave_up(str(fields["source"]), self.clock.now(), is_kept=is_kept)

    def _build(self) -> ASGIApp:
        arm = ArmRouter(self.identity, self.estate.subscription)
        arm.before = refuse_unknown if self._options.refuse_unknown else None
        register_foundation(arm, self.estate, self.clock)
        AksProvider(self.estate, self.offers, self.clock, self.journal).register(arm)
        engine = UpdateRunEngine(self.estate, self.clock, self.journal, self.offers)
        FleetProvider(self.estate, self.clock, self.journal, self.offers, engine).register(arm)
        Announcements(self.event_grid, self.estate, self.offers, self.clock).listen_to(engine)
        throttling = throttling_of(self._options.world, wanted=self._options.throttle)
        graph = ResourceGraph(
            GraphRows(self.estate).tables,
            lambda header: self._caller(header) is not None,
            query_quota(throttling, self.clock),
        )
        graph.warm_up()
        starlette = Starlette(lifespan=self._lifespan)
        limited = starlette if throttling is None else RateLimits(starlette, self._caller, arm_limits(throttling))
        faults = self._faults(limited)
        control = ControlPlane(
            self.clock, self.journal, self.estate, self.offers, faults, self.changes, self.event_grid.idle
        )
        starlette.router.routes.extend(
            [
                *control.routes(),
                *self.identity.routes(),
                *login.routes(),
                *self.event_grid.routes(),
                *graph.routes(),
                *release_tracker.routes(self.offers.versions),
                *metadata_routes(),
                *(self.monitor.routes() if self.monitor is not None else ()),
                *arm.routes(),
            ]
        )
        if self._options.request_log is None:
            return faults
        self._request_log = RequestLog(faults, self._options.request_log, self.clock.now)
        return self._request_log

    def _faults(self, app: ASGIApp) -> Faults:
        described = self._options.world.faults
        faults = Faults(app, 0.0 if described.latency is None else described.latency.milliseconds / 1000)
        faults.replace(described.requests)
        return faults

    def _caller(self, authorization: str | None) -> Caller | None:
        return self.identity.check(authorization, *AUDIENCES)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self.clock.set_rate(self._options.rate)  # not before: time must not pass while the world is being built
        timekeepers = [asyncio.create_task(keep_time(self.clock, self.changes))]
        if self._clock_file is not None:
            timekeepers.append(asyncio.create_task(self._clock_file.keep(self.changes)))
        try:
            yield
        finally:
            for timekeeper in timekeepers:
                timekeeper.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await timekeeper
            await self.event_grid.close()
            if self.monitor is not None:
                self.monitor.close()
