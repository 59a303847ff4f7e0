"""The SDK clients of Azure Resource Manager, one a subscription, on the shared connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient

from shared.azure.connection import Connection

C = TypeVar("C")


class PerSubscription:
    """Makes clients when they are first needed; safe to use from several threads."""

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
            ),
        )

    def _cached(self, clients: dict[str, C], subscription: str, make: Callable[[], C]) -> C:
        key = subscription.lower()
        with self._lock:
            if key not in clients:
                clients[key] = make()
            return clients[key]
