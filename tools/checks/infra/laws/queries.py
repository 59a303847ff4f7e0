"""Queries of alert rules: each is byte for byte the file that tests run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tools.checks.infra.prediction import Prediction, Resource, values_at
from tools.checks.kusto.queries import ALERTS


def query_files() -> Mapping[str, str]:
    """The text of each query, by the name of its rule."""
    return {path.stem: path.read_text() for path in sorted(ALERTS.glob("*.kql"))}


def rule_name(rule: Resource, names: Mapping[str, str]) -> str | None:
    """Which of the rules a resource is: its name ends with the rule's."""
    found = [name for name in names if str(rule.name).endswith(f"-{name}")]
    return max(found, key=len, default=None)


def find_query_problems(prediction: Prediction, files: Mapping[str, str]) -> Iterator[str]:
    """Alert rules that run something else than the query of their name."""
    for rule in prediction.of_type("Microsoft.Insights/scheduledQueryRules"):
        name = rule_name(rule, files)
        if name is None:
            yield f"{rule}: no query has its name"
        elif list(values_at(dict(rule.properties), "criteria", "allOf", "query")) != [files[name]]:
            yield f"{rule}: its query is not infra/alerts/{name}.kql"


def find_missing_rules(prediction: Prediction, files: Mapping[str, str], expected: set[str]) -> Iterator[str]:
    """Rules that should come with a deployment and do not, or the other way round."""
    rules = prediction.of_type("Microsoft.Insights/scheduledQueryRules")
    deployed = {rule_name(rule, files) for rule in rules}
    yield from (f"the rule {name} is not deployed" for name in sorted(expected - deployed))
    yield from (f"the rule {name} is deployed" for name in sorted(str(one) for one in deployed - expected))
