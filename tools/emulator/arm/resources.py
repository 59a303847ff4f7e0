"""Resources of any type, as ARM lists them: by subscription, by resource group, filtered.

Their properties are not shown here, as in Azure. Rows that Azure adds on its own, such as node resource groups and what
lies in them, are not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tools.emulator.arm.errors import ArmError
from tools.emulator.state import Estate
from tools.json_value import Json

_FLEET: Final = "Microsoft.ContainerService/fleets"
_CLUSTER: Final = "Microsoft.ContainerService/managedClusters"
_CLAUSE: Final = re.compile(r"\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*", re.IGNORECASE)
_AND: Final = re.compile(r"and\b", re.IGNORECASE)
_FIELDS: Final = frozenset({"resourcetype", "resourcegroup", "name", "location", "tagname", "tagvalue"})


@dataclass(frozen=True)
class TrackedResource:
    """A top-level resource in short; `more` is what only some types have: `kind`, `sku`, `identity`."""

    id: str
    name: str
    type: str
    group: str
    location: str
    tags: dict[str, str]
    more: dict[str, Json] = field(default_factory=dict)

    def show(self) -> dict[str, Json]:
        """As a list shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "location": self.location,
            "tags": {**self.tags},
            **self.more,
        }


def tracked_resources(estate: Estate) -> Iterator[TrackedResource]:
    """Every fleet and every cluster."""
    for fleet in estate.fleets.values():
        yield TrackedResource(fleet.id, fleet.name, _FLEET, fleet.resource_group, fleet.region, fleet.tags)
    for cluster in estate.clusters.values():
        more: dict[str, Json] = {"sku": {"name": cluster.sku_name, "tier": cluster.tier}}
        yield TrackedResource(
            cluster.id, cluster.name, _CLUSTER, cluster.resource_group, cluster.region, cluster.tags, more
        )


@dataclass(frozen=True)
class ResourceFilter:
    """`$filter` of a list: all of these have to hold, each without case."""

    wanted: dict[str, str]

    def accepts(self, resource: TrackedResource) -> bool:
        """Whether a resource is to be listed."""
        has = {
            "resourcetype": resource.type,
            "resourcegroup": resource.group,
            "name": resource.name,
            "location": resource.location,
        }
        return self.accepts_tags(resource.tags) and all(
            has[name].lower() == value.lower() for name, value in self.wanted.items() if name in has
        )

    def accepts_tags(self, tags: dict[str, str]) -> bool:
        """Whether something with these tags is to be listed."""
        name, value = self.wanted.get("tagname"), self.wanted.get("tagvalue")
        return any(
            (name is None or name.lower() == key.lower()) and (value is None or value == text)
            for key, text in tags.items()
        ) or (name is None and value is None)


def read_filter(text: str | None) -> ResourceFilter:
    """Read `$filter`: `name eq 'value'`, several joined by `and`. Names as in `resourceType`, without case.

    Raises:
        ArmError: 400, it is another expression. UNVERIFIED: the service knows more, as `substringof`.
    """
    wanted: dict[str, str] = {}
    rest = text or ""
    while rest.strip():
        clause = _CLAUSE.match(rest)
        if clause is None or clause.group(1).lower() not in _FIELDS:
            raise _invalid(text)
        wanted[clause.group(1).lower()] = clause.group(2).replace("''", "'")
        rest = rest[clause.end() :]
        joined = _AND.match(rest)
        if joined is None and rest:
            raise _invalid(text)
        rest = rest[joined.end() :] if joined is not None else ""
        if joined is not None and not rest.strip():
            raise _invalid(text)
    return ResourceFilter(wanted)


def _invalid(text: str | None) -> ArmError:
    return ArmError(
        400,
        "InvalidFilterInQueryString",
        f"Invalid $filter '{text}' specified in the query string. This emulator knows resourceType, resourceGroup, "
        "name, location, tagName and tagValue, each with eq, joined by and.",
    )
