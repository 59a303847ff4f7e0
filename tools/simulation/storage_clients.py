"""Stand-ins for the clients of Table Storage, Queue Storage and Event Grid."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace

from tools.simulation.sdk import Client, Outside

_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
}


class _Entity(dict[str, object]):
    def __init__(self, values: Mapping[str, object], etag: str) -> None:
        super().__init__(values)
        self.metadata = {"etag": etag}


class TableServiceClient(Client):
    """`TableServiceClient`."""

    def create_table_if_not_exists(self, _name: str) -> TableClient:
        """The one table."""
        return TableClient(self.outside)


class TableClient(Client):
    """`TableClient`."""

    def get_entity(self, partition: str, row: str) -> _Entity:
        """One entity."""
        return _Entity(*self.call(f"read row {row}", lambda: self.outside.table.get((partition, row))))

    def query_entities(
        self, query: str, *, parameters: Mapping[str, str], select: Sequence[str] | None = None
    ) -> list[_Entity]:
        """The entities that meet all conditions of a filter: comparisons with parameters, joined by `and`."""
        conditions = [_condition(text, parameters) for text in query.split(" and ")]

        def meets(entity: Mapping[str, object]) -> bool:
            return all(compare(str(entity.get(name, "")), value) for name, compare, value in conditions)

        what = " ".join(parameters.values())
        found = self.call(f"read rows of {what}", lambda: self.outside.table.matching(meets))
        return [
            _Entity({name: value for name, value in entity.items() if select is None or name in select}, etag)
            for entity, etag in found
        ]

    def create_entity(self, entity: Mapping[str, object]) -> None:
        """Insert."""
        self.call(f"insert row {entity['RowKey']}", lambda: self.outside.table.insert(entity), writes=True)

    def update_entity(self, entity: Mapping[str, object], *, etag: str, **_: object) -> None:
        """Replace on condition."""
        self.call(f"replace row {entity['RowKey']}", lambda: self.outside.table.replace(entity, etag), writes=True)

    def upsert_entity(self, entity: Mapping[str, object], **_: object) -> None:
        """Upsert one."""
        self.call(f"put rows {entity['RowKey']}", lambda: self.outside.table.put([entity]), writes=True)

    def delete_entity(self, partition: str, row: str, *, etag: str | None = None, **_: object) -> None:
        """Delete, on condition if an ETag is given."""
        self.call(f"delete row {row}", lambda: self.outside.table.delete((partition, row), etag), writes=True)

    def submit_transaction(self, operations: Sequence[tuple[str, Mapping[str, object], object]]) -> None:
        """Upsert several."""
        entities = [entity for _, entity, _ in operations]
        names = ", ".join(str(entity["RowKey"]) for entity in entities)
        self.call(f"put rows {names}", lambda: self.outside.table.put(entities), writes=True)


def _condition(text: str, parameters: Mapping[str, str]) -> tuple[str, Callable[[str, str], bool], str]:
    name, comparison, parameter = text.split(" ")
    return name, _COMPARISONS[comparison], parameters[parameter.removeprefix("@")]


class QueueServiceClient(Client):
    """`QueueServiceClient`."""

    def get_queue_client(self, name: str) -> _Queue:
        """One queue."""
        return _Queue(self.outside, name)


class _Queue(Client):
    def __init__(self, outside: Outside, name: str) -> None:
        super().__init__(outside)
        self._name = name

    def send_message(self, body: str, **_: object) -> None:
        self.call(f"send to {self._name}", lambda: self.outside.send(self._name, body), writes=True)

    def get_queue_properties(self) -> SimpleNamespace:
        return SimpleNamespace(approximate_message_count=0)


class EventGridClient(Client):
    """`EventGridPublisherClient`."""

    def send(self, events: Sequence[object], **_: object) -> None:
        """Publish."""
        self.call("publish events", lambda: self.outside.publish(events), writes=True)
