"""Registers the routes of the Fleet resource provider."""

from __future__ import annotations

from emulator.arm import ArmRouter
from emulator.clock import SimulatedClock
from emulator.fleet.fleets import Fleets
from emulator.fleet.gates import Gates
from emulator.fleet.generation import Generation
from emulator.fleet.members import Members
from emulator.fleet.namespaces import Namespaces
from emulator.fleet.native_auto_upgrade import NativeAutoUpgrade
from emulator.fleet.operations import Operations
from emulator.fleet.profiles import Profiles
from emulator.fleet.resources import Resources
from emulator.fleet.runs import Runs
from emulator.fleet.strategies import Strategies
from emulator.journal import Journal
from emulator.releases import RegionOffers
from emulator.state import Estate
from emulator.update_runs.engine import UpdateRunEngine


class FleetProvider:
    """`Microsoft.ContainerService/fleets` and what lies in them."""

    def __init__(
        self,
        estate: Estate,
        clock: SimulatedClock,
        journal: Journal,
        offers: RegionOffers,
        engine: UpdateRunEngine,
    ) -> None:
        resources = Resources(estate, clock)
        operations = Operations(estate, clock)
        runs = Runs(resources, journal, engine)
        generation = Generation(resources, offers, runs)
        offers.listeners.append(NativeAutoUpgrade(resources, generation, engine, journal).on_release)
        self._parts = (
            operations,
            Fleets(resources, operations, engine.forget),
            Members(resources, operations),
            Strategies(resources),
            runs,
            Profiles(resources),
            Namespaces(resources, operations),
            generation,
            Gates(resources, engine),
        )

    def register(self, router: ArmRouter) -> None:
        """Add all routes."""
        for part in self._parts:
            part.register(router)
