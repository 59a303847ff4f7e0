"""The connection of every adapter to Azure: the managed identity's credential, and one HTTP session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import requests
from azure.core.credentials import TokenCredential
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ManagedIdentityCredential
from requests.adapters import HTTPAdapter

from shared.azure.pace import Pace
from shared.settings import Settings

CONNECTION_TIMEOUT_SECONDS = 10
READ_TIMEOUT_SECONDS = 60
CONNECTIONS = 20
"""Connections that are kept to each host: for the catalogs that are read at once, and what the ledger knows beside."""
BLOCK_BYTES = 1 << 20
"""A body is copied in blocks; those of 4 KiB, the SDK's default, took as long as its transport and decryption."""


def managed_identity(client_id: str | None, *, verify: bool | str = True) -> TokenCredential:
    """The user-assigned identity with this client id, or without one the system-assigned identity."""
    if client_id is None:
        return ManagedIdentityCredential(connection_verify=verify)
    return ManagedIdentityCredential(client_id=client_id, connection_verify=verify)


def _without_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Authentication that adds nothing: without one, requests reads ~/.netrc, whose entry would replace the token."""
    return request


@dataclass(frozen=True)
class Connection:
    """The settings, and the credential and session that are created from them once and shared."""

    settings: Settings

    @property
    def verify(self) -> bool | str:
        """What TLS trusts: the CA bundle of the settings, or the machine's certificates."""
        return str(self.settings.ca_bundle) if self.settings.ca_bundle else True

    @cached_property
    def credential(self) -> TokenCredential:
        """The app's managed identity."""
        return managed_identity(self.settings.managed_identity_client_id, verify=self.verify)

    @cached_property
    def pace(self) -> Pace:
        """What Azure's quotas allow, for all clients."""
        return Pace()

    @cached_property
    def session(self) -> requests.Session:
        """One pool of connections for all adapters."""
        session = requests.Session()
        session.auth = _without_netrc
        session.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        return session

    def get(self, url: str, *, stream: bool = False) -> requests.Response:
        """A plain `GET` without a token. It passes `verify` itself: REQUESTS_CA_BUNDLE would override a session's.

        Raises:
            requests.RequestException: there was no response.
        """
        timeout = (CONNECTION_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)
        return self.session.get(url, timeout=timeout, stream=stream, verify=self.verify)

    def transport(self) -> RequestsTransport:
        """A transport for an SDK client, on the shared pool of connections."""
        return RequestsTransport(
            session=self.session,
            session_owner=False,
            connection_timeout=CONNECTION_TIMEOUT_SECONDS,
            read_timeout=READ_TIMEOUT_SECONDS,
            connection_data_block_size=BLOCK_BYTES,
            connection_verify=self.verify,
        )

    @property
    def arm_scope(self) -> str:
        """The scope of tokens for Azure Resource Manager and Resource Graph."""
        return f"{self.settings.arm_audience}/.default"
