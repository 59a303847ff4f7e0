"""The sweep: every fleet and cluster in a few queries of Azure Resource Graph, in pages of 1,000."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import datetime, timedelta

from shared.azure.arm_reads import ArmReads
from shared.azure.clock import SystemClock
from shared.azure.connection import Connection
from shared.azure.projected_json import ProjectedJson
from shared.azure.projection import Projection
from shared.azure.resource_graph.estate_rows import EstateRows
from shared.azure.resource_graph.queries import (
    CHILD_COLUMNS,
    FLEETS_AND_CLUSTERS,
    TOP_COLUMNS,
    children_of_fleets,
    fleet_with_id,
    runs_to_watch,
)
from shared.azure.sdk_errors import translated
from shared.core.model.ids import ResourceId
from shared.errors import TransientError
from shared.ports import Clock, Estate
from shared.threads import TracedThreads, no_garbage_collection

PAGE_SIZE = 1000
"""The most rows in one response of Resource Graph."""

MEMBERS_READ_FOR = timedelta(days=7)
"""A run that ended longer ago is read without its members' states: few decisions still depend on them."""


AHEAD = 2
"""Requests at a time: a page of each of the two queries."""


def _fields_of(*paths: str) -> ProjectedJson:
    """The fields of a page whose rows have these paths."""
    return ProjectedJson(Projection("$skipToken", "resultTruncated", *(f"data[].{path}" for path in paths)))


_TOP, _CHILDREN, _IDS = _fields_of(*TOP_COLUMNS.in_rows), _fields_of(*CHILD_COLUMNS.in_rows), _fields_of("id")


class ResourceGraphEstateReader:
    """Implements `shared.ports.EstateReader`."""

    def __init__(self, connection: Connection, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._client = ArmReads(connection)
        self._is_preview = connection.settings.uses_fleet_preview
        self._subscriptions = connection.settings.subscription_ids
        groups = connection.settings.management_group_ids
        scope = {"subscriptions": self._subscriptions, "managementGroups": groups}
        self._scope = {name: list(ids) for name, ids in scope.items() if ids}

    def read(self) -> Estate:
        """All fleets; a row that cannot be parsed is reported, and affects no other.

        Raises:
            TransientError: a temporary failure, or rows are missing in the response.
            UserMustFixError: Resource Graph refuses the scope of the settings.
        """
        rows = EstateRows(self._is_preview)
        since = (self._clock.now() - MEMBERS_READ_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
        with TracedThreads(AHEAD) as threads:
            top = self._pages(FLEETS_AND_CLUSTERS, threads, _TOP)
            children = self._pages(children_of_fleets(since), threads, _CHILDREN)
            for columns, pages in ((TOP_COLUMNS, top), (CHILD_COLUMNS, children)):
                for page in pages:
                    with no_garbage_collection():
                        for row in page:
                            rows.add(row, columns)
        return rows.to_estate()

    def has_runs_to_watch(self, ended_since: datetime, failed_since: datetime) -> bool:
        """Whether a run is in progress, or ended or failed lately.

        Raises:
            TransientError: a temporary failure, or no rows in the response.
            UserMustFixError: Resource Graph refuses the scope of the settings.
        """
        return self._has_rows(runs_to_watch(ended_since, failed_since))

    def manages(self, fleet_id: ResourceId) -> bool:
        """Whether the fleet is in a subscription of the settings; in management groups, Resource Graph must show it.

        Raises:
            TransientError: a temporary failure, or no rows in the response.
            UserMustFixError: Resource Graph refuses the scope of the settings.
        """
        if self._subscriptions:
            return fleet_id.subscription.lower() in map(str.lower, self._subscriptions)
        return self._has_rows(fleet_with_id(fleet_id))

    def _has_rows(self, query: str) -> bool:
        with TracedThreads(1) as threads:
            return any(self._pages(query, threads, _IDS))

    def _pages(self, query: str, threads: TracedThreads, fields: ProjectedJson) -> Iterator[list[object]]:
        """The rows of a query. Its first page is requested now, and each further one while the last one is read."""
        return self._read_pages(query, threads, fields, threads.submit(self._page, query, None))

    def _read_pages(
        self, query: str, threads: TracedThreads, fields: ProjectedJson, requested: Future[bytes]
    ) -> Iterator[list[object]]:
        token: object = None
        while True:
            text = requested.result()
            with translated("query", "Resource Graph"), no_garbage_collection():
                page = fields.read(text)
            data, following = page.get("data"), page.get("$skipToken")
            if not isinstance(data, list):
                raise TransientError("Resource Graph returned something other than rows")
            if following and following == token:
                raise TransientError("Resource Graph returned the same page twice")
            if not following and page.get("resultTruncated") == "true":
                raise TransientError("Resource Graph truncated the result and returned no skip token")
            if following:
                requested = threads.submit(self._page, query, following)
            yield data
            if not following:
                return
            token = following

    def _page(self, query: str, token: object) -> bytes:
        """A page as text, which is a fifth of it as objects."""
        options: dict[str, object] = {"$top": PAGE_SIZE, "resultFormat": "objectArray", "allowPartialScopes": False}
        if token is not None:
            options["$skipToken"] = token
        with translated("query", "Resource Graph"):
            return self._client.resources({"query": query, **self._scope, "options": options})
