"""The emulator's parts, put together for a test, without a port: clients talk to the app itself."""

from __future__ import annotations

from datetime import datetime

from starlette.applications import Starlette

from tests.tools.emulator.app_client import AppClient
from tests.tools.emulator.builders import MONDAY, SUBSCRIPTION, world
from tests.tools.releases.builders import timeline
from tools.emulator import login
from tools.emulator.aks import AksProvider
from tools.emulator.arm import AUDIENCE, ArmRouter
from tools.emulator.arm.foundation import register_foundation
from tools.emulator.arm.metadata import metadata_routes
from tools.emulator.changes import Changes
from tools.emulator.control import ControlPlane
from tools.emulator.faults import Faults
from tools.emulator.identity import API_VERSION, Identity
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.ticker import RunningClock
from tools.emulator.world import World, empty_estate, populate
from tools.json_value import Json
from tools.releases import Timeline

AKS = "api-version=2026-08-01"
SUBSCRIPTION_PATH = f"/subscriptions/{SUBSCRIPTION}"


class Lab:
    """Everything but Fleet, Resource Graph and Event Grid. `in_flight` says how many deliveries there are."""

    def __init__(
        self, description: World | None = None, releases: Timeline | None = None, start: datetime = MONDAY
    ) -> None:
        self.in_flight = 0
        self.changes = Changes()
        self.clock = RunningClock(start, 0.0, self.changes)
        self.journal = Journal(self.clock.now, self.changes.notify)
        content = description or world()
        self.estate = empty_estate(content)
        self.offers = RegionOffers(self.estate.regions, releases or timeline(), self.clock, self.journal)
        populate(self.estate, content, self.clock, self.journal, self.offers)
        self.identity = Identity("header", self.estate.tenant)
        self.router = ArmRouter(self.identity, self.estate.subscription)
        register_foundation(self.router, self.estate, self.clock)
        AksProvider(self.estate, self.offers, self.clock, self.journal).register(self.router)
        starlette = Starlette()
        self.faults = Faults(starlette)
        control = ControlPlane(
            self.clock,
            self.journal,
            self.estate,
            self.offers,
            self.faults,
            self.changes,
            lambda: self.in_flight == 0,
        )
        starlette.router.routes.extend(
            [*control.routes(), *self.identity.routes(), *login.routes(), *metadata_routes(), *self.router.routes()]
        )
        token = self.identity.issue(AUDIENCE)["access_token"]
        self.anonymous = AppClient(self.faults)
        self.http = AppClient(self.faults, {"Authorization": f"Bearer {token}"})

    def token(self, resource: str = AUDIENCE) -> str:
        """A token from the endpoint of the managed identity."""
        response = self.anonymous.get(
            "/msi/token",
            params={"api-version": API_VERSION, "resource": resource},
            headers={"X-IDENTITY-HEADER": "header"},
        )
        return str(response.json()["access_token"])

    def get(self, path: str, query: str = AKS) -> dict[str, Json]:
        """A body of ARM, below the subscription."""
        response = self.http.get(f"{SUBSCRIPTION_PATH}{path}?{query}")
        assert response.status_code == 200, response.text
        body: dict[str, Json] = response.json()
        return body

    def control(self, method: str, path: str, body: Json = None, status: int = 200) -> dict[str, Json]:
        """A body of the control plane."""
        response = self.anonymous.request(method, f"/emulator{path}", json=body)
        assert response.status_code == status, response.text
        content: dict[str, Json] = response.json()
        return content
