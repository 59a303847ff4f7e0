"""The emulated Azure, put together."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.types import ASGIApp

from emulator import release_tracker
from emulator.aks import AksProvider, new_version_events
from emulator.arm import AUDIENCE, ArmRouter
from emulator.changes import Changes
from emulator.control import ControlPlane
from emulator.event_grid import EventGrid
from emulator.faults import Faults
from emulator.fleet.provider import FleetProvider
from emulator.graph_rows import GraphRows
from emulator.identity import Identity
from emulator.journal import Journal
from emulator.releases import ROLLOUT_DAYS, RegionOffers, Timeline
from emulator.request_log import RequestLog
from emulator.resource_graph import ResourceGraph
from emulator.ticker import RunningClock, keep_time
from emulator.update_runs.engine import UpdateRunEngine
from emulator.world import WorldDocument, empty_estate, populate

AKS_SOURCE: Final = "aks"
"""The Event Grid source of what AKS publishes."""


@dataclass(frozen=True)
class Options:
    """How the emulator is to run. Without `start` it begins where the timeline does."""

    world: WorldDocument
    timeline: Timeline
    start: datetime | None = None
    rate: float = 0.0
    rollout_days: int = ROLLOUT_DAYS
    request_log: Path | None = None


class Emulator:
    """All services on one event loop, and the ASGI app in front of them.

    Raises:
        DocumentError: the world cannot be what its file says.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self.identity_header = secrets.token_urlsafe(24)
        self.changes = Changes()
        self.clock = RunningClock(options.start or options.timeline.starts, 0.0, self.changes)
        self.journal = Journal(self.clock.now, self.changes.notify)
        self.estate = empty_estate(options.world)
        self.identity = Identity(self.identity_header, self.estate.tenant)
        self.offers = RegionOffers(
            self.estate.regions, options.timeline, self.clock, self.journal, options.rollout_days
        )
        populate(self.estate, options.world, self.clock, self.journal, self.offers)
        self.event_grid = EventGrid(
            self.clock, self.journal.add, self.clock.schedule, self.changes.notify, self.identity
        )
        self.offers.on_new_versions = self._announce
        self.app: ASGIApp = self._build()

    def _announce(self, region: str) -> None:
        events = new_version_events(self.estate, self.offers, region, self.clock.now())
        if events:
            self.event_grid.publish(AKS_SOURCE, events)

    def _build(self) -> ASGIApp:
        arm = ArmRouter(self.identity, self.estate.subscription)
        AksProvider(self.estate, self.offers).register(arm)
        engine = UpdateRunEngine(self.estate, self.clock, self.journal, self.offers)
        FleetProvider(self.estate, self.clock, self.journal, self.offers, engine).register(arm)
        graph = ResourceGraph(
            GraphRows(self.estate).tables,
            lambda authorization: self.identity.check(authorization, AUDIENCE) is not None,
        )
        starlette = Starlette(lifespan=self._lifespan)
        faults = Faults(starlette)
        control = ControlPlane(
            self.clock, self.journal, self.estate, self.offers, faults, self.changes, self.event_grid.idle
        )
        starlette.router.routes.extend(
            [
                *control.routes(),
                *self.identity.routes(),
                *self.event_grid.routes(),
                *graph.routes(),
                *release_tracker.routes(self.offers.versions),
                *arm.routes(),
            ]
        )
        if self._options.request_log is None:
            return faults
        self._request_log = RequestLog(faults, self._options.request_log, self.clock.now)
        return self._request_log

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self.clock.set_rate(self._options.rate)  # not before: time must not pass while the world is being built
        timekeeper = asyncio.create_task(keep_time(self.clock, self.changes))
        try:
            yield
        finally:
            timekeeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await timekeeper
            await self.event_grid.close()
