"""Registers the routes of the Fleet resource provider."""

from __future__ import annotations

from tools.emulator.arm import ArmRouter
from tools.emulator.arm.provider_operations import register_operations
from tools.emulator.clock import SimulatedClock
from tools.emulator.fleet.fleets import Fleets
from tools.emulator.fleet.gates import Gates
from tools.emulator.fleet.generation import Generation
from tools.emulator.fleet.members import Members
from tools.emulator.fleet.meshes import Meshes
from tools.emulator.fleet.namespaces import Namespaces
from tools.emulator.fleet.native_auto_upgrade import NativeAutoUpgrade
from tools.emulator.fleet.operations import Operations
from tools.emulator.fleet.profiles import Profiles
from tools.emulator.fleet.resources import API_VERSIONS, Resources
from tools.emulator.fleet.runs import Runs
from tools.emulator.fleet.strategies import Strategies
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import Estate
from tools.emulator.update_runs.engine import UpdateRunEngine


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
        estate.on_fleet_deleted.append(engine.forget_all)
        self._parts = (
            operations,
            Fleets(resources, operations),
            Members(resources, operations),
            Strategies(resources),
            runs,
            Profiles(resources),
            Namespaces(resources, operations),
            Meshes(resources, operations),
            generation,
            Gates(resources, engine),
        )

    def register(self, router: ArmRouter) -> None:
        """Add all routes."""
        for part in self._parts:
            part.register(router)
        register_operations(router, API_VERSIONS)
