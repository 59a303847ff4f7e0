"""The SDK clients of Azure Resource Manager, on the shared connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient

from shared.azure import api_versions
from shared.azure.arm_pipeline import FleetVersionPolicy, make_policies
from shared.azure.connection import Connection

POLLING_SECONDS = 2
"""Between two polls of a long-running operation. Fleet sends no `Retry-After` with these; the SDK's default is 30 s."""

C = TypeVar("C")


class PerSubscription:
    """Creates clients on first use, one for each subscription; safe to use from several threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._fleet: dict[str, ContainerServiceFleetMgmtClient] = {}
        self._aks: dict[str, ContainerServiceClient] = {}
        self._lock = threading.Lock()

    def fleet(self, subscription: str) -> ContainerServiceFleetMgmtClient:
        """The client of the Fleet resource provider."""
        connection = self._connection
        return self._cached(
            self._fleet,
            subscription,
            lambda: ContainerServiceFleetMgmtClient(
                connection.credential,
                subscription,
                base_url=connection.settings.arm_endpoint,
                credential_scopes=[connection.arm_scope],
                transport=connection.transport(),
                policies=[FleetVersionPolicy(connection.settings.fleet_api_version), *make_policies(connection)],
                api_version=api_versions.FLEET,
                polling_interval=POLLING_SECONDS,
            ),
        )

    def aks(self, subscription: str) -> ContainerServiceClient:
        """The client of the AKS resource provider."""
        connection = self._connection
        return self._cached(
            self._aks,
            subscription,
            lambda: ContainerServiceClient(
                connection.credential,
                subscription,
                base_url=connection.settings.arm_endpoint,
                credential_scopes=[connection.arm_scope],
                transport=connection.transport(),
                policies=make_policies(connection),
                api_version=api_versions.AKS,
            ),
        )

    def _cached(self, clients: dict[str, C], subscription: str, make: Callable[[], C]) -> C:
        key = subscription.lower()
        with self._lock:
            if key not in clients:
                clients[key] = make()
            return clients[key]
