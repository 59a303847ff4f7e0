"""What every request to Azure Resource Manager goes through.

The SDK's own list of policies, but for two things: it registers no resource provider by itself on a 409
`MissingSubscriptionRegistration` (a write nobody asked for), and it does not sit out a long `Retry-After`.
"""

from __future__ import annotations

from typing import TypeAlias

from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import (
    ContentDecodePolicy,
    DistributedTracingPolicy,
    HeadersPolicy,
    HTTPPolicy,
    RequestIdPolicy,
    RetryPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy, ARMHttpLoggingPolicy

from shared.azure.connection import Connection

LONGEST_WAIT_SECONDS = 20
"""A `Retry-After` beyond this is for the caller: its event comes again, while waiting holds up a worker's thread."""

ArmPolicy: TypeAlias = "HTTPPolicy[HttpRequest, HttpResponse] | SansIOHTTPPolicy[HttpRequest, HttpResponse]"


class ShortRetryPolicy(RetryPolicy[HttpRequest, HttpResponse]):
    """The SDK's retries, as long as the service does not ask for a long wait."""

    def is_retry(self, settings: dict[str, object], response: PipelineResponse[HttpRequest, HttpResponse]) -> bool:
        """Whether to send the request again."""
        wait = self.get_retry_after(response)
        if wait is not None and wait > LONGEST_WAIT_SECONDS:
            return False
        return bool(super().is_retry(settings, response))


def make_policies(connection: Connection) -> list[ArmPolicy]:
    """New policies for one client: a policy belongs to one pipeline."""
    return [
        RequestIdPolicy(),
        HeadersPolicy(),
        UserAgentPolicy(base_user_agent="fleet-auto-upgrade"),
        ContentDecodePolicy(),
        ShortRetryPolicy(),
        ARMChallengeAuthenticationPolicy(connection.credential, connection.arm_scope),
        DistributedTracingPolicy(),
        ARMHttpLoggingPolicy(),
    ]
