"""A plugin of pytest for `./dev mutate`: what draws many examples comes last, as most mutants die before it."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests: first those of one example, then laws and properties."""
    items.sort(key=_has_many_examples)


def _has_many_examples(item: pytest.Item) -> bool:
    function = getattr(item, "obj", None)
    return item.get_closest_marker("law") is not None or bool(getattr(function, "is_hypothesis_test", False))
