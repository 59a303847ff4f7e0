"""Reading a profile and its fleet fresh from ARM: one bad cluster or strategy affects nothing else."""

import pytest

from shared.azure import api_versions
from shared.azure.connection import Connection
from shared.azure.fleet.store import ArmFleetStore
from shared.core.model.fleet import (
    Cluster,
    Fleet,
    Member,
    UnsupportedCluster,
    UpdateGroup,
    UpdateStage,
    UpdateStrategy,
)
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpdateState
from shared.errors import AccessDeniedError, NotFoundError, ThrottledError, TransientError
from shared.ports import KnownFleet
from tests.app.azure.bodies import (
    ETAG,
    FLEET,
    PROFILE,
    RUN,
    SHOP,
    STRATEGY,
    SUBSCRIPTION,
    cluster,
    cluster_path,
    fleet,
    group_path,
    member,
    profile,
    run,
    strategy,
)
from tests.app.azure.wire_server import LOST, Json, Response, WireServer, refusal

PROFILES = f"{FLEET}/autoUpgradeProfiles"
PROFILE_ID = ResourceId.parse(PROFILE)
RUN_ID = ResourceId.parse(RUN)


@pytest.fixture
def store(connection: Connection) -> ArmFleetStore:
    return ArmFleetStore(connection)


def script_fleet(wire: WireServer, *members: Json, runs: tuple[Json, ...] = ()) -> None:
    wire.script("GET", PROFILES, {"value": [profile()]})
    wire.script("GET", FLEET, fleet(**{"auto-upgrade.soak": "P1D", "team": "shop"}))
    wire.script("GET", f"{FLEET}/members", {"value": list(members)})
    wire.script("GET", f"{FLEET}/updateRuns", {"value": list(runs)})
    wire.script("GET", STRATEGY, strategy("rapid"))
    wire.script("GET", SHOP, cluster())


def members_of(known: Fleet) -> dict[str, Member]:
    return {member.name: member for member in known.members}


