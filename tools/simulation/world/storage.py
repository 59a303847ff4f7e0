"""The simulated storage account: a table with ETags, and queues whose messages come at least once, in any order."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tools.simulation.world.model import Refused

Entity = Mapping[str, object]
Key = tuple[str, str]


@dataclass
class Table:
    """Entities by partition and row key, each with its ETag."""

    rows: dict[Key, tuple[Entity, str]] = field(default_factory=dict)
    _etags: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def get(self, key: Key) -> tuple[Entity, str]:
        """An entity and its ETag.

        Raises:
            Refused: there is none.
        """
        if key not in self.rows:
            raise Refused(404, "ResourceNotFound", f"{key} was not found")
        return self.rows[key]

    def matching(self, meets: Callable[[Entity], bool]) -> list[tuple[Entity, str]]:
        """The entities that meet a condition, in the order of their keys."""
        return [self.rows[key] for key in sorted(self.rows) if meets(self.rows[key][0])]

    def insert(self, entity: Entity) -> None:
        """Add an entity.

        Raises:
            Refused: it exists.
        """
        if _key(entity) in self.rows:
            raise Refused(409, "EntityAlreadyExists", f"{_key(entity)} exists")
        self.put([entity])

    def replace(self, entity: Entity, etag: str) -> None:
        """Replace an entity that has not changed.

        Raises:
            Refused: it has another ETag, or does not exist.
        """
        if self.get(_key(entity))[1] != etag:
            raise Refused(412, "UpdateConditionNotSatisfied", f"{_key(entity)} has changed")
        self.put([entity])

    def put(self, entities: Iterable[Entity]) -> None:
        """Add or replace entities, all at once."""
        for entity in entities:
            self.rows[_key(entity)] = (entity, f'W/"{next(self._etags)}"')

    def delete(self, key: Key, etag: str | None = None) -> None:
        """Delete an entity, if it exists.

        Raises:
            Refused: it has another ETag than the given one.
        """
        if etag is not None and key in self.rows and self.rows[key][1] != etag:
            raise Refused(412, "UpdateConditionNotSatisfied", f"{key} has changed")
        self.rows.pop(key, None)


@dataclass(eq=False)
class QueueMessage:
    """A message, until it is handled."""

    queue: str
    id: str
    body: str
    deliveries: int = 0
    is_done: bool = False


def _key(entity: Entity) -> Key:
    return str(entity["PartitionKey"]), str(entity["RowKey"])
