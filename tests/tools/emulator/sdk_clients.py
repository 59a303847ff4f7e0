"""Microsoft's SDK clients, signed in to an emulator by managed identity."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.rest import HttpRequest, HttpResponse
from azure.identity import ManagedIdentityCredential
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.containerservicefleet import ContainerServiceFleetMgmtClient

from tests.tools.emulator.builders import SUBSCRIPTION
from tests.tools.emulator.emulator_process import EmulatorProcess

OnResponse = Callable[[PipelineResponse[HttpRequest, HttpResponse]], None]

_SCOPE = "https://management.azure.com/.default"


@dataclass(frozen=True)
class SdkClients:
    """A client of each resource provider."""

    fleet: ContainerServiceFleetMgmtClient
    aks: ContainerServiceClient
    requests: list[HttpRequest] = field(default_factory=list)
    """What the client of Fleet has sent."""


def clients_of(
    running: EmulatorProcess, *, on_response: OnResponse = lambda _: None
) -> AbstractContextManager[SdkClients]:
    """Clients for a running emulator's subscription; `on_response` gets every response to the client of Fleet."""
    identity = {
        "IDENTITY_ENDPOINT": running.ready["identityEndpoint"],
        "IDENTITY_HEADER": running.ready["identityHeader"],
    }
    return sdk_clients(
        running.ready["endpoint"], running.ready["caBundle"], identity, SUBSCRIPTION, on_response=on_response
    )


@contextmanager
def sdk_clients(
    endpoint: str,
    ca_bundle: str,
    identity: Mapping[str, str],
    subscription: str,
    *,
    on_response: OnResponse = lambda _: None,
) -> Iterator[SdkClients]:
    """Clients for one subscription; `identity` is IDENTITY_ENDPOINT and IDENTITY_HEADER."""
    sent: list[HttpRequest] = []

    def keep(request: PipelineRequest[HttpRequest]) -> None:
        sent.append(request.http_request)

    with (
        patch.dict(os.environ, identity),
        ManagedIdentityCredential(connection_verify=ca_bundle) as credential,
        ContainerServiceFleetMgmtClient(
            credential,
            subscription,
            base_url=endpoint,
            credential_scopes=[_SCOPE],
            connection_verify=ca_bundle,
            polling_interval=0,
            retry_total=0,
            raw_request_hook=keep,
            raw_response_hook=on_response,
        ) as fleet,
        ContainerServiceClient(
            credential, subscription, base_url=endpoint, credential_scopes=[_SCOPE], connection_verify=ca_bundle
        ) as aks,
    ):
        yield SdkClients(fleet, aks, sent)
