"""Expressions of ARM templates show their shape, and keep what only Azure knows."""

import pytest

from tools.checks.infra.expression import Access, Call, ExpressionError, Value, calls_in, parse, text_of, texts_in
from tools.checks.infra.reduction import resolve

REFERENCE = "reference('/a/b', '2024-04-01')"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("plain", "plain"),
        ("[[escaped]", "[escaped]"),
        ("[concat('a', 'b')]", "ab"),
        ("[concat(createArray('a'), createArray('b', 3))]", ["a", "b", 3]),
        ("[format('{0}-{1}-{0}', 'x', 2)]", "x-2-x"),
        ("['it''s']", "it's"),
        ("[createObject('a', createArray(), 'b', null())]", {"a": [], "b": None}),
        ("[union(createObject('a', 1), createObject('b', true()))]", {"a": 1, "b": True}),
        ("[shallowMerge(createArray(createObject('a', 1), createObject('a', 2)))]", {"a": 2}),
        ("[flatten(createArray(createArray(1), createArray(2)))]", [1, 2]),
        ("[if(equals(environment().name, 'AzureCloud'), 'public', 'other')]", "public"),
        ("[environment().suffixes.storage]", "core.windows.net"),
        ("[createArray('a', 'b')[1]]", "b"),
        ("[join(split('a,b', ','), '-')]", "a-b"),
        ("[if(and(not(empty('a')), or(false(), true())), 'yes', 'no')]", "yes"),
        (
            "[map(items(createObject('b', 1, 'a', 2)), lambda('s', createObject('name', lambdaVariables('s').key)))]",
            [{"name": "a"}, {"name": "b"}],
        ),
    ],
)
def test_what_is_known_is_computed(written: str, value: Value) -> None:
    assert resolve(written) == value


@pytest.mark.parametrize(
    "written",
    [f"[{REFERENCE}.principalId]", f"[format('{{0}}/x', {REFERENCE}.endpoint)]", "[toLower(parameters('name'))]"],
)
def test_what_only_azure_knows_stays(written: str) -> None:
    assert isinstance(resolve(written), Access | Call)


def test_the_shape_around_what_only_azure_knows_shows() -> None:
    written = f"[concat(createArray(createObject('name', 'id', 'value', {REFERENCE}.clientId)), createArray('b'))]"

    assert resolve({"settings": [written]}) == {
        "settings": [[{"name": "id", "value": Access(Call("reference", ("/a/b", "2024-04-01")), "clientId")}, "b"]]
    }


def test_an_element_of_a_loop_takes_its_variable_along() -> None:
    written = f"[map(createArray('a'), lambda('x', format('{{0}}{{1}}', lambdaVariables('x'), {REFERENCE}.key)))]"

    assert list(texts_in(resolve(written))) == ["{0}{1}", "a", "/a/b", "2024-04-01", "key"]


def test_every_call_of_a_value_is_found() -> None:
    assert [call.name for call in calls_in(resolve({"a": [f"[first({REFERENCE}['b'].c)]"]}))] == ["first", "reference"]


@pytest.mark.parametrize("text", ["f('a'", "f('a',", "'a' 'b'", "f(a)", "f('a')[1", "", "#"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


def test_a_value_is_written_as_in_a_template() -> None:
    assert text_of(parse("f('it''s', g().h)")) == "f('it''s', g()['h'])"
