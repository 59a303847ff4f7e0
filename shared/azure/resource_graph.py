"""One sweep over everything by Azure Resource Graph, in pages of 1,000 rows.

Fleets and clusters are in the table `resources`, what lies in a fleet is in `aksresources`. Rows carry `properties`
as ARM has them; their types are in lower case. An answer may lag behind by minutes.
"""

from __future__ import annotations

from collections.abc import Iterator

from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions, ResultFormat, ResultTruncated

from shared.azure.arm_clients import ArmClients
from shared.azure.arm_json import Json
from shared.azure.connection import Connection
from shared.azure.estate_rows import EstateRows
from shared.azure.sdk_errors import translated
from shared.errors import TransientError
from shared.ports import Estate

PAGE_SIZE = 1000
"""The most rows that Resource Graph gives in one answer."""

TOP_LEVEL_QUERY = (
    "resources"
    " | where type in~ ('microsoft.containerservice/fleets', 'microsoft.containerservice/managedclusters')"
    " | project id, name, type, location, tags, properties"
    " | order by id asc"
)
CHILDREN_QUERY = (
    "aksresources"
    " | where type in~ ('microsoft.containerservice/fleets/members',"
    " 'microsoft.containerservice/fleets/updatestrategies',"
    " 'microsoft.containerservice/fleets/autoupgradeprofiles',"
    " 'microsoft.containerservice/fleets/updateruns')"
    " | project id, name, type, properties"
    " | order by id asc"
)


class ResourceGraphEstateReader:
    """Reads the estate in the subscriptions or management groups of the settings."""

    def __init__(self, connection: Connection) -> None:
        self._settings = connection.settings
        self._client = ArmClients(connection).resource_graph()

    def read(self) -> Estate:
        """All fleets with what is in them; all of it, or an error.

        Raises:
            TransientError: Resource Graph failed in passing, or left out rows.
            AccessDeniedError: the app's identity may not read there.
            UserMustFixError: Resource Graph refuses the scope.
        """
        rows = EstateRows()
        for query in (TOP_LEVEL_QUERY, CHILDREN_QUERY):
            for row in self._rows(query):
                rows.add(row)
        return rows.estate()

    def _rows(self, query: str) -> Iterator[Json]:
        skip_token: str | None = None
        while True:
            rows, following = self._page(query, skip_token)
            yield from rows
            if following is None:
                return
            if following == skip_token:
                raise TransientError("Resource Graph gave the same page again")
            skip_token = following

    def _page(self, query: str, skip_token: str | None) -> tuple[list[Json], str | None]:
        request = QueryRequest(
            query=query,
            subscriptions=list(self._settings.subscription_ids) or None,
            management_groups=list(self._settings.management_group_ids) or None,
            options=QueryRequestOptions(top=PAGE_SIZE, skip_token=skip_token, result_format=ResultFormat.OBJECT_ARRAY),
        )
        with translated("query", "Resource Graph"):
            answer = self._client.resources(request)
        if not isinstance(answer.data, list):
            raise TransientError("Resource Graph answered without rows")
        if answer.result_truncated == ResultTruncated.TRUE and not answer.skip_token:
            raise TransientError("Resource Graph left out rows and gave no way to ask for them")
        return answer.data, answer.skip_token or None
