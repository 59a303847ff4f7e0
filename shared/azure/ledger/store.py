"""The table: the operations that the ledger needs, with the app's own errors; no row is larger than Azure accepts."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.data.tables import TableClient, TableServiceClient, UpdateMode

from shared.azure.connection import Connection
from shared.azure.ledger.entities import entity_of, texts_of
from shared.azure.ledger.reading import RowReader
from shared.azure.sdk_errors import PRECONDITION_FAILED, translated

BATCH = 100
"""The most rows of one partition that Table Storage accepts in a transaction."""

BATCH_CHARACTERS = 500_000
"""The most text in a transaction: Table Storage accepts 4 MiB, and a character may need six bytes of JSON."""


Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as it was read, with its ETag."""

    values: Row
    etag: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of a property with `@value`."""

    text: str
    value: str


class Store:
    """Rows of texts, by partition and row key; `reader` turns them into values."""

    def __init__(self, connection: Connection) -> None:
        self.reader = RowReader()
        settings = connection.settings
        self._service = TableServiceClient(
            settings.table_endpoint, credential=connection.credential, transport=connection.transport()
        )
        self._name = settings.table_name
        self._client: TableClient | None = None
        self._lock = threading.Lock()

    def get(self, partition: str, row: str) -> StoredRow | None:
        """The row; None if there is none."""
        with translated("read", f"ledger row {row}"):
            try:
                entity = self._table().get_entity(partition, row)
            except ResourceNotFoundError:
                return None
        return StoredRow(texts_of(entity), str(entity.metadata["etag"]))

    def partition(self, partition: str) -> dict[str, Row]:
        """All rows of the partition, by row key."""
        with translated("read", f"ledger partition {partition}"):
            entities = self._table().query_entities("PartitionKey eq @key", parameters={"key": partition})
            return {str(entity["RowKey"]): texts_of(entity) for entity in entities}

    def rows(self, partition: str, beginning: str) -> dict[str, Row]:
        """The rows of the partition whose keys begin so, by row key."""
        with translated("read", f"ledger partition {partition}"):
            entities = self._table().query_entities(
                "PartitionKey eq @key and RowKey ge @beginning and RowKey lt @end",
                parameters={"key": partition, "beginning": beginning, "end": _after(beginning)},
            )
            return {str(entity["RowKey"]): texts_of(entity) for entity in entities}

    def partitions(
        self, beginning: str, select: Sequence[str] | None = None, condition: Condition | None = None
    ) -> dict[str, dict[str, Row]]:
        """All rows of the partitions whose keys begin so, in pages of 1,000 rows, by partition and row key.

        Args:
            beginning: how the partitions' keys begin; its last character is below all that may come after it.
            select: the properties to read, each short enough for one; None for all.
            condition: what else the rows must fulfil; the service goes through them all.
        """
        found = self.stored(beginning, select, condition)
        return {partition: {key: row.values for key, row in rows.items()} for partition, rows in found.items()}

    def stored(
        self, beginning: str, select: Sequence[str] | None = None, condition: Condition | None = None
    ) -> dict[str, dict[str, StoredRow]]:
        """The same with their ETags."""
        rows: dict[str, dict[str, StoredRow]] = defaultdict(dict)
        end = _after(beginning)
        wanted = None if select is None else ["PartitionKey", "RowKey", *select]
        with translated("read", f"the ledger's partitions {beginning}"):
            for entity in self._table().query_entities(
                "PartitionKey ge @beginning and PartitionKey lt @end" + (f" and {condition.text}" if condition else ""),
                parameters={"beginning": beginning, "end": end, **({"value": condition.value} if condition else {})},
                select=wanted,
            ):
                row = StoredRow(texts_of(entity), str(entity.metadata["etag"]))
                rows[str(entity["PartitionKey"])][str(entity["RowKey"])] = row
        return rows

    def insert(self, partition: str, row: str, values: Row) -> bool:
        """Write a new row. Returns False if the row exists."""
        with translated("write", f"ledger row {row}"):
            try:
                self._table().create_entity(entity_of(partition, row, values))
            except ResourceExistsError:
                return False
        return True

    def replace(self, partition: str, row: str, values: Row, etag: str) -> bool:
        """Replace a row if it has not changed since it was read. Returns False if it has."""
        with translated("write", f"ledger row {row}"):
            try:
                self._table().update_entity(
                    entity_of(partition, row, values),
                    mode=UpdateMode.REPLACE,
                    etag=etag,
                    match_condition=MatchConditions.IfNotModified,
                )
            except HttpResponseError as error:
                if error.status_code == PRECONDITION_FAILED or isinstance(error, ResourceNotFoundError):
                    return False
                raise
        return True

    def delete_unchanged(self, partition: str, row: str, etag: str) -> bool:
        """Delete a row, if it exists, unless it has changed since it was read. Returns False if it has."""
        with translated("write", f"ledger row {row}"):
            try:
                self._table().delete_entity(partition, row, etag=etag, match_condition=MatchConditions.IfNotModified)
            except HttpResponseError as error:
                if error.status_code == PRECONDITION_FAILED:
                    return False
                raise
        return True

    def delete(self, partition: str, row: str) -> None:
        """Delete a row, if it exists."""
        with translated("write", f"ledger row {row}"):
            self._table().delete_entity(partition, row)

    def put(self, partition: str, rows: Iterable[tuple[str, Row]]) -> None:
        """Write rows, replacing existing ones; the last writer wins."""
        entities = [entity_of(partition, row, values) for row, values in rows]
        for batch in _batches(entities):
            with translated("write", f"ledger partition {partition}"):
                self._write(batch)

    def _write(self, batch: Sequence[dict[str, str]]) -> None:
        if len(batch) == 1:  # a transaction of one row takes the SDK three times as long
            self._table().upsert_entity(batch[0], mode=UpdateMode.REPLACE)
            return
        self._table().submit_transaction([("upsert", entity, {"mode": UpdateMode.REPLACE}) for entity in batch])

    def _table(self) -> TableClient:
        with self._lock:
            if self._client is None:
                self._client = self._service.create_table_if_not_exists(self._name)
            return self._client


def _after(beginning: str) -> str:
    """The lowest key above all that begin so."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def _batches(entities: Sequence[dict[str, str]]) -> Iterable[Sequence[dict[str, str]]]:
    batch: list[dict[str, str]] = []
    characters = 0
    for entity in entities:
        size = sum(map(len, entity.values()))
        if batch and (len(batch) == BATCH or characters + size > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(entity)
        characters += size
    if batch:
        yield batch
