"""The pipeline of policies for every request to Azure Resource Manager.

It is the SDK's own list with two changes. No resource provider is registered on a 409
`MissingSubscriptionRegistration`: the SDK does that by default, which is a write that no one requested. And a long
`Retry-After` is left to the caller.
"""

from __future__ import annotations

from typing import Any

from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import (
    ContentDecodePolicy,
    DistributedTracingPolicy,
    HeadersPolicy,
    RequestIdPolicy,
    RetryPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy, ARMHttpLoggingPolicy

from shared.azure.call_metrics import CallMetricsPolicy
from shared.azure.connection import Connection

LONGEST_WAIT_SECONDS = 20
"""A longer `Retry-After` is left to the caller: its event is delivered again, while waiting here blocks a thread."""


class ShortRetryPolicy(RetryPolicy[HttpRequest, HttpResponse]):
    """The SDK's retries, unless the service requests a long wait."""

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        """Whether to send the request again. `Any` is for types that the SDK keeps private."""
        wait = self.get_retry_after(response)
        if wait is not None and wait > LONGEST_WAIT_SECONDS:
            return False
        again = bool(super().is_retry(settings, response))
        if again:
            response.http_response.read()  # a write's response is a stream: unread, it would keep its connection open
        return again


def make_policies(connection: Connection) -> list[object]:
    """New policies for one client: a policy object belongs to one pipeline."""
    return [
        RequestIdPolicy(),
        HeadersPolicy(),
        UserAgentPolicy(base_user_agent="fleet-auto-upgrade"),
        ContentDecodePolicy(),
        ShortRetryPolicy(),
        CallMetricsPolicy(),
        ARMChallengeAuthenticationPolicy(connection.credential, connection.arm_scope),
        DistributedTracingPolicy(),
        ARMHttpLoggingPolicy(),
    ]
