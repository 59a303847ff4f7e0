"""Managed identity."""

import time

import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError

from tests.tools.emulator_edge.edge import ARM, TENANT, Edge
from tools.emulator.identity import LIFETIME_SECONDS, Identity


def claims_of(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def test_azure_identity_gets_a_token_that_is_accepted(edge: Edge) -> None:
    token = edge.credential().get_token(f"{ARM}/.default")
    caller = edge.identity.check(f"Bearer {token.token}", ARM)
    assert caller is not None
    claims = claims_of(token.token)
    assert (caller.object_id, caller.app_id) == (claims["oid"], claims["appid"])
    assert claims["iss"] == f"https://sts.windows.net/{TENANT}/"
    assert claims["tid"] == TENANT
    assert token.expires_on == claims["exp"]


def test_a_token_is_good_for_a_day_of_real_time(edge: Edge) -> None:
    claims = claims_of(edge.token(ARM))
    issued = claims["iat"]
    assert isinstance(issued, int)
    assert abs(time.time() - issued) < 60
    assert claims["nbf"] == issued
    assert claims["exp"] == issued + 86400


def test_a_user_assigned_identity_is_known_by_its_client_id(edge: Edge) -> None:
    client_id = "99999999-0000-0000-0000-000000000000"
    token = edge.credential(client_id).get_token("https://storage.azure.com/.default").token
    own = edge.identity.check(f"Bearer {token}", "https://storage.azure.com")
    system = edge.identity.check(f"Bearer {edge.token('https://storage.azure.com')}", "https://storage.azure.com")
    assert own is not None
    assert system is not None
    assert own.app_id == client_id
    assert own.object_id != system.object_id


def test_a_token_that_was_accepted_is_refused_when_it_has_expired_and_for_another_audience(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = f"Bearer {edge.token(ARM)}"
    first, again = edge.identity.check(header, ARM), edge.identity.check(header, ARM)
    elsewhere = edge.identity.check(header, "https://vault.azure.net")
    issued = time.time()
    monkeypatch.setattr(time, "time", lambda: issued + LIFETIME_SECONDS + 1)

    assert first is not None
    assert (again, elsewhere) == (first, None)
    assert edge.identity.check(header, ARM) is None


def test_azure_identity_reports_a_wrong_identity_header(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_HEADER", "wrong")
    with pytest.raises(ClientAuthenticationError, match="X-IDENTITY-HEADER"):
        edge.credential().get_token(f"{ARM}/.default")


@pytest.mark.parametrize(
    ("parameters", "header", "status", "says"),
    [
        ({"api-version": "2019-08-01", "resource": ARM}, None, 401, "X-IDENTITY-HEADER"),
        ({"api-version": "2017-09-01", "resource": ARM}, "right", 400, "api-version"),
        ({"api-version": "2019-08-01"}, "right", 400, "resource"),
    ],
)
def test_a_wrong_request_is_refused_with_the_reason(
    edge: Edge, parameters: dict[str, str], header: str | None, status: int, says: str
) -> None:
    headers = {} if header is None else {"X-IDENTITY-HEADER": edge.header}
    response = edge.http.get("/msi/token", params=parameters, headers=headers)
    assert response.status_code == status
    assert response.json()["statusCode"] == status
    assert says in response.json()["message"]


@pytest.mark.parametrize(("issued", "asked"), [(ARM, f"{ARM}/"), (f"{ARM}/", ARM)])
def test_a_slash_at_the_end_of_an_audience_makes_no_difference(edge: Edge, issued: str, asked: str) -> None:
    assert edge.identity.check(f"Bearer {edge.token(issued)}", asked) is not None


def test_a_token_for_another_audience_is_not_accepted(edge: Edge) -> None:
    assert edge.identity.check(f"Bearer {edge.token('https://vault.azure.net')}", ARM) is None


def test_a_token_of_another_start_is_not_accepted(edge: Edge) -> None:
    assert Identity(edge.header, TENANT).check(f"Bearer {edge.token(ARM)}", ARM) is None


def test_an_expired_token_is_not_accepted(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    yesterday = time.time() - 2 * 86400
    with monkeypatch.context() as patched:
        patched.setattr("tools.emulator.identity.time.time", lambda: yesterday)
        old = edge.token(ARM)
    assert edge.identity.check(f"Bearer {old}", ARM) is None


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nonsense", "Basic abc"])
def test_what_is_no_token_is_not_accepted(edge: Edge, header: str | None) -> None:
    assert edge.identity.check(header, ARM) is None
