"""What regions offer: each part is read separately, and one that cannot be read is unknown."""

import pytest

from shared.azure.aks.catalog_reader import ArmCatalogReader
from shared.azure.connection import Connection
from shared.core.model.catalog import RegionCatalog
from shared.core.model.catalog_needs import NodePoolReference, RegionNeeds
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Absent, Unknown
from tests.app.azure.bodies import SUBSCRIPTION, UBUNTU, cluster_path, minor
from tests.app.azure.wire_server import LOST, Json, Response, WireServer, refusal

WINDOWS = "AKSWindows-2022-containerd"
OTHER_SUBSCRIPTION = "00000000-0000-0000-0000-000000000002"


def versions_path(region: str, subscription: str = SUBSCRIPTION) -> str:
    return f"/subscriptions/{subscription}/providers/Microsoft.ContainerService/locations/{region}/kubernetesVersions"


def profile_path(pool: NodePoolReference) -> str:
    return f"{pool.cluster_id}/agentPools/{pool.pool}/upgradeProfiles/default"


def pool_of(cluster: str, pool: str = "system") -> NodePoolReference:
    return NodePoolReference(ResourceId.parse(cluster_path(cluster)), pool)


def newest(image: Json) -> Json:
    return {"properties": {"kubernetesVersion": "1.30.5", "osType": "Linux", "latestNodeImageVersion": image}}


def needs(subscription: str = SUBSCRIPTION, **families: tuple[NodePoolReference, ...]) -> RegionNeeds:
    return RegionNeeds(subscription, families)


def needs_ubuntu(*pools: NodePoolReference) -> RegionNeeds:
    return RegionNeeds(SUBSCRIPTION, {UBUNTU: pools})


def read(connection: Connection, wanted: RegionNeeds, region: str = "westus2") -> RegionCatalog:
    return ArmCatalogReader(connection).read({region: wanted}).of(region)


def test_each_region_is_read_in_a_subscription_with_a_cluster_there(wire: WireServer, connection: Connection) -> None:
    wire.script("GET", versions_path("westus2"), {"values": [minor("1.33", "1.33.5")]})
    wire.script("GET", versions_path("eastus", OTHER_SUBSCRIPTION), {"values": [minor("1.32", "1.32.9")]})
    catalog = ArmCatalogReader(connection).read({"westus2": needs(), "eastus": needs(OTHER_SUBSCRIPTION)})
    offered = {
        region.region: set(region.kubernetes)
        for region in catalog.regions.values()
        if not isinstance(region.kubernetes, Unknown)
    }
    assert offered == {"westus2": {MinorVersion(1, 33)}, "eastus": {MinorVersion(1, 32)}}


def test_the_newest_image_is_read_from_one_pool_of_each_family(wire: WireServer, connection: Connection) -> None:
    linux, reserve, windows = pool_of("shop"), pool_of("depot"), pool_of("shop", "win")
    wire.script("GET", profile_path(linux), newest(f"{UBUNTU}-202603.09.0"))
    wire.script("GET", profile_path(windows), newest(f"{WINDOWS}-20348.5386.260715"))
    wanted = RegionNeeds(SUBSCRIPTION, {UBUNTU: (linux, reserve), WINDOWS: (windows,)})
    assert read(connection, wanted).node_images == {
        UBUNTU: NodeImageVersion.parse("202603.09.0"),
        WINDOWS: NodeImageVersion.parse("20348.5386.260715"),
    }
    assert not wire.requests("GET", profile_path(reserve))


@pytest.mark.parametrize(
    "response",
    [
        refusal(404, "ResourceNotFound"),
        refusal(409, "OperationNotAllowed"),
        refusal(500, "InternalServerError"),
        Response(newest(None)),
        Response(newest("AKSAzureLinux-V3gen2-202603.09.0")),
    ],
)
def test_another_pool_is_read_if_the_first_reports_no_image(
    wire: WireServer, connection: Connection, waits: list[float], response: Response
) -> None:
    gone, reserve = pool_of("shop"), pool_of("depot")
    wire.script("GET", profile_path(gone), response)
    wire.script("GET", profile_path(reserve), newest(f"{UBUNTU}-202603.09.0"))
    known = read(connection, needs_ubuntu(gone, reserve))
    assert known.node_images == {UBUNTU: NodeImageVersion.parse("202603.09.0")}


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (Response(newest(f"{UBUNTU}-latest")), f'names "{UBUNTU}-latest", which is no node image'),
        (Response(newest("AKSAzureLinux-V3gen2-202603.09.0")), "has moved to the family AKSAzureLinux-V3gen2"),
        (refusal(403, "AuthorizationFailed", "no right"), "no right"),
        (LOST, "Could not read"),
    ],
)
def test_a_family_whose_image_cannot_be_read_is_unknown_and_the_rest_of_the_region_is_not(
    wire: WireServer, connection: Connection, waits: list[float], response: Response, why: str
) -> None:
    wire.script("GET", versions_path("westus2"), {"values": [minor("1.33", "1.33.5")]})
    wire.script("GET", profile_path(pool_of("shop")), response)
    known = read(connection, needs_ubuntu(pool_of("shop")))
    image = known.node_image(UBUNTU)
    assert isinstance(image, Unknown)
    assert why in image.why
    assert not isinstance(known.kubernetes, Unknown)


