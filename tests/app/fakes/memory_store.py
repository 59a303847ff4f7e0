"""The table in memory, for tests of the ledger's rules over rows of any content."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from shared.azure.ledger.entities import entity_of, texts_of
from shared.azure.ledger.overview import TableOverview
from shared.azure.ledger.reading import RowReader
from shared.azure.ledger.store import Condition, Row, Store, StoredRow
from shared.azure.ledger.table_ledger import TableLedger

Entity = dict[str, object]


class MemoryStore(Store):
    """Entities by partition and row key; tests put anything into them."""

    def __init__(self) -> None:
        self.reader = RowReader()
        self.entities: dict[tuple[str, str], Entity] = {}
        self.etags: dict[tuple[str, str], str] = {}
        self._numbers = itertools.count(1)

    def write(self, partition: str, row: str, entity: Mapping[str, object]) -> None:
        """Write an entity as it is."""
        self.entities[partition, row] = dict(entity)
        self.etags[partition, row] = str(next(self._numbers))

    def get(self, partition: str, row: str) -> StoredRow | None:
        if (partition, row) not in self.entities:
            return None
        return StoredRow(texts_of(self.entities[partition, row]), self.etags[partition, row])

    def partition(self, partition: str) -> dict[str, Row]:
        return {row: texts_of(entity) for (place, row), entity in self.entities.items() if place == partition}

    def rows(self, partition: str, beginning: str) -> dict[str, Row]:
        return {row: texts for row, texts in self.partition(partition).items() if row.startswith(beginning)}

    def partitions(
        self, beginning: str, select: Sequence[str] | None = None, condition: Condition | None = None
    ) -> dict[str, dict[str, Row]]:
        """Conditions are ignored: they only spare rows that nothing depends on."""
        found = self.stored(beginning, select)
        return {place: {row: stored.values for row, stored in rows.items()} for place, rows in found.items()}

    def stored(
        self, beginning: str, select: Sequence[str] | None = None, condition: Condition | None = None
    ) -> dict[str, dict[str, StoredRow]]:
        found: dict[str, dict[str, StoredRow]] = defaultdict(dict)
        for (place, row), entity in self.entities.items():
            if place.startswith(beginning):
                texts = texts_of(entity)
                values = {name: text for name, text in texts.items() if select is None or name in select}
                found[place][row] = StoredRow(values, self.etags[place, row])
        return found

    def insert(self, partition: str, row: str, values: Row) -> bool:
        if (partition, row) in self.entities:
            return False
        self.write(partition, row, entity_of(partition, row, values))
        return True

    def replace(self, partition: str, row: str, values: Row, etag: str) -> bool:
        if self.etags.get((partition, row)) != etag:
            return False
        self.write(partition, row, entity_of(partition, row, values))
        return True

    def delete_unchanged(self, partition: str, row: str, etag: str) -> bool:
        if self.etags.get((partition, row)) != etag:
            return False
        self.delete(partition, row)
        return True

    def delete(self, partition: str, row: str) -> None:
        self.entities.pop((partition, row), None)
        self.etags.pop((partition, row), None)

    def put(self, partition: str, rows: Iterable[tuple[str, Row]]) -> None:
        for row, values in rows:
            self.write(partition, row, entity_of(partition, row, values))


def overview_on(store: Store) -> TableOverview:
    """The real overview on a table."""
    overview = TableOverview.__new__(TableOverview)
    overview._store = store
    overview._parts = {}
    return overview


def ledger_in_memory() -> tuple[TableLedger, MemoryStore]:
    """The real ledger on a table in memory."""
    ledger, store = TableLedger.__new__(TableLedger), MemoryStore()
    ledger._store = store
    return ledger, store
