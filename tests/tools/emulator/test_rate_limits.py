"""ARM's rate limits."""

from __future__ import annotations

import httpx
import pytest

from tests.tools.emulator.app_client import AppClient
from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH, Lab
from tools.emulator.arm import AUDIENCE
from tools.emulator.arm.rate_limits import Limit, Limits, RateLimits
from tools.emulator.identity import API_VERSION, Caller

CLUSTERS = f"{SUBSCRIPTION_PATH}/providers/Microsoft.ContainerService/managedClusters?{AKS}"
SMALL = Limits(Limit(2, 0.5), Limit(1, 0.5), Limit(1, 0.5))
PREFIX = "x-ms-ratelimit-remaining-"


class Limited:
    """A lab behind limits, with a hand on the clock."""

    def __init__(self, limits: Limits = SMALL) -> None:
        self.now = 1000.0
        self.lab = Lab()
        self.limited = RateLimits(self.lab.faults, self.caller, limits, lambda: self.now)

    def caller(self, authorization: str | None) -> Caller | None:
        return self.lab.identity.check(authorization, AUDIENCE)

    def header(self, client: str) -> str:
        """The `Authorization` header of an identity."""
        response = self.lab.anonymous.get(
            "/msi/token",
            params={"api-version": API_VERSION, "resource": AUDIENCE, "client_id": client},
            headers={"X-IDENTITY-HEADER": "header"},
        )
        return f"Bearer {response.json()['access_token']}"

    def ask(self, method: str = "GET", path: str = CLUSTERS, client: str = "app") -> httpx.Response:
        return AppClient(self.limited, {"Authorization": self.header(client)}).request(method, path)


def remaining(response: httpx.Response) -> dict[str, str]:
    return {name.removeprefix(PREFIX): value for name, value in response.headers.items() if name.startswith(PREFIX)}


@pytest.fixture
def arm() -> Limited:
    return Limited()


def test_what_is_left_counts_down_and_the_next_request_is_refused(arm: Limited) -> None:
    responses = [arm.ask() for _ in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert [remaining(response) for response in responses] == [
        {"subscription-reads": "1", "subscription-global-reads": "29"},
        {"subscription-reads": "0", "subscription-global-reads": "28"},
        {"subscription-reads": "0", "subscription-global-reads": "28"},
    ]
    assert responses[2].headers["Retry-After"] == "2"
    caller = arm.caller(arm.header("app"))
    assert caller is not None
    assert responses[2].json() == {
        "error": {
            "code": "TooManyRequests",
            "message": f"Number of reads of '{caller.object_id}' in '{SUBSCRIPTION_PATH[1:]}' exceeded the limit. "
            "Please try again after '2' seconds.",
        }
    }


def test_a_client_that_waits_as_long_as_retry_after_says_is_served(arm: Limited) -> None:
    responses = [arm.ask() for _ in range(3)]
    arm.now += int(responses[2].headers["Retry-After"])
    assert arm.ask().status_code == 200


def test_who_does_not_wait_is_refused_again_with_what_is_left_of_the_time(arm: Limited) -> None:
    for _ in range(3):
        arm.ask()
    arm.now += 1.9
    again = arm.ask()
    assert (again.status_code, again.headers["Retry-After"]) == (429, "1")
    assert remaining(again)["subscription-reads"] == "0"
    arm.now += 0.1
    assert arm.ask().status_code == 200


def test_a_bucket_is_never_fuller_than_it_is_large(arm: Limited) -> None:
    arm.ask()
    arm.now += 3600
    assert [arm.ask().status_code for _ in range(3)] == [200, 200, 429]


def test_reads_writes_deletes_and_callers_have_buckets_of_their_own(arm: Limited) -> None:
    for _ in range(3):
        arm.ask()
    assert arm.ask("DELETE").status_code == 405
    assert arm.ask("POST").status_code == 405
    assert arm.ask(client="other").status_code == 200
    assert [arm.ask("PUT").status_code, arm.ask("DELETE").status_code] == [429, 429]


def test_all_callers_of_a_subscription_share_fifteen_times_the_limit() -> None:
    arm = Limited(Limits(reads=Limit(1, 0.001)))
    callers = [f"caller{number}" for number in range(16)]
    assert [arm.ask(client=name).status_code for name in callers] == [200] * 15 + [429]


def test_the_tenant_has_separate_buckets(arm: Limited) -> None:
    assert remaining(arm.ask(path="/subscriptions?api-version=2022-12-01")) == {"tenant-reads": "1"}
    assert remaining(arm.ask())["subscription-reads"] == "1"


def test_who_has_no_token_is_refused_for_that_and_not_counted(arm: Limited) -> None:
    anonymous = AppClient(arm.limited)
    assert [anonymous.get(CLUSTERS).status_code for _ in range(3)] == [401, 401, 401]
    assert arm.ask().status_code == 200


def test_the_emulators_own_endpoints_have_no_limits(arm: Limited) -> None:
    assert {arm.ask(path="/emulator/clock").status_code for _ in range(4)} == {200}


def test_the_limits_are_those_of_the_documentation() -> None:
    assert Limits() == Limits(reads=Limit(250, 25.0), writes=Limit(200, 10.0), deletes=Limit(200, 10.0))
