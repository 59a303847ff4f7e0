"""The SDK's clients for Azure Resource Manager, made once a subscription and used by all threads."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from azure.core.credentials import TokenCredential
from azure.core.pipeline.transport import RequestsTransport
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient
from azure.mgmt.resourcegraph import ResourceGraphClient

from shared.azure.arm_pipeline import ArmPolicy, make_policies
from shared.azure.connection import Connection

POLLING_SECONDS = 2
"""Between two looks at a long-running operation: Fleet sends no Retry-After with those."""

T = TypeVar("T")


class ArmClients:
    """Clients that share the connection's credential and pool of connections."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = Lock()
        self._fleet: dict[str, ContainerServiceFleetMgmtClient] = {}
        self._aks: dict[str, ContainerServiceClient] = {}

    def fleet(self, subscription: str) -> ContainerServiceFleetMgmtClient:
        """The client for the fleets of a subscription."""
        return self._cached(self._fleet, subscription, self._make_fleet)

    def aks(self, subscription: str) -> ContainerServiceClient:
        """The client for the clusters of a subscription, and what its regions offer."""
        return self._cached(self._aks, subscription, self._make_aks)

    def resource_graph(self) -> ResourceGraphClient:
        """A client for queries over subscriptions; the caller keeps it."""
        return ResourceGraphClient(
            self._credential,
            self._endpoint,
            credential_scopes=self._scopes,
            transport=self._transport(),
            policies=self._policies(),
        )

    def _cached(self, clients: dict[str, T], subscription: str, make: Callable[[str], T]) -> T:
        with self._lock:
            key = subscription.lower()
            if key not in clients:
                clients[key] = make(subscription)
            return clients[key]

    def _make_fleet(self, subscription: str) -> ContainerServiceFleetMgmtClient:
        return ContainerServiceFleetMgmtClient(
            self._credential,
            subscription,
            self._endpoint,
            credential_scopes=self._scopes,
            transport=self._transport(),
            policies=self._policies(),
            polling_interval=POLLING_SECONDS,
        )

    def _make_aks(self, subscription: str) -> ContainerServiceClient:
        return ContainerServiceClient(
            self._credential,
            subscription,
            self._endpoint,
            credential_scopes=self._scopes,
            transport=self._transport(),
            policies=self._policies(),
        )

    @property
    def _credential(self) -> TokenCredential:
        return self._connection.credential

    @property
    def _endpoint(self) -> str:
        return self._connection.settings.arm_endpoint

    @property
    def _scopes(self) -> list[str]:
        return [self._connection.arm_scope]

    def _transport(self) -> RequestsTransport:
        return self._connection.transport()

    def _policies(self) -> list[ArmPolicy]:
        return make_policies(self._connection)
