"""Label selectors select as Kubernetes does, and what Kubernetes does not parse is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.model.label_selector import MAXIMUM_LENGTH, LabelSelector, Operator, Requirement
from shared.errors import InvalidInputError

PROD = {"env": "prod", "tier": "web", "fleet.azure.com/location": "westus2"}

KEYS = st.sampled_from(["env", "tier", "in", "notin", "fleet.azure.com/location", "a.b/C_d"])
VALUES = st.sampled_from(["prod", "dev", "web", "in", "a.b-c_d", ""])
WRITABLE = st.frozensets(VALUES, min_size=1).filter(lambda values: values != {""})
"""As in Kubernetes, `()` has no value, not an empty one."""
LABELS = st.dictionaries(KEYS, VALUES)


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    operator = draw(st.sampled_from(Operator))
    has_values = operator in {Operator.IN, Operator.NOT_IN}
    values = draw(WRITABLE) if has_values else frozenset[str]()
    return Requirement(draw(KEYS), operator, values)


def written(requirement: Requirement, room: str) -> str:
    """The requirement as a person may write it, with a blank or not wherever one is allowed."""
    if requirement.operator is Operator.EXISTS:
        return f"{room}{requirement.key}{room}"
    if requirement.operator is Operator.DOES_NOT_EXIST:
        return f"!{room}{requirement.key}"
    return f"{requirement.key} {requirement.operator}{room}({f'{room},{room}'.join(sorted(requirement.values))}{room})"


@given(st.lists(requirements(), min_size=1), st.sampled_from(["", " ", "\t\n"]))
def test_a_written_selector_is_read_back_whole(wanted: list[Requirement], room: str) -> None:
    text = ",".join(written(requirement, room) for requirement in wanted)
    if len(text) <= MAXIMUM_LENGTH:
        assert LabelSelector.parse(text).requirements == tuple(wanted)


@given(st.lists(requirements(), min_size=1), LABELS)
def test_a_member_is_selected_if_and_only_if_it_meets_every_requirement(
    wanted: list[Requirement], labels: dict[str, str]
) -> None:
    assert LabelSelector(tuple(wanted)).matches(labels) == all(one.is_met_by(labels) for one in wanted)


@given(KEYS, st.frozensets(VALUES, min_size=1), LABELS)
def test_an_operator_and_its_negation_never_agree(key: str, values: frozenset[str], labels: dict[str, str]) -> None:
    for positive, negative in ((Operator.IN, Operator.NOT_IN), (Operator.EXISTS, Operator.DOES_NOT_EXIST)):
        assert Requirement(key, positive, values).is_met_by(labels) != Requirement(key, negative, values).is_met_by(
            labels
        )


@given(st.text(alphabet="ab/.-=!(), in", max_size=30))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with suppress(InvalidInputError):
        assert LabelSelector.parse(text).requirements


@pytest.mark.parametrize(
    ("selector", "is_selected"),
    [
        ("env=prod", True),
        ("env==prod", True),
        ("env = dev", False),
        ("env!=prod", False),
        ("team!=a", True),
        ("env in (dev, prod)", True),
        ("env in (dev)", False),
        ("env in(prod)", True),
        ("env in (prod,)", True),
        ("env notin (dev)", True),
        ("team notin (a)", True),
        ("env notin (prod)", False),
        ("env", True),
        ("team", False),
        ("!team", True),
        ("!env", False),
        ("fleet.azure.com/location=westus2,env=prod,!canary", True),
        ("env=prod,tier=db", False),
        ("env=", False),
        ("team=,env=prod", False),
        ("Env=prod", False),
    ],
)
def test_a_selector_selects_as_in_kubernetes(selector: str, is_selected: bool) -> None:
    assert LabelSelector.parse(selector).matches(PROD) is is_selected


@pytest.mark.parametrize(
    "selector",
    [
        "",
        " ",
        ",",
        "env=prod,",
        ",env=prod",
        "env=prod tier=web",
        "env===prod",
        "=prod",
        "env in prod",
        "env in ()",
        "env in (prod",
        "env in prod)",
        "env notin",
        "!",
        "!!env",
        "!env=prod",
        "env>1",
        "env=pr od",
        "env=-prod",
        "-env=prod",
        "/env",
        "Prefix/env",
        "a/b/c",
        "env/",
        "env=pröd",
        f"env={'v' * 64}",
        "k" * 64,
        f"{'p' * 254}/env",
        f"env in ({','.join('v' * 60 for _ in range(9))})",
    ],
)
def test_what_kubernetes_or_fleet_does_not_parse_is_refused(selector: str) -> None:
    with pytest.raises(InvalidInputError, match="expected a label selector"):
        LabelSelector.parse(selector)


def test_the_longest_names_values_and_prefixes_are_parsed() -> None:
    text = f"{'p' * 253}/{'k' * 63}={'v' * 63}"
    assert LabelSelector.parse(text).matches({f"{'p' * 253}/{'k' * 63}": "v" * 63})


def test_a_negated_value_is_read_as_a_value_that_the_label_does_not_have() -> None:
    assert LabelSelector.parse("env!=prod").requirements == (Requirement("env", Operator.NOT_IN, frozenset({"prod"})),)


def test_a_selector_may_be_as_long_as_fleet_allows_and_no_longer() -> None:
    longest = ",".join([*["k" * 63] * 7, "k" * 62, "x"])
    assert len(longest) == MAXIMUM_LENGTH
    assert LabelSelector.parse(longest).requirements

    with pytest.raises(InvalidInputError, match=r"^label selector is not valid; .* of 512 characters at most"):
        LabelSelector.parse("x" + longest)


def test_the_error_names_the_place() -> None:
    with pytest.raises(InvalidInputError, match=r"^stages\[0\]\.memberSelector\.byLabel is not valid"):
        LabelSelector.parse("=", "stages[0].memberSelector.byLabel")
