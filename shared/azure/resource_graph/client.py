"""A client of Resource Graph, on the same pipeline as the SDK's clients.

The SDK's own client is not used: it copies every value of a response one by one, which took two thirds of the time of
a sweep (`tools/benchmarks/memory.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from azure.core.exceptions import (
    ClientAuthenticationError,
    DecodeError,
    HttpResponseError,
    ResourceNotFoundError,
    map_error,
)
from azure.core.pipeline.policies import ContentDecodePolicy
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core import ARMPipelineClient
from azure.mgmt.core.exceptions import ARMErrorFormat

from shared.azure import api_versions
from shared.azure.arm_pipeline import make_policies
from shared.azure.connection import Connection
from shared.azure.json_value import JsonObject

PATH = "/providers/Microsoft.ResourceGraph/resources"
_ERRORS = {401: ClientAuthenticationError, 404: ResourceNotFoundError}


class ResourceGraphClient:
    """One client covers all subscriptions."""

    def __init__(self, connection: Connection) -> None:
        decoded_here = [policy for policy in make_policies(connection) if not isinstance(policy, ContentDecodePolicy)]
        self._pipeline: ARMPipelineClient[HttpRequest, HttpResponse] = ARMPipelineClient(
            base_url=connection.settings.arm_endpoint, policies=decoded_here, transport=connection.transport()
        )

    def resources(self, query: Mapping[str, object]) -> JsonObject:
        """The response to a query: one page.

        Raises:
            HttpResponseError: Resource Graph refuses, or its response is no JSON object.
            AzureError: there is no response.
        """
        request = HttpRequest("POST", PATH, params={"api-version": api_versions.RESOURCE_GRAPH}, json=dict(query))
        request.url = self._pipeline.format_url(request.url)
        response = self._pipeline.send_request(request)
        if response.status_code != 200:
            map_error(status_code=response.status_code, response=response, error_map=_ERRORS)
            raise HttpResponseError(response=response, error_format=ARMErrorFormat)
        try:
            content: object = json.loads(response.content)
        except ValueError as error:
            raise DecodeError("not JSON", response=response) from error
        if not isinstance(content, Mapping):
            raise DecodeError("not a JSON object", response=response)
        return content