def test_a_fleet_comes_with_tags_members_clusters_strategy_and_runs(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(wire, member(), runs=(run(state="Completed", members={"shop": "Completed"}),))
    known_profile, known = store.read_fleet(PROFILE_ID)
    assert known.profiles == (known_profile,)
    assert (known_profile.id, known.id) == (PROFILE_ID, ResourceId.parse(FLEET))
    assert known.tags == {"auto-upgrade.soak": "P1D"}
    cluster_of_shop = members_of(known)["shop"].cluster
    assert isinstance(cluster_of_shop, Cluster)
    assert cluster_of_shop.kubernetes_version == KubernetesVersion(1, 30, 5)
    strategy_id = ResourceId.parse(STRATEGY)
    assert known.strategies == {strategy_id: UpdateStrategy(strategy_id, (UpdateStage((UpdateGroup("rapid"),)),))}
    assert not known.is_preview
    assert [(one.id, one.state, one.etag) for one in known.update_runs] == [(RUN_ID, UpdateState.COMPLETED, ETAG)]


def test_requests_have_the_identitys_token_and_the_pinned_api_versions(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(wire, member())
    store.read_fleet(PROFILE_ID)
    assert {request.headers["authorization"] for request in wire.requests()} == {"Bearer token"}
    versions = {request.path: request.query["api-version"] for request in wire.requests()}
    assert versions[PROFILES] == versions[f"{FLEET}/members"] == api_versions.FLEET
    assert versions[SHOP] == "2026-08-01"


def test_known_members_and_strategies_are_not_read_again_and_clusters_are(
    wire: WireServer, store: ArmFleetStore
) -> None:
    arc = UnsupportedCluster("microsoft.kubernetes/connectedclusters")
    arc_id = ResourceId.parse(f"{group_path('edge')}/providers/Microsoft.Kubernetes/connectedClusters/edge")
    strategy_id, unread = ResourceId.parse(STRATEGY), Unknown("not read")
    known = KnownFleet(
        (
            Member("shop", "rapid", "Succeeded", ResourceId.parse(SHOP), unread),
            Member("gone", "rapid", "Succeeded", ResourceId.parse(cluster_path("gone", "elsewhere")), unread),
            Member("edge", None, "Succeeded", arc_id, arc),
        ),
        {strategy_id: UpdateStrategy(strategy_id, (UpdateStage((UpdateGroup("rapid"),)),))},
    )
    script_fleet(wire)

    _, fleet_now = store.read_fleet(PROFILE_ID, known=known)

    assert {request.path for request in wire.requests()} == {
        *(PROFILES, FLEET, f"{FLEET}/updateRuns", SHOP),
        cluster_path("gone", "elsewhere"),
    }
    members = members_of(fleet_now)
    assert isinstance(members["shop"].cluster, Cluster)
    assert isinstance(members["gone"].cluster, Unknown)
    assert "was not found" in members["gone"].cluster.why
    assert members["edge"].cluster == arc
    assert fleet_now.strategies == known.strategies


def test_a_strategy_that_is_not_known_is_read(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(wire)
    _, fleet_now = store.read_fleet(PROFILE_ID, known=KnownFleet((), {}))
    assert list(fleet_now.strategies) == [ResourceId.parse(STRATEGY)]


def test_lists_are_followed_to_their_last_page(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(wire)
    pages: list[Json] = [member("a", cluster_path("a", "one")), member("b", cluster_path("b", "two"))]
    following = f"{wire.url}{FLEET}/members?api-version={api_versions.FLEET}&$skipToken=next"
    wire.script("GET", f"{FLEET}/members", {"value": pages[:1], "nextLink": following}, {"value": pages[1:]})
    _, known = store.read_fleet(PROFILE_ID)
    assert [member.name for member in known.members] == ["a", "b"]


def test_clusters_of_one_resource_group_are_read_in_one_list(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(
        wire,
        member("a", cluster_path("a", "shops")),
        member("b", cluster_path("b", "SHOPS")),
        member("gone", cluster_path("gone", "shops")),
        member("shop"),
    )
    shops: Json = {
        "value": [cluster("a", group="shops"), cluster("b", group="shops"), cluster("foreign", group="shops")]
    }
    wire.script("GET", f"{group_path('shops')}/managedClusters", shops)
    _, known = store.read_fleet(PROFILE_ID)
    found = {name: isinstance(member.cluster, Cluster) for name, member in members_of(known).items()}
    assert found == {"a": True, "b": True, "gone": False, "shop": True}
    assert len([request for request in wire.requests("GET") if "managedclusters" in request.path.lower()]) == 2


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (refusal(404, "ResourceNotFound"), "was not found, or the app's identity may not read it"),
        (refusal(403, "AuthorizationFailed", "no right to read"), "may not read"),
        (refusal(500, "InternalServerError", "broken"), "500 InternalServerError: broken"),
        (LOST, "Could not read"),
        (Response('{"id": "half'), "truncated, or not JSON"),
        (Response(cluster(agentPoolProfiles=[{}])), "has an agent pool without a name"),
        (Response(cluster(location=None)), "has no location"),
    ],
)
def test_a_cluster_that_cannot_be_read_is_unknown_and_affects_no_other(
    wire: WireServer, store: ArmFleetStore, waits: list[float], response: Response, why: str
) -> None:
    script_fleet(wire, member(), member("bad", cluster_path("bad", "other")))
    wire.script("GET", cluster_path("bad", "other"), response)
    _, known = store.read_fleet(PROFILE_ID)
    bad = members_of(known)["bad"].cluster
    assert isinstance(bad, Unknown)
    assert why in bad.why
    assert isinstance(members_of(known)["shop"].cluster, Cluster)


def test_a_resource_group_that_cannot_be_listed_makes_its_own_clusters_unknown(
    wire: WireServer, store: ArmFleetStore
) -> None:
    script_fleet(wire, member(), member("a", cluster_path("a", "shops")), member("b", cluster_path("b", "shops")))
    wire.script("GET", f"{group_path('shops')}/managedClusters", refusal(403, "AuthorizationFailed"))
    _, known = store.read_fleet(PROFILE_ID)
    found = {name: isinstance(member.cluster, Cluster) for name, member in members_of(known).items()}
    assert found == {"a": False, "b": False, "shop": True}


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Microsoft.Kubernetes/connectedClusters/edge", "microsoft.kubernetes/connectedclusters"),
        (
            "Microsoft.HybridContainerService/provisionedClusters/edge",
            "microsoft.hybridcontainerservice/provisionedclusters",
        ),
    ],
)
def test_a_member_that_runs_do_not_support_is_known_as_such_and_not_read(
    wire: WireServer, store: ArmFleetStore, path: str, kind: str
) -> None:
    script_fleet(wire, member("edge", f"/subscriptions/s/resourceGroups/g/providers/{path}"))
    _, known = store.read_fleet(PROFILE_ID)
    assert members_of(known)["edge"].cluster == UnsupportedCluster(kind)
    assert not wire.requests("GET", "/edge")


def test_throttling_stops_the_reading_at_once(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(wire, member())
    wire.script("GET", SHOP, refusal(429, "TooManyRequests", Retry_After="60"))
    with pytest.raises(ThrottledError) as caught:
        store.read_fleet(PROFILE_ID)
    assert caught.value.retry_after_seconds == 60


def test_a_strategy_that_does_not_exist_is_not_in_the_fleet(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(wire, member())
    wire.script("GET", STRATEGY, refusal(404, "ResourceNotFound"))
    _, known = store.read_fleet(PROFILE_ID)
    assert known.strategies == {}


def test_a_strategy_that_may_not_be_read_is_unknown(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(wire, member())
    wire.script("GET", STRATEGY, refusal(403, "AuthorizationFailed"))
    _, known = store.read_fleet(PROFILE_ID)
    assert isinstance(known.strategies[ResourceId.parse(STRATEGY)], Unknown)


@pytest.mark.parametrize("named", [None, "canary-first", STRATEGY.replace("retail", "wholesale")])
def test_no_strategy_is_read_unless_the_profile_names_one_of_its_fleet(
    wire: WireServer, store: ArmFleetStore, named: Json
) -> None:
    script_fleet(wire, member())
    wire.script("GET", PROFILES, {"value": [profile(updateStrategyId=named)]})
    known_profile, known = store.read_fleet(PROFILE_ID)
    assert known.strategies == {}
    assert not [request for request in wire.requests() if "updatestrategies" in request.path.lower()]
    assert isinstance(known_profile.update_strategy_id, Unparsed) is (named == "canary-first")


def test_the_strategies_of_all_profiles_are_read_each_once(wire: WireServer, store: ArmFleetStore) -> None:
    """A node image run waits for the members of a Kubernetes run, which may have another strategy."""
    script_fleet(wire, member())
    slow = STRATEGY.replace("/updateStrategies/", "/updateStrategies/slow-")
    other: Json = {**profile(), "id": f"{PROFILES}/other"}
    third: Json = {**profile(updateStrategyId=slow), "id": f"{PROFILES}/third"}
    wire.script("GET", PROFILES, {"value": [profile(), other, third]})
    wire.script("GET", slow, {**strategy("rapid"), "id": slow})

    _, known = store.read_fleet(PROFILE_ID)

    assert known.strategies.keys() == {ResourceId.parse(STRATEGY), ResourceId.parse(slow)}
    assert len(wire.requests("GET", STRATEGY)) == 1


def test_the_runs_of_a_fleet_are_read_alone(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("GET", f"{FLEET}/updateRuns", {"value": [run(state="Running", members={"shop": "Pending"})]})

    [known] = store.read_runs(ResourceId.parse(FLEET))

    assert (known.id, known.member_states) == (RUN_ID, {"shop": UpdateState.PENDING})
    assert len(wire.requests()) == 1


def test_a_profile_that_does_not_exist_is_named(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("GET", PROFILES, {"value": []})
    with pytest.raises(NotFoundError, match="autoUpgradeProfiles/rapid"):
        store.read_fleet(PROFILE_ID)
    with pytest.raises(NotFoundError, match="autoUpgradeProfiles/rapid"):
        store.read_profile(PROFILE_ID)


def test_a_fleet_that_does_not_exist_is_named(wire: WireServer, store: ArmFleetStore) -> None:
    with pytest.raises(NotFoundError, match="fleets/retail"):
        store.read_fleet(PROFILE_ID)


def test_a_profile_can_be_read_alone(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("GET", PROFILE, profile())
    assert store.read_profile(PROFILE_ID).id == PROFILE_ID
    assert [request.path for request in wire.requests()] == [PROFILE]


def test_other_profiles_of_the_fleet_come_with_it(wire: WireServer, store: ArmFleetStore) -> None:
    script_fleet(wire, member())
    other = {**profile(), "id": f"{PROFILES}/stable", "name": "stable"}
    wire.script("GET", PROFILES, {"value": [profile(), other]})
    known_profile, known = store.read_fleet(PROFILE_ID)
    assert known_profile.name == "rapid"
    assert [one.name for one in known.profiles] == ["rapid", "stable"]


def test_maintenance_configurations_are_listed_cluster_by_cluster(wire: WireServer, store: ArmFleetStore) -> None:
    other = cluster_path("other")
    configuration: Json = {"id": f"{SHOP}/maintenanceConfigurations/x", "name": "aksManagedAutoUpgradeSchedule"}
    wire.script("GET", f"{SHOP}/maintenanceConfigurations", {"value": [configuration]})
    wire.script("GET", f"{other}/maintenanceConfigurations", refusal(403, "AuthorizationFailed", "no right"))
    windows = store.read_maintenance_windows([ResourceId.parse(SHOP), ResourceId.parse(other)])
    assert windows[ResourceId.parse(SHOP)] == frozenset({"aksmanagedautoupgradeschedule"})
    unknown = windows[ResourceId.parse(other)]
    assert isinstance(unknown, Unknown)
    assert "no right" in unknown.why


def test_a_profile_that_may_not_be_read_is_said_to_be_so(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("GET", PROFILES, refusal(403, "AuthorizationFailed", "the client has no right"))
    with pytest.raises(AccessDeniedError, match="the client has no right"):
        store.read_fleet(PROFILE_ID)


def test_members_that_cannot_be_listed_are_no_empty_fleet(
    wire: WireServer, store: ArmFleetStore, waits: list[float]
) -> None:
    script_fleet(wire, member())
    wire.script("GET", f"{FLEET}/members", refusal(503, "ServiceUnavailable"))
    with pytest.raises(TransientError):
        store.read_fleet(PROFILE_ID)


def test_a_run_that_does_not_exist_is_none(wire: WireServer, store: ArmFleetStore) -> None:
    assert store.find_run(RUN_ID) is None


def test_a_run_that_cannot_be_read_is_an_error_not_none(
    wire: WireServer, store: ArmFleetStore, waits: list[float]
) -> None:
    wire.script("GET", RUN, refusal(500, "InternalServerError"))
    with pytest.raises(TransientError):
        store.find_run(RUN_ID)


def of_many_groups(count: int) -> tuple[list[Json], list[Json]]:
    """Members and their clusters, each in its own resource group."""
    names = [f"c{number}" for number in range(count)]
    return (
        [member(name, cluster_path(name, f"group-{name}")) for name in names],
        [cluster(name, group=f"group-{name}") for name in names],
    )


def test_clusters_of_many_resource_groups_are_one_list_of_their_subscription(
    wire: WireServer, store: ArmFleetStore
) -> None:
    members, clusters = of_many_groups(1000)
    script_fleet(wire, *members[:-1], member("lost", cluster_path("lost", "elsewhere")))
    listed = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/managedClusters"
    wire.script("GET", listed, {"value": clusters})
    _, known = store.read_fleet(PROFILE_ID)
    found = {name: isinstance(one.cluster, Cluster) for name, one in members_of(known).items()}
    assert (sum(found.values()), found["lost"]) == (999, False)
    assert len(wire.requests()) == 6


def test_without_the_right_to_list_a_subscription_resource_groups_are_read_one_by_one(
    wire: WireServer, store: ArmFleetStore
) -> None:
    members, clusters = of_many_groups(6)
    script_fleet(wire, *members)
    listed = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/managedClusters"
    wire.script("GET", listed, refusal(403, "AuthorizationFailed"))
    for number, content in enumerate(clusters):
        wire.script("GET", cluster_path(f"c{number}", f"group-c{number}"), content)
    _, known = store.read_fleet(PROFILE_ID)
    assert all(isinstance(one.cluster, Cluster) for one in known.members)


def test_a_profile_read_alone_has_its_id_as_azure_spells_it(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("GET", PROFILE, profile())

    read = store.read_profile(ResourceId.parse(PROFILE.lower()))

    assert read.id.text == profile()["id"]
