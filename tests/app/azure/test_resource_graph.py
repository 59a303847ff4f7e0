"""The sweep by Resource Graph: whole pages, whole estates, and odd rows reported."""

import pytest

from shared.azure.connection import Connection
from shared.azure.resource_graph import reader
from shared.azure.resource_graph.reader import ResourceGraphEstateReader
from shared.core.model.fleet import Cluster
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateState
from shared.errors import ThrottledError, TransientError, UserMustFixError
from shared.ports import Estate
from tests.app.azure.bodies import (
    FLEET,
    PROFILE,
    STRATEGY,
    SUBSCRIPTION,
    Body,
    cluster,
    cluster_path,
    fleet,
    member,
    profile,
    resource,
    run,
    strategy,
)
from tests.app.azure.bodies import row as stored_row
from tests.app.azure.conftest import connected
from tests.app.azure.wire_server import Json, Response, WireServer, refusal

GRAPH = "/providers/Microsoft.ResourceGraph/resources"
OPTIONS: Body = {"$top": 1000, "resultFormat": "objectArray", "allowPartialScopes": False}


@pytest.fixture(autouse=True)
def _one_request_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two queries take turns, so that scripted pages come in order."""
    monkeypatch.setattr(reader, "AHEAD", 1)


def row(body: Body) -> Json:
    """A resource as the sweep's query projects it: a column for each field of its properties, and of a run's status."""
    shown = dict(stored_row(body))
    properties = shown.pop("properties", None)
    for name, value in (properties if isinstance(properties, dict) else {}).items():
        inner = value.items() if name == "status" and isinstance(value, dict) else ()
        shown |= {f"properties_{name}_{key}": each for key, each in inner} or {f"properties_{name}": value}
    return shown


def page(*rows: Json, truncated: str = "false", skip_token: str | None = None) -> Json:
    following: Body = {} if skip_token is None else {"$skipToken": skip_token}
    count = len(rows)
    shown: Body = {"totalRecords": count, "count": count, "resultTruncated": truncated, "data": list(rows)}
    return {**shown, "facets": [], **following}


def script(wire: WireServer, *bodies: Body) -> None:
    """One page of fleets and clusters, and one of what lies in fleets."""
    top = [row(body) for body in bodies if str(body["id"]).count("/") == FLEET.count("/")]
    children = [row(body) for body in bodies if str(body["id"]).count("/") != FLEET.count("/")]
    wire.script("POST", GRAPH, page(*top), page(*children))


def read(connection: Connection) -> Estate:
    return ResourceGraphEstateReader(connection).read()


def test_a_fleet_comes_with_everything_in_it(wire: WireServer, connection: Connection) -> None:
    script(
        wire,
        fleet(**{"auto-upgrade.regions": "any"}),
        cluster(),
        member(),
        strategy("rapid"),
        profile(),
        run(state="Running", members={"shop": "Running"}),
    )
    estate = read(connection)
    [known] = estate.fleets
    assert estate.unreadable == ()
    assert known.id == ResourceId.parse(FLEET)
    assert known.tags == {"auto-upgrade.regions": "any"}
    assert set(known.strategies) == {ResourceId.parse(STRATEGY)}
    assert [one.channel for one in known.profiles] == [Channel.RAPID]
    assert [(one.state, one.member_states, one.etag) for one in known.update_runs] == [
        (UpdateState.RUNNING, {"shop": UpdateState.RUNNING}, "")
    ]
    [shop] = known.members
    assert isinstance(shop.cluster, Cluster)
    assert shop.cluster.kubernetes_version == KubernetesVersion(1, 30, 5)


def test_two_queries_read_everything_each_with_its_scope_and_its_order(
    wire: WireServer, connection: Connection
) -> None:
    script(wire)
    read(connection)
    bodies = [request.body for request in wire.requests("POST", GRAPH)]
    assert len(bodies) == 2
    for body, table in zip(bodies, ("resources", "aksresources"), strict=True):
        assert isinstance(body, dict)
        assert body["subscriptions"] == [SUBSCRIPTION]
        assert "managementGroups" not in body
        assert body["options"] == OPTIONS
        query = str(body["query"])
        assert query.startswith(f"{table} | where type in~ (")
        assert "| project id, " in query
        assert query.endswith("| order by id asc")


def test_management_groups_are_a_scope_instead_of_subscriptions(wire: WireServer, connection: Connection) -> None:
    script(wire)
    with connected(wire.url, wire.ca, AUTO_UPGRADE_MANAGEMENT_GROUP_IDS="shops, depots") as other:
        read(other)
    body = wire.requests("POST", GRAPH)[0].body
    assert isinstance(body, dict)
    assert body["managementGroups"] == ["shops", "depots"]
    assert "subscriptions" not in body


def test_pages_are_turned_until_there_is_no_skip_token(wire: WireServer, connection: Connection) -> None:
    shops = [member(f"shop-{number}", cluster_path(f"shop-{number}")) for number in range(3)]
    wire.script(
        "POST",
        GRAPH,
        page(row(fleet()), skip_token="one"),
        page(*map(row, shops[:2]), skip_token="two", truncated="true"),
        page(*(row(cluster(f"shop-{number}")) for number in range(3))),
        page(row(shops[2])),
    )
    [known] = read(connection).fleets
    assert [isinstance(one.cluster, Cluster) for one in known.members] == [True, True, True]
    tokens = [request.body["options"] for request in wire.requests("POST", GRAPH) if isinstance(request.body, dict)]
    assert tokens == [OPTIONS, OPTIONS, {**OPTIONS, "$skipToken": "one"}, {**OPTIONS, "$skipToken": "two"}]


@pytest.mark.parametrize(
    "response",
    [
        Response(page(row(fleet()), truncated="true")),
        Response({"totalRecords": 0, "count": 0, "resultTruncated": "false", "data": {"columns": [], "rows": []}}),
        Response({"totalRecords": 0, "count": 0, "resultTruncated": "false"}),
        Response("half an ans"),
        Response([row(fleet())]),
    ],
)
def test_a_response_with_missing_rows_is_never_taken_for_the_estate(
    wire: WireServer, connection: Connection, response: Response
) -> None:
    wire.script("POST", GRAPH, response)
    with pytest.raises(TransientError):
        read(connection)


def test_what_many_clusters_have_in_common_is_in_memory_once(wire: WireServer, connection: Connection) -> None:
    """A hundred thousand clusters have few versions, images, states and regions."""
    script(
        wire,
        fleet(),
        *(each for name in ("shop-1", "shop-2") for each in (cluster(name), member(name, cluster_path(name)))),
    )
    [known] = read(connection).fleets
    one, two = (member.cluster for member in known.members)
    assert isinstance(one, Cluster)
    assert isinstance(two, Cluster)
    assert one.id != two.id
    assert one.kubernetes_version is two.kubernetes_version
    assert one.region is two.region
    for mine, other in zip(one.node_pools, two.node_pools, strict=True):
        assert mine.image is other.image
        assert mine.name is other.name


def test_the_same_page_twice_ends_the_sweep(wire: WireServer, connection: Connection) -> None:
    wire.script("POST", GRAPH, page(row(fleet()), skip_token="same"))
    with pytest.raises(TransientError, match="same page twice"):
        read(connection)


def test_a_fault_between_pages_leaves_no_partial_estate(
    wire: WireServer, connection: Connection, waits: list[float]
) -> None:
    wire.script("POST", GRAPH, page(row(fleet()), skip_token="one"), refusal(500, "InternalServerError"))
    with pytest.raises(TransientError):
        read(connection)


def test_throttling_is_raised_with_its_wait(wire: WireServer, connection: Connection) -> None:
    wire.script("POST", GRAPH, refusal(429, "RateLimiting", Retry_After="30"))
    with pytest.raises(ThrottledError) as caught:
        read(connection)
    assert caught.value.retry_after_seconds == 30


def test_a_scope_that_resource_graph_refuses_is_for_a_person_to_mend(wire: WireServer, connection: Connection) -> None:
    wire.script("POST", GRAPH, refusal(400, "BadRequest", "no such subscription"))
    with pytest.raises(UserMustFixError, match="no such subscription"):
        read(connection)


def test_a_member_whose_cluster_is_in_no_row_has_an_unknown_one(wire: WireServer, connection: Connection) -> None:
    script(wire, fleet(), cluster("other"), member())
    [known] = read(connection).fleets
    assert isinstance(known.members[0].cluster, Unknown)
    assert "was not found" in known.members[0].cluster.why


def test_a_row_that_comes_again_on_the_next_page_counts_once(wire: WireServer, connection: Connection) -> None:
    wire.script("POST", GRAPH, page(row(fleet())), page(row(profile()), skip_token="one"), page(row(profile())))
    [known] = read(connection).fleets
    assert len(known.profiles) == 1


@pytest.mark.parametrize("odd", [{"name": "who", "id": None}, {"id": "/subscriptions/x"}, "row", 7])
def test_a_row_without_an_id_is_reported_and_affects_no_other(
    wire: WireServer, connection: Connection, odd: Json
) -> None:
    wire.script("POST", GRAPH, page(row(fleet()), row(cluster())), page(odd, row(member()), row(profile())))
    estate = read(connection)
    assert len(estate.unreadable) == 1
    assert "a row without a resource's id" in estate.unreadable[0]
    assert isinstance(estate.fleets[0].members[0].cluster, Cluster)
    assert len(estate.fleets[0].profiles) == 1


def test_what_lies_in_a_fleet_that_has_no_row_is_reported(wire: WireServer, connection: Connection) -> None:
    script(wire, profile(), member())
    estate = read(connection)
    assert estate.fleets == ()
    assert estate.unreadable == (f"Resource Graph shows what lies in the fleet {FLEET}, but not the fleet",)


def test_resources_whose_properties_make_no_sense_are_kept_as_unknown(wire: WireServer, connection: Connection) -> None:
    script(
        wire,
        fleet(),
        cluster(agentPoolProfiles="many"),
        member(),
        resource(STRATEGY, {"strategy": None}),
        resource(PROFILE, None),
        run(status=None),
    )
    estate = read(connection)
    assert estate.unreadable == ()
    [known] = estate.fleets
    assert isinstance(known.members[0].cluster, Unknown)
    assert isinstance(known.strategies[ResourceId.parse(STRATEGY)], Unknown)
    assert known.update_runs[0].is_unfinished
    assert not isinstance(known.profiles[0].channel, Channel)
