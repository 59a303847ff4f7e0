"""What goes wrong in a world, from its start on."""

from __future__ import annotations

import time
from datetime import timedelta

import httpx
import pytest

from tests.tools.emulator.app_client import AppClient
from tests.tools.emulator.builders import MONDAY, at, fleet, member, world
from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH
from tests.tools.releases.builders import patch, timeline
from tools.emulator.app import Emulator, Options
from tools.emulator.identity import API_VERSION
from tools.emulator.state import OrderedFailures
from tools.json_value import Json
from tools.releases import Fact

CLUSTERS = f"{SUBSCRIPTION_PATH}/providers/Microsoft.ContainerService/managedClusters?{AKS}"
QUERIES = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"


class Started:
    """An emulator with a small world, and a client with a token."""

    def __init__(self, *facts: Fact, throttle: bool = False, **more: Json) -> None:
        described = world(fleet("retail", member("shop"), member("late", joins="2026-01-08T00:00:00Z")), **more)
        self.emulator = Emulator(Options(described, timeline(*facts), throttle=throttle))
        response = AppClient(self.emulator.app).get(
            "/msi/token",
            params={"api-version": API_VERSION, "resource": "https://management.azure.com"},
            headers={"X-IDENTITY-HEADER": self.emulator.identity_header},
        )
        self._http = AppClient(self.emulator.app, {"Authorization": f"Bearer {response.json()['access_token']}"})

    def ask(self, path: str = CLUSTERS) -> httpx.Response:
        return self._http.get(path)

    def query(self) -> httpx.Response:
        return self._http.request("POST", QUERIES, json={"query": "resources | project id"})


def test_a_world_begins_when_it_says_unless_an_option_says_otherwise() -> None:
    assert Started().emulator.clock.now() == MONDAY
    described = world(start="2026-02-01T00:00:00Z")
    assert Emulator(Options(described, timeline())).clock.now() == at(1, month=2)
    assert Emulator(Options(described, timeline(), start=at(9))).clock.now() == at(9)


def test_releases_come_late_to_a_slow_region() -> None:
    """Of the three regions, the second has a release five business days after the first."""
    made = Started(patch("1.31.1"), faults={"regions": {"eastus": {"releaseDelayDays": 2.5}}}).emulator
    turn = MONDAY + timedelta(days=7)
    made.clock.advance(turn + timedelta(days=2.5, seconds=-1))
    assert "1.31.1" not in made.offers.versions()["eastus"]
    made.clock.advance(turn + timedelta(days=2.5))
    assert "1.31.1" in made.offers.versions()["eastus"]


def test_upgrades_of_named_members_fail_also_of_one_that_joins_later() -> None:
    upgrades: list[Json] = [
        {"member": "retail/shop", "times": 2, "provisioningState": "Succeeded"},
        {"member": "retail/late"},
    ]
    made = Started(faults={"upgrades": upgrades}).emulator
    made.clock.advance(at(8))
    assert {cluster.name: cluster.failures for cluster in made.estate.clusters.values()} == {
        "shop": OrderedFailures(2, "Succeeded"),
        "late": OrderedFailures(1, "Failed"),
    }


@pytest.mark.parametrize("begins", ["2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"])
def test_an_operation_that_no_run_began_makes_a_cluster_busy_from_its_begin_to_its_end(begins: str) -> None:
    operation: Json = {"member": "retail/shop", "begins": begins, "ends": "2026-01-07T00:00:00Z"}
    made = Started(faults={"operations": [operation]}).emulator
    shop = next(iter(made.estate.clusters.values()))
    assert shop.provisioning_state == ("Updating" if begins < "2026-01-06" else "Succeeded")
    made.clock.advance(at(6))
    assert shop.provisioning_state == "Updating"
    made.clock.advance(at(7))
    assert shop.provisioning_state == "Succeeded"


def test_an_operation_is_refused_where_another_is_in_progress_or_no_cluster_is_yet() -> None:
    operations: list[Json] = [
        {"member": "retail/shop", "begins": "2026-01-05T00:00:00Z", "provisioningState": "Migrating"},
        {"member": "retail/shop", "begins": "2026-01-06T00:00:00Z", "ends": "2026-01-06T12:00:00Z"},
        {"member": "retail/late", "begins": "2026-01-06T00:00:00Z"},
        {"member": "retail/shop", "begins": "2026-01-01T00:00:00Z", "ends": "2026-01-02T00:00:00Z"},
    ]
    made = Started(faults={"operations": operations}).emulator
    made.clock.advance(at(9))
    states = {cluster.name: cluster.provisioning_state for cluster in made.estate.clusters.values()}
    assert states == {"shop": "Migrating", "late": "Succeeded"}


def test_requests_meet_faults() -> None:
    started = Started(faults={"requests": [{"path": "managedClusters$", "action": "status", "status": 503}]})
    assert [started.ask().status_code for _ in range(2)] == [503, 200]


def test_every_response_is_late_but_those_of_the_emulator_itself() -> None:
    started = Started(faults={"latency": {"milliseconds": 60}})
    began = time.monotonic()
    assert started.ask().status_code == 200
    assert time.monotonic() - began >= 0.06


def test_limits_can_be_small() -> None:
    slowly: Json = {"size": 1, "refillPerSecond": 0.001}
    started = Started(faults={"throttling": {"reads": slowly, "resourceGraph": {"queries": 1, "seconds": 600}}})
    assert [started.ask().status_code for _ in range(2)] == [200, 429]
    responses = [started.query() for _ in range(2)]
    assert [response.status_code for response in responses] == [200, 429]
    assert responses[0].headers["x-ms-user-quota-resets-after"] == "00:10:00"


def test_without_throttling_the_headers_never_change_and_with_it_they_count_down() -> None:
    remaining = "x-ms-ratelimit-remaining-subscription-global-reads"
    assert [started.ask().headers[remaining] for started in [Started()] for _ in range(2)] == ["16499", "16499"]
    assert int(Started(throttle=True).ask().headers[remaining]) < 15 * 250


def test_a_quota_of_queries_is_reset_by_simulated_time_unless_it_is_enforced() -> None:
    left = []
    for started in (Started(), Started(throttle=True)):
        for _ in range(2):
            left.append(started.query().headers["x-ms-user-quota-remaining"])
            started.emulator.clock.advance(started.emulator.clock.now() + timedelta(seconds=5))
    assert left == ["14", "14", "14", "13"]


def test_limits_of_the_world_are_kept_where_documented_ones_are_asked_for() -> None:
    slowly: Json = {"size": 1, "refillPerSecond": 0.001}
    started = Started(throttle=True, faults={"throttling": {"reads": slowly}})
    assert [started.ask().status_code for _ in range(2)] == [200, 429]
