"""How often each caller may request what costs requests to Azure."""

from __future__ import annotations

import base64
import json

import azure.functions as func
import pytest

from functions.http.caller_key import caller_key
from shared import composition
from shared.core.model.run_record import Caller
from shared.errors import InvalidSettingError, TooManyRequestsError
from shared.rate_limit import MAXIMUM_CALLERS, RateLimiter
from shared.settings import HttpSettings, read_http_settings
from tests.app.functions.composed import compose
from tests.app.functions.http_app import HttpApp
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import FLEET, PROFILE

KEY = "S3cretFunctionKey=="
ROUTES = (
    ("GET", f"{PROFILE}/preview"),
    ("POST", f"{FLEET}/preview"),
    ("POST", f"{PROFILE}/generateUpdateRun"),
    ("POST", f"{PROFILE}/evaluate"),
    ("POST", "/evaluate"),
    ("PUT", f"{PROFILE}"),
    ("DELETE", f"{PROFILE}"),
    ("GET", f"{FLEET}/updateRuns/run"),
)


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limiter(seconds: Seconds) -> RateLimiter:
    return RateLimiter(6, seconds)


def allowed(limiter: RateLimiter, caller: str, attempts: int) -> int:
    """How many of the attempts are allowed."""
    count = 0
    for _ in range(attempts):
        try:
            limiter.take(caller)
        except TooManyRequestsError:
            continue
        count += 1
    return count


def test_a_caller_has_a_minutes_requests_at_once_and_then_one_every_few_seconds(
    limiter: RateLimiter, seconds: Seconds
) -> None:
    assert allowed(limiter, "alice", 20) == 6
    seconds.now += 9.9
    assert allowed(limiter, "alice", 1) == 0
    seconds.now += 0.2
    assert allowed(limiter, "alice", 2) == 1
    seconds.now += 3600
    assert allowed(limiter, "alice", 20) == 6


def test_a_refused_caller_is_given_the_seconds_until_the_next_request(limiter: RateLimiter, seconds: Seconds) -> None:
    allowed(limiter, "alice", 6)
    seconds.now += 2.5

    with pytest.raises(TooManyRequestsError) as raised:
        limiter.take("alice")

    assert raised.value.retry_after_seconds == 8
    seconds.now += 8
    assert allowed(limiter, "alice", 1) == 1


def test_callers_do_not_share_their_limits(limiter: RateLimiter) -> None:
    allowed(limiter, "alice", 20)

    assert allowed(limiter, "bob", 20) == 6


def test_the_callers_that_are_remembered_are_bounded_and_the_one_that_keeps_asking_is_not_forgotten(
    limiter: RateLimiter,
) -> None:
    allowed(limiter, "first", 6)
    allowed(limiter, "alice", 6)
    for number in range(MAXIMUM_CALLERS):
        limiter.take(f"caller {number}")
        assert allowed(limiter, "alice", 1) == 0

    assert allowed(limiter, "first", 20) == 6


def test_zero_is_no_limit() -> None:
    assert allowed(RateLimiter(0), "alice", 1000) == 1000


@pytest.mark.parametrize(("text", "expected"), [("", 60), ("0", 0), (" 5 ", 5), ("999999", 999_999)])
def test_the_setting_is_a_whole_number(text: str, expected: int) -> None:
    assert read_http_settings({"AUTO_UPGRADE_REQUESTS_PER_MINUTE": text}).requests_per_minute == expected


@pytest.mark.parametrize("text", ["-1", "1.5", "1_000", "many", "1000000", "\u0663", "9" * 5000])
def test_another_setting_is_an_error(text: str) -> None:
    with pytest.raises(InvalidSettingError, match="AUTO_UPGRADE_REQUESTS_PER_MINUTE"):
        read_http_settings({"AUTO_UPGRADE_REQUESTS_PER_MINUTE": text})


def key_of(caller: Caller | None = None, code: str = "", **headers: str) -> str:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    params = {"code": code} if code else {}
    return caller_key(func.HttpRequest("GET", "https://app/api/x", headers=sent, params=params, body=b""), caller)


def test_a_caller_is_its_object_id_then_its_key_then_its_address() -> None:
    alice = Caller("alice@contoso.example", "1111")

    assert key_of(alice, x_functions_key=KEY) == key_of(alice, code="other") == "entra 1111"
    assert key_of(x_functions_key=KEY, X_Forwarded_For="192.0.2.1:1") == key_of(code=KEY)
    assert key_of(x_functions_key=KEY, code="random") == key_of(x_functions_key=KEY)
    assert key_of(x_functions_key=KEY) != key_of(x_functions_key="other")
    assert KEY not in key_of(x_functions_key=KEY)


@pytest.mark.parametrize("address", ["192.0.2.1", "[2001:db8::1]"])
def test_an_address_is_the_one_that_app_service_adds_without_its_port(address: str) -> None:
    assert key_of(X_Forwarded_For=f"{address}:50000") == key_of(X_Forwarded_For=f"10.0.0.1, {address}:50001")
    assert key_of(X_Forwarded_For=address) != key_of(X_Forwarded_For="192.0.2.2") != key_of()
    assert key_of(X_Forwarded_For="2001:db8::1") == key_of(X_Forwarded_For="[2001:db8::1]:50000")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> HttpApp:
    """Each caller may make one request, ever."""
    stopped = RateLimiter(1, lambda: 0.0)
    compose(monkeypatch)
    monkeypatch.setattr(composition, "rate_limiter", lambda: stopped)
    return HttpApp()


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_what_costs_requests_to_azure_is_refused_beyond_the_limit(
    app: HttpApp, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    emitted, headers = Emitted(caplog), {"x-functions-key": KEY}
    app.request("POST", "/api/evaluate", headers=headers)

    answer = app.request(method, f"/api{path}", headers=headers)

    message = "Each caller may make 1 such requests a minute; retry after 60 s"
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json == {"error": {"code": "TooManyRequests", "message": message}}
    [refused] = emitted.properties("request_refused")
    assert KEY not in str(refused)
    assert app.request("POST", "/api/evaluate", headers={"x-functions-key": "other"}).status == 202


def test_what_reads_the_ledger_alone_has_no_limit(app: HttpApp) -> None:
    for path in ("/api/fleets", "/api/releases", "/api/status", "/api/openapi.json"):
        assert {app.get(path).status for _ in range(3)} == {200}


def test_with_authentication_the_person_is_limited_with_any_key(app: HttpApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "http_settings", lambda: HttpSettings(is_authenticated=True))
    claims = [{"typ": "oid", "val": "1111"}, {"typ": "roles", "val": "FleetAutoUpgrade.Act"}]
    header = {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(json.dumps({"claims": claims}).encode()).decode()}

    statuses = [app.request("POST", "/api/evaluate", headers={**header, "x-functions-key": key}).status for key in "ab"]

    assert statuses == [202, 429]
