"""Every query of the project: those of the alert rules, and those of the workbook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NotRequired, TypedDict

from tools.paths import ROOT

ALERTS = ROOT / "infra" / "alerts"
"""A `.kql` file a rule, and `alerts.json`, which says how each is evaluated."""

WORKBOOK = ROOT / "infra" / "workbook.json"

TABLES = ROOT / "tools" / "checks" / "kusto" / "tables.json"
"""The tables queried, by source: columns and their types, those that matter here, as Azure documents them."""

_RESOURCE_GRAPH_PREFIX = 'arg("").'
_QUERY_ITEM = 3
_QUERY_TYPES = {0: "workspace", 1: "resourceGraph"}


class Source(StrEnum):
    """What a query reads: the Log Analytics workspace, or Azure Resource Graph."""

    WORKSPACE = "workspace"
    RESOURCE_GRAPH = "resourceGraph"


class Dimension(TypedDict):
    """A column that a rule splits by: there is an alert for each of its values."""

    name: str
    operator: str
    values: list[str]


class RuleDefinition(TypedDict):
    """A rule in `alerts.json`. The names are those of Azure Monitor's scheduled query rules where it has one."""

    name: str
    title: str
    source: str
    afterFirstDetection: NotRequired[bool]
    severity: int
    evaluationFrequency: str
    windowSize: str
    measure: str
    aggregation: str
    operator: str
    threshold: float
    dimensions: list[Dimension]
    customProperties: dict[str, str]
    description: str


@dataclass(frozen=True, slots=True)
class Query:
    """A query. `text` is as it is deployed."""

    name: str
    source: Source
    text: str

    @property
    def runnable(self) -> str:
        """The text without `arg("").`, with which a workspace asks Resource Graph, and which only a workspace knows.

        Blanks stand in its place, so that places in the text stay what they are.
        """
        return self.text.replace(_RESOURCE_GRAPH_PREFIX, " " * len(_RESOURCE_GRAPH_PREFIX))


def rule_definitions() -> list[RuleDefinition]:
    """The alert rules, in their order in the file."""
    definitions: list[RuleDefinition] = json.loads((ALERTS / "alerts.json").read_text())
    return definitions


def alert_query(definition: RuleDefinition) -> Query:
    """The query of a rule."""
    name = definition["name"]
    return Query(name, Source(definition["source"]), (ALERTS / f"{name}.kql").read_text())


def workbook_queries() -> list[Query]:
    """The queries of the workbook, in its order."""
    return list(_in_items(json.loads(WORKBOOK.read_text())["items"]))


def all_queries() -> list[Query]:
    """The queries of the alert rules, then those of the workbook."""
    return [*map(alert_query, rule_definitions()), *workbook_queries()]


def tables() -> dict[Source, Mapping[str, Mapping[str, str]]]:
    """By source, the tables: the type of each column by its name."""
    return {Source(source): content for source, content in json.loads(Path(TABLES).read_text()).items()}


class _Content(TypedDict):
    query: str
    queryType: int


class _Item(TypedDict):
    type: int
    name: str
    content: _Content


def _in_items(items: list[_Item]) -> Iterator[Query]:
    for item in items:
        if item["type"] == _QUERY_ITEM:
            content = item["content"]
            yield Query(item["name"], Source(_QUERY_TYPES[content["queryType"]]), content["query"])
