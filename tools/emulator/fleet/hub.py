"""A fleet's hub as ARM shows it, and the credentials for it. There is no cluster behind either."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Final

from tools.emulator.arm import ArmError
from tools.emulator.arm.body import Field, text_at
from tools.emulator.fleet.canonical import canonical
from tools.emulator.state import Fleet
from tools.json_value import Json

HUB_VERSION: Final = "1.34.2"
"""The Kubernetes version of every hub: that of a hub created on 2026-02-23, as recorded.

UNVERIFIED: Fleet upgrades hubs itself, and says neither when nor to what.
"""
_SENT: Final = ("dnsPrefix", "apiServerAccessProfile", "agentProfile")
_LOGIN: Final = ("get-token", "--login", "devicecode", "--environment", "AzurePublicCloud")
_SERVER_ID: Final = "6dae42f8-4368-4678-94ff-3960e28e3630"
"""The application that the API servers of AKS are in Microsoft Entra ID (github.com/Azure/kubelogin)."""
_CLIENT_ID: Final = "80faf920-1908-4b52-b5ef-a8e7bedfc67a"
"""The application that kubectl is there."""


def hub_profile(hub: Field, existing: dict[str, Json] | None) -> dict[str, Json] | None:
    """What is shown of a hub while it is written: what was sent, and what it has already; None without a hub."""
    if not hub.is_given:
        return None
    sent: dict[str, Json] = {name: hub.at(name).value for name in _SENT if hub.at(name).is_given}
    return canonical({**(existing or {}), **sent})


def created_hub(hub: dict[str, Json], fleet_id: str, region: str) -> dict[str, Json]:
    """What is shown of a hub that has been created: also its version, and the names that the service gives.

    Their forms are those of `fleet list` in the recorded `test_fleet_hubless` (2026-02-24).
    """
    digest = hashlib.sha256(fleet_id.lower().encode()).hexdigest()
    prefix = text_at(hub, "dnsPrefix") or f"hub-{digest[-6:]}"
    host = f"{prefix}-{digest[:8]}"
    is_private = Field(hub).at("apiServerAccessProfile", "enablePrivateCluster").flag()
    portal_host = f"{digest[:32]}-priv" if is_private else host
    given: dict[str, Json] = {
        "fqdn": f"{host}.hcp.{region}.azmk8s.io",
        "kubernetesVersion": HUB_VERSION,
        "portalFqdn": f"{portal_host}.portal.hcp.{region}.azmk8s.io",
    }
    return dict(sorted({**hub, **given}.items()))


def credentials(fleet: Fleet, tenant: str) -> dict[str, Json]:
    """The response of `listCredentials`: a kubeconfig that names the hub and holds no secret.

    Its user signs in with kubelogin, whose absence from a kubeconfig the command line of Fleet would notice.

    Raises:
        ArmError: 409, the fleet has no hub yet. UNVERIFIED: status and code.
    """
    if fleet.hub_profile is None or "fqdn" not in fleet.hub_profile:
        raise ArmError(409, "OperationNotAllowed", f"The fleet '{fleet.name}' has no hub cluster.")
    user = f"clusterUser_{fleet.resource_group}_{fleet.name}"
    sign_in = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": [*_LOGIN, "--server-id", _SERVER_ID, "--client-id", _CLIENT_ID, "--tenant-id", tenant],
        "env": None,
    }
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "hub", "cluster": {"server": f"https://{text_at(fleet.hub_profile, 'fqdn')}:443"}}],
        "contexts": [{"name": "hub", "context": {"cluster": "hub", "user": user}}],
        "current-context": "hub",
        "users": [{"name": user, "user": {"exec": sign_in}}],
    }
    encoded = base64.b64encode(json.dumps(kubeconfig).encode()).decode()  # JSON is YAML, too
    return {"kubeconfigs": [{"name": "clusterUser", "value": encoded}]}
