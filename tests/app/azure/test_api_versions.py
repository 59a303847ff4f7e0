"""The API versions of all calls are pinned in one place, and an SDK's default is never sent."""

from __future__ import annotations

import pytest

from shared.azure import api_versions
from shared.azure.aks.catalog_reader import ArmCatalogReader
from shared.azure.connection import Connection
from shared.azure.fleet.store import ArmFleetStore
from shared.azure.resource_graph.reader import ResourceGraphEstateReader
from shared.core.model.catalog_needs import RegionNeeds
from shared.core.model.ids import ResourceId
from tests.app.azure.bodies import RUN, SUBSCRIPTION, minor, run
from tests.app.azure.wire_server import WireServer

VERSIONS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/locations/westus2/kubernetesVersions"
GRAPH = "/providers/Microsoft.ResourceGraph/resources"


def sent(wire: WireServer, connection: Connection) -> dict[str, str]:
    """The API version of one call to each service, by path."""
    wire.script("GET", RUN, run())
    wire.script("GET", VERSIONS, {"values": [minor("1.33", "1.33.5")]})
    wire.script("POST", GRAPH, {"totalRecords": 0, "count": 0, "data": [], "resultTruncated": "false"})
    ArmFleetStore(connection).find_run(ResourceId.parse(RUN))
    ArmCatalogReader(connection).read({"westus2": RegionNeeds(SUBSCRIPTION, {})})
    ResourceGraphEstateReader(connection).read()
    return {request.path: request.query["api-version"] for request in wire.requests()}


@pytest.fixture
def other_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions that the SDKs know, since they check it, and none of which is their default."""
    monkeypatch.setattr(api_versions, "FLEET", "2026-03-02-preview")
    monkeypatch.setattr(api_versions, "AKS", "2026-07-01")
    monkeypatch.setattr(api_versions, "RESOURCE_GRAPH", "2019-04-01")


def test_each_service_is_called_with_the_pinned_version(wire: WireServer, connection: Connection) -> None:
    assert sent(wire, connection) == {RUN: "2026-06-01", VERSIONS: "2026-08-01", GRAPH: "2021-03-01"}


@pytest.mark.usefixtures("other_versions")
def test_another_pinned_version_is_sent_instead(wire: WireServer, connection: Connection) -> None:
    assert sent(wire, connection) == {RUN: "2026-03-02-preview", VERSIONS: "2026-07-01", GRAPH: "2019-04-01"}
