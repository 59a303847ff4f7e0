"""The simulation finds rules that are switched off, and each of them exists."""

from __future__ import annotations

import pkgutil

import pytest

from tools.simulation.mutants import MUTANTS, Mutant
from tools.simulation.simulated import simulate

SEEDS = 40
RULES = {mutant.rule: mutant for mutant in MUTANTS}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_each_replaces_something_that_exists_and_gives_it_back(mutant: Mutant) -> None:
    before = {name: _attribute(name) for name in mutant.replaced}
    with mutant.applied():
        assert all(_attribute(name) is not before[name] for name in mutant.replaced)

    assert all(_attribute(name) is before[name] for name in mutant.replaced)


def test_each_is_another_rule() -> None:
    assert len(RULES) == len(MUTANTS) >= 15


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "law"),
    [
        ("members that are skipped before a start", "a cluster that cannot be upgraded is skipped"),
        ("policy start=manual", "a review run is never started by a trigger"),
        ("a run is stopped by policy alone", "a run is stopped only by policy"),
        ("a freeze", "a freeze is respected"),
    ],
)
def test_without_the_rule_a_law_is_broken(rule: str, law: str) -> None:
    with RULES[rule].applied():
        broken = (outcome.broken.law for seed in range(SEEDS) if (outcome := simulate(seed)).broken is not None)

        assert law in broken


def _attribute(name: str) -> object:
    """By its full name: of a class where the second last part begins with a capital, otherwise of a module."""
    owner, _, attribute = name.rpartition(".")
    return vars(_owner(owner))[attribute]


def _owner(name: str) -> object:
    return pkgutil.resolve_name(name)
