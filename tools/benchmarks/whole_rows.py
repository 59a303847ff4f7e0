"""A sweep that asks for whole rows with the SDK's client and keeps them; `tools.benchmarks.memory` compares the two."""

from __future__ import annotations

import json
import os
import sys
import time

from azure.identity import ManagedIdentityCredential
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions, ResultFormat

from shared.azure.connection import Connection
from shared.settings import read_settings
from tools.benchmarks.worker import peak_megabytes

_PROVIDER = "microsoft.containerservice"
_COLUMNS = "project id, type, location, tags, properties | order by id asc"
QUERIES = (
    f"resources | where type in~ ('{_PROVIDER}/fleets', '{_PROVIDER}/managedclusters') | {_COLUMNS}",
    f"aksresources | where type startswith '{_PROVIDER}/fleets/' | {_COLUMNS}",
)


def main() -> int:
    """Read and keep everything."""
    connection = Connection(read_settings(os.environ))
    client = ResourceGraphClient(
        ManagedIdentityCredential(connection_verify=connection.verify),
        base_url=connection.settings.arm_endpoint,
        credential_scopes=[connection.arm_scope],
        transport=connection.transport(),
    )
    began, start, rows = time.process_time(), peak_megabytes(), list[object]()
    for query in QUERIES:
        options = QueryRequestOptions(top=1_000, result_format=ResultFormat.OBJECT_ARRAY)
        while True:
            page = client.resources(
                QueryRequest(query=query, subscriptions=list(connection.settings.subscription_ids), options=options)
            )
            rows += page.data
            if not page.skip_token:
                break
            options.skip_token = page.skip_token
    figures = {"rows": len(rows), "cpuSeconds": time.process_time() - began, "megabytes": peak_megabytes()}
    print(json.dumps({**figures, "megabytesAtStart": start}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
