"""A fleet's hub as ARM shows it, and the credentials for it. There is no cluster behind either."""

from __future__ import annotations

import base64
import hashlib
import json

from tools.emulator.arm import ArmError
from tools.emulator.arm.body import Field, text_at
from tools.emulator.state import Fleet
from tools.json_value import Json

_SENT = ("dnsPrefix", "apiServerAccessProfile", "agentProfile")


def hub_profile(hub: Field, fleet_id: str, region: str) -> dict[str, Json] | None:
    """What is shown of a hub: what was sent, and the names that the service gives; None without a hub.

    UNVERIFIED: the form of the names, and that the Kubernetes version is omitted while there is no hub cluster.
    """
    if not hub.is_given:
        return None
    prefix = hub.at("dnsPrefix").text() or "fleet"
    host = f"{prefix}-{hashlib.sha256(fleet_id.lower().encode()).hexdigest()[:8]}"
    return dict(
        sorted(
            {
                **{name: hub.at(name).value for name in _SENT if hub.at(name).is_given},
                "fqdn": f"{host}.hcp.{region}.azmk8s.io",
                "portalFqdn": f"{host}.portal.hcp.{region}.azmk8s.io",
            }.items()
        )
    )


def credentials(fleet: Fleet) -> dict[str, Json]:
    """The response of `listCredentials`: a kubeconfig that names the hub and holds no secret.

    Raises:
        ArmError: 409, the fleet has no hub. UNVERIFIED: status and code.
    """
    if fleet.hub_profile is None:
        raise ArmError(409, "OperationNotAllowed", f"The fleet '{fleet.name}' has no hub cluster.")
    kubeconfig = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "hub", "cluster": {"server": f"https://{text_at(fleet.hub_profile, 'fqdn')}:443"}}],
        "contexts": [{"name": "hub", "context": {"cluster": "hub", "user": "hub"}}],
        "current-context": "hub",
        "users": [{"name": "hub", "user": {}}],
    }
    encoded = base64.b64encode(json.dumps(kubeconfig).encode()).decode()  # JSON is YAML, too
    return {"kubeconfigs": [{"name": "clusterUser", "value": encoded}]}