@pytest.mark.parametrize(
    "responses",
    [
        (Response(newest(None)), Response(newest(None))),
        (Response(newest(None)), refusal(404, "ResourceNotFound")),
        (Response(newest(None)), refusal(403, "AuthorizationFailed")),
        (Response({}), Response(newest("AKSAzureLinux-V3gen2-202603.09.0"))),
        (refusal(404, "ResourceNotFound"), refusal(404, "ResourceNotFound")),
    ],
)
def test_a_family_that_aks_names_no_image_for_is_absent_and_not_unknown(
    wire: WireServer, connection: Connection, responses: tuple[Response, Response]
) -> None:
    pools = pool_of("shop"), pool_of("depot")
    for pool, response in zip(pools, responses, strict=True):
        wire.script("GET", profile_path(pool), response)

    assert read(connection, needs_ubuntu(*pools)).node_image(UBUNTU) == Absent()


def test_a_family_of_deleted_pools_and_of_one_that_cannot_be_read_is_unknown(
    wire: WireServer, connection: Connection
) -> None:
    wire.script("GET", profile_path(pool_of("shop")), refusal(404, "ResourceNotFound"))
    wire.script("GET", profile_path(pool_of("depot")), refusal(403, "AuthorizationFailed", "no right"))

    image = read(connection, needs_ubuntu(pool_of("shop"), pool_of("depot"))).node_image(UBUNTU)

    assert isinstance(image, Unknown)
    assert "no right" in image.why


def test_a_subscription_that_refuses_to_list_versions_spoils_no_region_with_another_one(
    wire: WireServer, connection: Connection
) -> None:
    wire.script("GET", versions_path("westus2"), refusal(403, "AuthorizationFailed", "no right"))
    wire.script("GET", versions_path("westus2", OTHER_SUBSCRIPTION), {"values": [minor("1.33", "1.33.5")]})

    kubernetes = read(connection, RegionNeeds(SUBSCRIPTION, {}, (OTHER_SUBSCRIPTION,))).kubernetes

    assert not isinstance(kubernetes, Unknown)
    assert set(kubernetes) == {MinorVersion(1, 33)}


def test_a_throttled_list_of_versions_is_not_asked_for_in_another_subscription(
    wire: WireServer, connection: Connection
) -> None:
    wire.script("GET", versions_path("westus2"), refusal(429, "TooManyRequests", Retry_After="60"))

    kubernetes = read(connection, RegionNeeds(SUBSCRIPTION, {}, (OTHER_SUBSCRIPTION,))).kubernetes

    assert isinstance(kubernetes, Unknown)
    assert not wire.requests("GET", versions_path("westus2", OTHER_SUBSCRIPTION))


def test_a_throttled_family_is_unknown_and_no_other_pool_is_read(wire: WireServer, connection: Connection) -> None:
    wire.script("GET", profile_path(pool_of("shop")), refusal(429, "TooManyRequests", Retry_After="60"))
    known = read(connection, needs_ubuntu(pool_of("shop"), pool_of("depot")))
    assert isinstance(known.node_image(UBUNTU), Unknown)
    assert not wire.requests("GET", profile_path(pool_of("depot")))


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (Response({"values": []}), "listed no Kubernetes version at all"),
        (Response({"values": [minor("1.33", "1.33.5"), minor("1.34", "1.34.x")]}), '"1.34.x"'),
        (refusal(403, "AuthorizationFailed", "no right"), "no right"),
        (refusal(503, "ServiceUnavailable"), "503 ServiceUnavailable"),
        (refusal(429, "TooManyRequests", Retry_After="60"), "429 TooManyRequests"),
        (LOST, "Could not list"),
        (Response("<html>"), "truncated, or not JSON"),
    ],
)
def test_a_region_whose_versions_cannot_be_read_is_unknown_and_others_are_not(
    wire: WireServer, connection: Connection, waits: list[float], response: Response, why: str
) -> None:
    wire.script("GET", versions_path("westus2"), response)
    wire.script("GET", versions_path("eastus"), {"values": [minor("1.33", "1.33.5")]})
    catalog = ArmCatalogReader(connection).read({"westus2": needs(), "eastus": needs()})
    kubernetes = catalog.of("westus2").kubernetes
    assert isinstance(kubernetes, Unknown)
    assert why in kubernetes.why
    assert not isinstance(catalog.of("eastus").kubernetes, Unknown)


def test_no_needs_no_requests(wire: WireServer, connection: Connection) -> None:
    assert ArmCatalogReader(connection).read({}).regions == {}
    assert not wire.requests()
