"""Tenants, subscriptions and their regions, as ARM lists them to a client that signs in.

Bodies have the fields of the models in `azure-mgmt-subscription` and `azure-mgmt-resource`. UNVERIFIED: which of them
the service omits; of a region's `metadata`, coordinates, paired regions and geographies are omitted here.
"""

from __future__ import annotations

from typing import Final

from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.router import ArmRouter
from tools.emulator.regions import region
from tools.emulator.state import Estate
from tools.json_value import Json

API_VERSIONS: Final = (
    "2016-06-01",
    "2018-06-01",
    "2019-06-01",
    "2019-11-01",
    "2020-01-01",
    "2021-01-01",
    "2022-12-01",
)
_DISPLAY_NAME: Final = "Local emulator"
_DOMAIN: Final = "emulator.invalid"


class Subscriptions:
    """The one subscription, and the one tenant it is in."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        for template, handler in (
            ("/tenants", self._tenants),
            ("/subscriptions", self._list),
            ("/subscriptions/{subscription}", self._get),
            ("/subscriptions/{subscription}/locations", self._locations),
        ):
            router.add("GET", template, handler, api_versions=API_VERSIONS)

    def _tenants(self, _: ArmRequest) -> ArmResponse:
        tenant = self._estate.tenant
        shown: Json = {
            "id": f"/tenants/{tenant}",
            "tenantId": tenant,
            "countryCode": "US",
            "displayName": _DISPLAY_NAME,
            "domains": [_DOMAIN],
            "tenantCategory": "Home",
            "defaultDomain": _DOMAIN,
            "tenantType": "AAD",
        }
        return ArmResponse(body={"value": [shown]})

    def _list(self, _: ArmRequest) -> ArmResponse:
        return ArmResponse(body={"value": [self._show()], "count": {"type": "Total", "value": 1}})

    def _get(self, _: ArmRequest) -> ArmResponse:
        return ArmResponse(body=self._show())

    def _show(self) -> dict[str, Json]:
        subscription = self._estate.subscription
        return {
            "id": f"/subscriptions/{subscription}",
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "subscriptionId": subscription,
            "tenantId": self._estate.tenant,
            "displayName": _DISPLAY_NAME,
            "state": "Enabled",
            "subscriptionPolicies": {
                "locationPlacementId": "Public_2014-09-01",
                "quotaId": "PayAsYouGo_2014-09-01",
                "spendingLimit": "Off",
            },
        }

    def _locations(self, _: ArmRequest) -> ArmResponse:
        locations: list[Json] = [_location(name, self._estate.subscription) for name in self._estate.regions]
        return ArmResponse(body={"value": locations})


def _location(name: str, subscription: str) -> dict[str, Json]:
    place = region(name)
    return {
        "id": f"/subscriptions/{subscription}/locations/{name}",
        "name": name,
        "type": "Region",
        "displayName": place.display_name,
        "regionalDisplayName": f"({place.continent}) {place.display_name}",
        "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
    }
