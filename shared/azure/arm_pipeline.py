"""The pipeline of policies for every request to Azure Resource Manager.

It is the SDK's own list with four changes. No resource provider is registered on a 409
`MissingSubscriptionRegistration`: the SDK does that by default, which is a write that no one requested. A long
`Retry-After` is left to the caller. Quotas are respected before a 429 comes. And Fleet's preview is requested on the
wire alone.
"""

from __future__ import annotations

from typing import Any

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import (
    ContentDecodePolicy,
    DistributedTracingPolicy,
    HeadersPolicy,
    RequestIdPolicy,
    RetryPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy, ARMHttpLoggingPolicy

from shared.azure import api_versions
from shared.azure.call_metrics import CallMetricsPolicy
from shared.azure.connection import Connection
from shared.azure.pace import PacePolicy, quota_resets_after

LONGEST_WAIT_SECONDS = 20
"""A longer `Retry-After` is left to the caller: its event is delivered again, while waiting here blocks a thread."""

_TOO_MANY_REQUESTS = 429


class ShortRetryPolicy(RetryPolicy[HttpRequest, HttpResponse]):
    """The SDK's retries, unless the service requests a long wait."""

    def get_retry_after(self, response: PipelineResponse[Any, Any]) -> float | None:
        """`Retry-After`; Resource Graph sends none with its 429, but when its quota is full again."""
        headers = response.http_response.headers
        wait = super().get_retry_after(response)
        if wait is None and response.http_response.status_code == _TOO_MANY_REQUESTS:
            wait = quota_resets_after(headers)
        return wait

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        """Whether to send the request again. `Any` is for types that the SDK keeps private."""
        wait = self.get_retry_after(response)
        if wait is not None and wait > LONGEST_WAIT_SECONDS:
            return False
        is_throttled = response.http_response.status_code == _TOO_MANY_REQUESTS and wait is not None
        again = (is_throttled and settings["total"] > 0) or bool(super().is_retry(settings, response))
        if again:
            response.http_response.read()  # a write's response is a stream: unread, it would keep its connection open
        return again


class FleetVersionPolicy(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """Sends the api-version of the settings instead of the one that the client was made with.

    The SDK refuses `generateUpdateRun` and gates in an api-version that it does not know, as a later preview is. The
    URL of a long-running operation has an api-version of the service, which stays.
    """

    def __init__(self, version: str) -> None:
        self._version = version

    def on_request(self, request: PipelineRequest[HttpRequest]) -> None:
        """Replace the api-version."""
        url = request.http_request.url
        request.http_request.url = url.replace(f"api-version={api_versions.FLEET}", f"api-version={self._version}")


def make_policies(connection: Connection) -> list[object]:
    """New policies for one client: a policy object belongs to one pipeline."""
    return [
        RequestIdPolicy(),
        HeadersPolicy(),
        UserAgentPolicy(base_user_agent="fleet-auto-upgrade"),
        ContentDecodePolicy(),
        ShortRetryPolicy(),
        PacePolicy(connection.pace),
        CallMetricsPolicy(),
        ARMChallengeAuthenticationPolicy(connection.credential, connection.arm_scope),
        DistributedTracingPolicy(),
        ARMHttpLoggingPolicy(),
    ]
