"""The API versions of all calls are pinned in one place, and an SDK's default is never sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.azure import api_versions
from shared.azure.aks.catalog_reader import ArmCatalogReader
from shared.azure.connection import Connection
from shared.azure.fleet.store import ArmFleetStore
from shared.azure.resource_graph.reader import ResourceGraphEstateReader
from shared.core.model.catalog_needs import RegionNeeds
from shared.core.model.fleet import UpdateStage, UpdateStrategy
from shared.core.model.ids import ResourceId
from shared.core.model.label_selector import LabelSelector
from tests.app.azure.bodies import (
    FLEET,
    PROFILE,
    RUN,
    SHOP,
    STRATEGY,
    SUBSCRIPTION,
    cluster,
    fleet,
    member,
    minor,
    resource,
    run,
)
from tests.app.azure.bodies import profile as a_profile
from tests.app.azure.conftest import connected
from tests.app.azure.wire_server import Json, Response, WireServer

VERSIONS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/locations/westus2/kubernetesVersions"
SCOPE = {"AUTO_UPGRADE_SUBSCRIPTION_IDS": SUBSCRIPTION}
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
    assert sent(wire, connection) == {
        RUN: api_versions.FLEET,
        VERSIONS: api_versions.AKS,
        GRAPH: api_versions.RESOURCE_GRAPH,
    }


@pytest.mark.usefixtures("other_versions")
def test_another_pinned_version_is_sent_instead(wire: WireServer, connection: Connection) -> None:
    assert sent(wire, connection) == {RUN: "2026-03-02-preview", VERSIONS: "2026-07-01", GRAPH: "2019-04-01"}


PREVIEW = "2026-06-02-preview"


@pytest.fixture
def preview(wire: WireServer, connection: Connection) -> Iterator[ArmFleetStore]:
    """A store whose settings name the preview; the other connection has prepared the identity."""
    settings = {**SCOPE, "AUTO_UPGRADE_FLEET_API_VERSION": PREVIEW}
    with connected(wire.url, wire.ca, **settings) as in_preview:
        yield ArmFleetStore(in_preview)


def test_every_call_to_fleet_is_in_the_preview_where_the_settings_say_so(
    wire: WireServer, preview: ArmFleetStore
) -> None:
    following = f"{wire.url}{FLEET}/members?api-version={api_versions.FLEET}&$skipToken=next"
    stages: Json = [{"name": "first", "memberSelector": {"byLabel": "env=prod"}}]
    wire.script("GET", f"{FLEET}/autoUpgradeProfiles", {"value": [a_profile()]})
    wire.script("GET", FLEET, fleet())
    wire.script("GET", f"{FLEET}/members", {"value": [], "nextLink": following}, {"value": [member()]})
    wire.script("GET", f"{FLEET}/updateRuns", {"value": []})
    wire.script("GET", STRATEGY, resource(STRATEGY, {"strategy": {"stages": stages}}))
    wire.script("GET", SHOP, cluster())
    _, known = preview.read_fleet(ResourceId.parse(PROFILE))

    versions = {request.path: request.query["api-version"] for request in wire.requests()}
    assert versions.pop(SHOP) == "2026-08-01"
    assert set(versions.values()) == {PREVIEW}
    assert known.is_preview
    [strategy] = known.strategies.values()
    assert isinstance(strategy, UpdateStrategy)
    assert strategy.stages == (UpdateStage((), LabelSelector.parse("env=prod")),)


def test_a_native_run_is_generated_in_the_preview_and_its_operation_polled_in_its_own_version(
    wire: WireServer, preview: ArmFleetStore
) -> None:
    """The SDK by itself refuses the action in an api-version that it does not know."""
    operation = f"{FLEET}/operations/one"
    polled = f"{wire.url}{operation}?api-version=2016-03-30"
    wire.script(
        "POST", f"{PROFILE}/generateUpdateRun", Response({}, 202, {"Azure-AsyncOperation": polled, "Location": polled})
    )
    wire.script("GET", operation, {"status": "Succeeded"}, {"id": RUN})

    assert preview.generate_natively(ResourceId.parse(PROFILE)) == ResourceId.parse(RUN)
    versions = {request.path: request.query["api-version"] for request in wire.requests()}
    assert versions == {f"{PROFILE}/generateUpdateRun": PREVIEW, operation: "2016-03-30"}
