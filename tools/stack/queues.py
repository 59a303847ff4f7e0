"""Makes the queues of the app's storage account, as the templates make them in Azure."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

import httpx

QUEUES = tuple(
    name for queue in ("evaluate-estate", "evaluate-profile", "watch-gates") for name in (queue, f"{queue}-poison")
)
"""As in infra/modules/storage.bicep; a test compares them."""

_RESOURCE = "https://storage.azure.com"


def make_queues(endpoint: str, ca_bundle: Path, identity: Mapping[str, str]) -> None:
    """Make them; `identity` is `IDENTITY_ENDPOINT` and `IDENTITY_HEADER`.

    Raises:
        httpx.HTTPError: the storage account does not respond, or refuses.
    """
    trust = ssl.create_default_context(cafile=str(ca_bundle))
    with httpx.Client(verify=trust, trust_env=False) as http:
        token = http.get(
            identity["IDENTITY_ENDPOINT"],
            params={"api-version": "2019-08-01", "resource": _RESOURCE},
            headers={"X-IDENTITY-HEADER": identity["IDENTITY_HEADER"]},
        ).raise_for_status()
        headers = {"Authorization": f"Bearer {token.json()['access_token']}", "x-ms-version": "2020-10-02"}
        for name in QUEUES:
            http.put(f"{endpoint}/{name}", headers=headers).raise_for_status()
