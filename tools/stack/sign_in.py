"""Signs in to the emulator as any client of Azure would: a token of the managed identity, then ARM."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

_RESOURCE = "https://management.azure.com/"


@dataclass(frozen=True, slots=True)
class Subscription:
    """The emulator's one subscription, and the tenant it is in."""

    id: str
    tenant_id: str


def read_subscription(endpoint: str, ca_bundle: Path, identity: Mapping[str, str]) -> Subscription:
    """Ask ARM for the subscription; `identity` is `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`.

    Raises:
        httpx.HTTPError: the emulator does not respond, or refuses.
    """
    trust = ssl.create_default_context(cafile=str(ca_bundle))
    with httpx.Client(base_url=endpoint, verify=trust, trust_env=False) as http:
        token = http.get(
            identity["IDENTITY_ENDPOINT"],
            params={"api-version": "2019-08-01", "resource": _RESOURCE},
            headers={"X-IDENTITY-HEADER": identity["IDENTITY_HEADER"]},
        ).raise_for_status()
        response = http.get(
            "/subscriptions",
            params={"api-version": "2022-12-01"},
            headers={"Authorization": f"Bearer {token.json()['access_token']}"},
        ).raise_for_status()
    shown = response.json()["value"][0]
    return Subscription(str(shown["subscriptionId"]), str(shown["tenantId"]))
