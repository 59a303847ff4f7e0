"""The sweep's queries run as KQL: the emulator's Resource Graph executes them, over more rows than fit on a page."""

import json
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from shared.azure.resource_graph.queries import FLEETS_AND_CLUSTERS
from shared.azure.resource_graph.reader import PAGE_SIZE, ResourceGraphEstateReader
from shared.core.model.fleet import Cluster
from shared.core.model.ids import ResourceId
from shared.core.model.update_run import UpdateState
from shared.ports import Estate
from tests.app.azure.bodies import (
    FLEET,
    RUN,
    SUBSCRIPTION,
    Body,
    cluster,
    cluster_path,
    fleet,
    member,
    profile,
    row,
    run,
    strategy,
)
from tests.app.azure.conftest import connected
from tests.tools.emulator_edge.server import Server
from tools.emulator.identity import Identity
from tools.emulator.resource_graph import ResourceGraph, Tables
from tools.emulator.tls import make_certificates
from tools.json_value import Json

AUDIENCE = "https://management.azure.com"
CLUSTERS = PAGE_SIZE + 3


class Graph:
    """A server of the emulator's Resource Graph, and a sweep over it."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        certificates = make_certificates(directory)
        header = secrets.token_hex(8)
        identity = Identity(header, "11111111-2222-3333-4444-555555555555")
        self.tables = Tables(version=1)
        graph = ResourceGraph(lambda: self.tables, lambda token: identity.check(token, AUDIENCE) is not None)
        self._ca = certificates.ca_pem
        self._server = Server(certificates)
        self._server.app = Starlette(routes=[*identity.routes(), *graph.routes()])
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{self._server.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", header)

    def show(self, resources: list[Body], aksresources: list[Body]) -> None:
        self.tables = Tables(
            version=self.tables.version + 1,
            resources=[_in_subscription(one) for one in resources],
            aksresources=[_in_subscription(one) for one in aksresources],
        )

    def sweep(self, subscription: str = SUBSCRIPTION) -> Estate:
        with connected(self._server.url, self._ca, AUTO_UPGRADE_SUBSCRIPTION_IDS=subscription) as connection:
            return ResourceGraphEstateReader(connection).read()

    def has_runs_to_watch(self, ended_since: datetime, failed_since: datetime) -> bool:
        with connected(self._server.url, self._ca, AUTO_UPGRADE_SUBSCRIPTION_IDS=SUBSCRIPTION) as connection:
            return ResourceGraphEstateReader(connection).has_runs_to_watch(ended_since, failed_since)

    def manages(self, fleet_id: str, **scope: str) -> bool:
        with connected(self._server.url, self._ca, **scope) as connection:
            return ResourceGraphEstateReader(connection).manages(ResourceId.parse(fleet_id))

    def stop(self) -> None:
        self._server.stop()


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Graph]:
    running = Graph(tmp_path, monkeypatch)
    yield running
    running.stop()


def _in_subscription(body: Body) -> dict[str, Json]:
    copied: dict[str, Json] = json.loads(json.dumps(row(body)))
    return {**copied, "subscriptionId": SUBSCRIPTION}


def test_an_estate_of_more_rows_than_a_page_holds_is_read_whole(graph: Graph) -> None:
    names = [f"shop-{number:04}" for number in range(CLUSTERS)]
    graph.show(
        [fleet(**{"auto-upgrade.soak": "P1D", "team": "shop"}), *(cluster(name) for name in names)],
        [
            profile(),
            strategy("rapid"),
            run(members={"shop-0000": "Completed"}),
            *(member(name, cluster_path(name)) for name in names),
        ],
    )
    estate = graph.sweep()
    [known] = estate.fleets
    assert estate.unreadable == ()
    assert known.id == ResourceId.parse(FLEET)
    assert known.tags == {"auto-upgrade.soak": "P1D"}
    assert {one.name for one in known.members} == set(names)
    assert all(isinstance(one.cluster, Cluster) and one.cluster.node_pools for one in known.members)
    assert (len(known.profiles), len(known.strategies), len(known.update_runs)) == (1, 1, 1)


def test_an_empty_subscription_has_no_fleets(graph: Graph) -> None:
    graph.show([fleet()], [profile()])
    assert graph.sweep("00000000-0000-0000-0000-000000000009") == Estate(fleets=())


ENDED = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
"""Runs that ended at or after it are watched."""
FAILED = ENDED - timedelta(hours=24)
"""The same for runs that failed."""


@pytest.mark.parametrize(
    ("state", "completed", "watched"),
    [
        ("Running", None, True),
        ("Stopping", None, True),
        ("Pending", None, True),
        ("ANewState", None, True),
        (None, None, True),
        ("NotStarted", None, False),
        ("Stopped", None, False),
        ("Completed", "2026-08-03T06:00:00.0000000Z", True),
        ("Completed", "2026-08-03T05:59:59Z", False),
        ("Skipped", "2026-08-03T06:00:01Z", True),
        ("Stopped", "2026-08-01T00:00:00Z", False),
        ("Failed", "2026-08-02T06:00:00Z", True),
        ("Failed", "2026-08-02T05:59:59Z", False),
    ],
)
def test_one_small_query_finds_whether_a_run_has_to_be_watched(
    graph: Graph, state: str | None, completed: str | None, *, watched: bool
) -> None:
    old = run(state="Completed", status={"status": {"state": "Completed", "completedTime": "2026-01-01T00:00:00Z"}})
    status: Body = {"state": state, **({"completedTime": completed} if completed else {})}
    graph.show([fleet()], [old, run(f"{RUN}-two", status={"status": status})])

    assert graph.has_runs_to_watch(ENDED, FAILED) is watched


def test_without_runs_nothing_has_to_be_watched(graph: Graph) -> None:
    graph.show([fleet()], [profile()])

    assert not graph.has_runs_to_watch(ENDED, FAILED)


@pytest.mark.parametrize(("subscription", "managed"), [(SUBSCRIPTION.upper(), True), ("another", False)])
def test_a_fleet_is_managed_if_its_subscription_is_whether_or_not_resource_graph_shows_it_yet(
    graph: Graph, subscription: str, *, managed: bool
) -> None:
    assert graph.manages(FLEET, AUTO_UPGRADE_SUBSCRIPTION_IDS=f"other,{subscription}") is managed


@pytest.mark.parametrize(
    ("fleet_id", "managed"), [(FLEET, True), (FLEET.upper(), True), (f"{FLEET}-two", False), (FLEET[:-1], False)]
)
def test_in_management_groups_a_fleet_is_managed_if_resource_graph_shows_it_there(
    graph: Graph, fleet_id: str, *, managed: bool
) -> None:
    graph.show([fleet(), cluster("one")], [profile()])

    assert graph.manages(fleet_id, AUTO_UPGRADE_MANAGEMENT_GROUP_IDS="group") is managed


def test_only_what_decides_something_is_on_the_wire() -> None:
    assert " properties," not in FLEETS_AND_CLUSTERS
    columns = FLEETS_AND_CLUSTERS.partition("project ")[2].partition(" |")[0].split(", ")
    assert columns == [
        "id",
        "type",
        "tags",
        "location",
        "properties_currentKubernetesVersion = properties.currentKubernetesVersion",
        "properties_supportPlan = properties.supportPlan",
        "properties_powerState = properties.powerState",
        "properties_provisioningState = properties.provisioningState",
        "properties_nodeProvisioningProfile = properties.nodeProvisioningProfile",
        "properties_autoUpgradeProfile = properties.autoUpgradeProfile",
        "properties_agentPoolProfiles = properties.agentPoolProfiles",
    ]


def test_a_run_that_ended_long_ago_comes_without_its_members_states(graph: Graph) -> None:
    def ended(name: str, state: str, days_ago: int) -> Body:
        moment = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()
        content = json.loads(json.dumps(run(state=state, members={"shop": state})))
        content |= {"id": f"{FLEET}/updateRuns/{name}", "name": name}
        content["properties"]["status"]["status"] = {"state": state, "completedTime": moment}
        shown: Body = content
        return shown

    graph.show([fleet()], [ended("old", "Completed", 8), ended("new", "Completed", 6), ended("slow", "Running", 8)])
    [known] = graph.sweep().fleets
    runs = {one.name: one for one in known.update_runs}
    assert {name for name, one in runs.items() if one.member_states} == {"new", "slow"}
    assert runs["old"].state is UpdateState.COMPLETED
    assert runs["old"].completed_at is not None
