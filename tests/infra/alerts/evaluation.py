"""Evaluates alert rules as Azure Monitor does: it runs the query, splits the rows, measures, compares."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import isodate

from tests.infra.alerts.workspace import Row, Workspace
from tools.checks.kusto.queries import RuleDefinition, Source, alert_query, rule_definitions

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThan": operator.gt,
    "GreaterThanOrEqual": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqual": operator.le,
    "Equals": operator.eq,
}
AGGREGATIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Count": len,
    "Total": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda values: sum(values) / len(values),
}
RULES: Mapping[str, RuleDefinition] = {definition["name"]: definition for definition in rule_definitions()}
WORKSPACE_RULES = [name for name, rule in RULES.items() if rule["source"] == Source.WORKSPACE]
RESOURCE_GRAPH_RULES = [name for name, rule in RULES.items() if rule["source"] == Source.RESOURCE_GRAPH]


@dataclass(frozen=True)
class Alert:
    """An alert that fires: one for each combination of the dimensions' values. `rows` are what it was measured on."""

    rule: str
    dimensions: Mapping[str, str]
    value: float
    rows: Sequence[Row] = field(compare=False, default=())


def duration(text: str) -> timedelta:
    """A duration of Azure Monitor, such as `PT1H`."""
    parsed = isodate.parse_duration(text)
    assert isinstance(parsed, timedelta)
    return parsed


def dimensions(rule: RuleDefinition) -> list[str]:
    """The columns that a rule splits by."""
    return [dimension["name"] for dimension in rule["dimensions"]]


def measure(rule: RuleDefinition, rows: Sequence[Row]) -> list[Alert]:
    """The alerts that fire on what the rule's query returned."""
    columns = dimensions(rule)
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(str(row[column]) for column in columns), []).append(row)
    return [
        Alert(rule["name"], dict(zip(columns, key, strict=True)), value, group)
        for key, group in sorted(groups.items())
        if OPERATORS[rule["operator"]](value := _value(rule, group), rule["threshold"])
    ]


def _value(rule: RuleDefinition, rows: Sequence[Row]) -> float:
    aggregate = AGGREGATIONS[rule["aggregation"]]
    return aggregate([float(str(row[rule["measure"]])) if rule["measure"] else 1.0 for row in rows])


def alerts(name: str, workspace: Workspace, at: datetime) -> list[Alert]:
    """The alerts of a rule over the workspace that fire at a time."""
    rule = RULES[name]
    return measure(rule, workspace.ask(alert_query(rule), at, duration(rule["windowSize"])))


def alerts_between(name: str, workspace: Workspace, start: datetime, end: datetime) -> Iterator[tuple[datetime, Alert]]:
    """Every alert of a rule that fires from a start to an end, evaluated as often as the rule says."""
    at = start
    while at <= end:
        for alert in alerts(name, workspace, at):
            yield at, alert
        at += duration(RULES[name]["evaluationFrequency"])
