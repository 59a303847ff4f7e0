"""What a client reads of a cloud before it signs in, and what it finds at the sign-in address."""

from __future__ import annotations

import pytest

from tests.tools.emulator.builders import TENANT
from tests.tools.emulator.lab import Lab

BASE = "https://emulator"


def test_the_cloud_describes_itself_to_anybody() -> None:
    response = Lab().anonymous.get("/metadata/endpoints?api-version=2022-09-01")
    assert response.json() == {
        "portal": f"{BASE}/",
        "authentication": {
            "loginEndpoint": f"{BASE}/",
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "name": "FleetAutoUpgradeLocal",
        "suffixes": {},
        "resourceManager": f"{BASE}/",
        "microsoftGraphResourceId": f"{BASE}/",
    }


@pytest.mark.parametrize("query", ["", "?api-version=2019-05-01"])
def test_another_version_of_the_description_is_refused(query: str) -> None:
    response = Lab().anonymous.get(f"/metadata/endpoints{query}")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "InvalidApiVersionParameter")


def test_a_token_for_either_audience_of_the_description_opens_arm() -> None:
    lab = Lab()
    described = lab.anonymous.get("/metadata/endpoints?api-version=2022-09-01").json()
    for audience in described["authentication"]["audiences"]:
        headers = {"Authorization": f"Bearer {lab.token(audience)}"}
        assert lab.anonymous.get("/subscriptions?api-version=2022-12-01", headers=headers).status_code == 200


def test_discovery_of_a_tenant_stays_at_this_address() -> None:
    found = Lab().anonymous.get(f"/{TENANT}/v2.0/.well-known/openid-configuration").json()
    assert found["issuer"] == f"{BASE}/{TENANT}/v2.0"
    addresses = [value for name, value in found.items() if name.endswith("_endpoint")]
    assert len(addresses) == 3
    assert all(address.startswith(f"{BASE}/{TENANT}/oauth2/v2.0/") for address in addresses)


@pytest.mark.parametrize("kind", ["token", "devicecode"])
def test_another_way_to_sign_in_is_rejected_with_the_right_one(kind: str) -> None:
    response = Lab().anonymous.request("POST", f"/{TENANT}/oauth2/v2.0/{kind}", content="grant_type=password")
    assert response.status_code == 400
    assert response.json() == {
        "error": "unauthorized_client",
        "error_description": "This is an emulator: only a managed identity gets a token, from IDENTITY_ENDPOINT. "
        "az login --identity does that.",
    }
