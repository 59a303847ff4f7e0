"""Every law that a prediction alone can break."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tools.checks.infra.laws.bodies import find_null_problems
from tools.checks.infra.laws.flex_consumption import find_flex_consumption_problems
from tools.checks.infra.laws.names import find_name_problems
from tools.checks.infra.laws.network import find_network_problems
from tools.checks.infra.laws.queries import find_query_problems, query_files
from tools.checks.infra.laws.secrets import find_publishing_problems, find_secret_problems
from tools.checks.infra.laws.tags import find_group_problems, find_tag_problems
from tools.checks.infra.prediction import Prediction


def _find_query_problems(prediction: Prediction) -> Iterator[str]:
    return find_query_problems(prediction, query_files())


LAWS: Mapping[str, Callable[[Prediction], Iterator[str]]] = {
    "names are within Azure's limits and unique": find_name_problems,
    "what is not set is absent, not null": find_null_problems,
    "everything that can have tags has those of the installation": find_tag_problems,
    "only main writes the resource group of the app": find_group_problems,
    "Flex Consumption takes every property and setting of the app": find_flex_consumption_problems,
    "no setting and no output holds a key, and keys are off": find_secret_problems,
    "no user name and password publishes code": find_publishing_problems,
    "with private networking, only the app has a public endpoint": find_network_problems,
    "every alert rule runs the query that tests run": _find_query_problems,
}


def find_broken_laws(prediction: Prediction) -> Iterator[str]:
    """What breaks a law, with the way of deploying."""
    for find_problems in LAWS.values():
        yield from (f"{prediction.way}: {problem}" for problem in find_problems(prediction))
