"""Bodies: what is not set is absent. Azure's schemas say text or object where a template may write null."""

from __future__ import annotations

from collections.abc import Iterator

from tools.checks.infra.expression import Access, Call, Value
from tools.checks.infra.prediction import Prediction


def find_null_problems(prediction: Prediction) -> Iterator[str]:
    """Properties that are null."""
    for resource in prediction.resources:
        for path in _nulls(dict(resource.body), ""):
            yield f"{resource}: {path} is null; what is not set is absent"


def _nulls(value: Value, path: str) -> Iterator[str]:
    if value is None:
        yield path
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _nulls(part, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _nulls(part, f"{path}[{index}]")
    elif isinstance(value, Call):
        for part in value.arguments:
            yield from _nulls(part, f"an expression in {path}")
    elif isinstance(value, Access):
        yield from _nulls(value.owner, path)
