"""Tenants, subscriptions and regions: what a client asks for when it signs in."""

from __future__ import annotations

import pytest

from tests.tools.emulator.builders import SUBSCRIPTION, TENANT, fleet, member, world
from tests.tools.emulator.lab import SUBSCRIPTION_PATH, Lab
from tools.json_value import Json

VERSION = "api-version=2022-12-01"
SHOWN: dict[str, Json] = {
    "id": SUBSCRIPTION_PATH,
    "authorizationSource": "RoleBased",
    "managedByTenants": [],
    "subscriptionId": SUBSCRIPTION,
    "tenantId": TENANT,
    "displayName": "Local emulator",
    "state": "Enabled",
    "subscriptionPolicies": {
        "locationPlacementId": "Public_2014-09-01",
        "quotaId": "PayAsYouGo_2014-09-01",
        "spendingLimit": "Off",
    },
}


@pytest.fixture
def lab() -> Lab:
    return Lab(world(fleet("retail", member("shop"))))


def test_there_is_one_subscription(lab: Lab) -> None:
    response = lab.http.get(f"/subscriptions?{VERSION}")
    assert response.json() == {"value": [SHOWN], "count": {"type": "Total", "value": 1}}


def test_it_is_shown_by_its_id_in_any_case(lab: Lab) -> None:
    assert lab.http.get(f"/Subscriptions/{SUBSCRIPTION.upper()}?{VERSION}").json() == SHOWN


def test_it_lies_in_one_tenant(lab: Lab) -> None:
    tenants = lab.http.get(f"/tenants?{VERSION}").json()["value"]
    assert [(tenant["id"], tenant["tenantId"], tenant["tenantType"]) for tenant in tenants] == [
        (f"/tenants/{TENANT}", TENANT, "AAD")
    ]


def test_its_regions_are_those_of_the_world_in_their_order(lab: Lab) -> None:
    locations = lab.get("/locations", VERSION)["value"]
    assert isinstance(locations, list)
    assert locations[0] == {
        "id": f"{SUBSCRIPTION_PATH}/locations/westus2",
        "name": "westus2",
        "type": "Region",
        "displayName": "West US 2",
        "regionalDisplayName": "(North America) West US 2",
        "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
    }
    assert len(locations) == 3


@pytest.mark.parametrize("path", ["/subscriptions", "/tenants", f"{SUBSCRIPTION_PATH}/locations"])
def test_none_of_it_is_shown_without_a_token(lab: Lab, path: str) -> None:
    assert lab.anonymous.get(f"{path}?{VERSION}").status_code == 401


def test_an_api_version_of_another_provider_is_refused(lab: Lab) -> None:
    response = lab.http.get("/subscriptions?api-version=2026-08-01")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "InvalidResourceType")
