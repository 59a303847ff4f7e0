"""Reports every call to Azure Resource Manager and Resource Graph to telemetry, retries included."""

from __future__ import annotations

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.rest import HttpRequest, HttpResponse

from shared import telemetry
from shared.azure.sdk_errors import retry_after_seconds

_TOO_MANY_REQUESTS = 429


class CallMetricsPolicy(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """Comes after the retry policy in the pipeline, so that each attempt counts."""

    def on_response(
        self, request: PipelineRequest[HttpRequest], response: PipelineResponse[HttpRequest, HttpResponse]
    ) -> None:
        """Count the response; a 429 is also reported as an event."""
        service = _service_of(request.http_request.url)
        status = response.http_response.status_code
        telemetry.azure_called(service, str(request.http_request.method), status)
        if status == _TOO_MANY_REQUESTS:
            telemetry.throttled(service, retry_after_seconds(response.http_response.headers))


def _service_of(url: str) -> str:
    return "ResourceGraph" if "/providers/microsoft.resourcegraph/" in url.lower() else "ResourceManager"
