"""What a way of deploying would make: a `.bicepparam` file, evaluated, and every resource of it.

Each way lies in `tests/infra/ways` with its snapshot, which is kept in the repository: a changed template shows there
as a difference that a person can review.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.checks.infra.compiler import Compiler
from tools.checks.infra.expression import Access, Call, Value, text_of
from tools.checks.infra.reduction import PUBLIC_CLOUD, resolve
from tools.json_value import mapping_of, sequence_of
from tools.paths import ROOT

WAYS = ROOT / "tests" / "infra" / "ways"


@dataclass(frozen=True, slots=True)
class Resource:
    """A predicted resource, its expressions reduced."""

    type: str
    name: Value
    """With the names of its parents; an expression where Azure makes it up."""
    id: str
    """Its resource id as the snapshot has it: an expression where it depends on what only Azure knows."""
    scope: str
    """The id of what it lies in or, for an extension, of what it extends."""
    body: Mapping[str, Value]
    """All but type, name, id and API version."""

    @property
    def properties(self) -> Mapping[str, Value]:
        """Its properties."""
        found = self.body.get("properties")
        return found if isinstance(found, dict) else {}

    def __str__(self) -> str:
        name = self.name if isinstance(self.name, str) else "…"
        return f"{self.type} {name}"


@dataclass(frozen=True, slots=True)
class Prediction:
    """Everything that one way of deploying makes, in the order of the template."""

    way: str
    resources: Sequence[Resource]
    outputs: Mapping[str, Value]

    def of_type(self, kind: str) -> list[Resource]:
        """The resources of one type; Azure minds no case in types."""
        return [resource for resource in self.resources if resource.type.lower() == kind.lower()]


def ways(folder: Path = WAYS) -> list[Path]:
    """The parameter files."""
    return sorted(folder.glob("*.bicepparam"))


def snapshot_path(way: Path) -> Path:
    """Where the snapshot of a way is kept."""
    return way.with_name(f"{way.stem}.snapshot.json")


def snapshot_text(compiler: Compiler, way: Path) -> str:
    """The snapshot of a way, as `bicep snapshot` writes it, but for the outputs: it writes them in no fixed order.

    Raises:
        CompilerError: the way does not evaluate.
    """
    snapshot = dict(compiler.snapshot(way))
    snapshot["outputs"] = dict(sorted(mapping_of(snapshot, "outputs").items()))
    return json.dumps(snapshot, indent=2, ensure_ascii=False) + "\n"


def read_prediction(way: Path, cloud: Mapping[str, Value] = PUBLIC_CLOUD) -> Prediction:
    """What the snapshot kept in the repository says, for one of Azure's clouds."""
    return prediction_of(way.stem, json.loads(snapshot_path(way).read_text()), cloud)


def prediction_of(way: str, snapshot: Mapping[str, object], cloud: Mapping[str, Value] = PUBLIC_CLOUD) -> Prediction:
    """The resources and outputs of a snapshot, for one of Azure's clouds."""
    found = [one for one in sequence_of(snapshot["predictedResources"]) if isinstance(one, Mapping)]
    outputs = {name: resolve(value, cloud) for name, value in mapping_of(snapshot, "outputs").items()}
    return Prediction(way, [_resource(one, cloud) for one in found], outputs)


def identity_of(principal: Value) -> str | None:
    """The id of the resource whose principal a value is: `reference('<id>', …).principalId`; None if it is another."""
    match principal:
        case Access(owner, "principalId"):
            return identity_of(owner)
        case Access(owner, "identity"):
            return identity_of(owner)
        case Call("reference", (str() as resource_id, *_)):
            return resource_id
    return None


def values_at(value: Value, *path: str) -> Iterator[Value]:
    """What lies at a path of names; each element where a name leads to an array."""
    if isinstance(value, list):
        for element in value:
            yield from values_at(element, *path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from values_at(value[path[0]], *path[1:])


def _resource(found: Mapping[str, object], cloud: Mapping[str, Value]) -> Resource:
    shown = {str(key): part for key, part in found.items() if key not in ("id", "type", "name", "apiVersion")}
    kind = str(found["type"])
    return Resource(
        type=kind,
        name=resolve(found["name"], cloud),
        id=str(found["id"]),
        scope=_scope(resolve(found["id"], cloud), kind),
        body={key: resolve(part, cloud) for key, part in shown.items()},
    )


def _scope(written: Value, kind: str) -> str:
    """What an id says before the provider of the resource's own type."""
    match written:
        case str():
            return written.rpartition(f"/providers/{kind.partition('/')[0]}/")[0]
        case Call("extensionResourceId", (str() as scope, *_)):
            return scope
        case Call("subscriptionResourceId", (str() as subscription, *_)):
            return f"/subscriptions/{subscription}"
        case Call("managementGroupResourceId", (str() as group, *_)):
            return f"/providers/Microsoft.Management/managementGroups/{group}"
    return text_of(written)
