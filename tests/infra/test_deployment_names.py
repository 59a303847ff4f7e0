"""Names of nested deployments fit for every legal parameter, and no two deployments share one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tools.checks.infra.compiler import Compiler
from tools.checks.infra.laws.deployments import find_deployment_problems
from tools.checks.infra.sources import deployed_templates


def deployment(name: str, **more: object) -> dict[str, object]:
    """A nested deployment of an empty template."""
    empty: dict[str, object] = {"properties": {"template": {"resources": []}}}
    return {"type": "Microsoft.Resources/deployments", "name": name, **empty, **more}


def template(*deployments: Mapping[str, object], **more: object) -> dict[str, object]:
    return {"resources": list(deployments), **more}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("path", deployed_templates(), ids=lambda path: path.stem)
def test_deployments_of_a_template_have_short_names_of_their_own(compiler: Compiler, path: object) -> None:
    [found] = [compiler.compile(one).template for one in deployed_templates() if one == path]

    assert list(find_deployment_problems(found)) == []


LONG = "a" * 52
FITS = {
    "a hash": deployment(f"[format('{LONG[1:]}{{0}}', uniqueString('x'))]"),
    "a text that is cut": deployment("[take(parameters('free'), 64)]"),
    "a parameter with a limit": deployment("[concat('a-', parameters('short'))]"),
    "one of some values": deployment("[concat('a-', parameters('choice'))]"),
    "a variable": deployment("[toLower(variables('short'))]"),
    "either of two": deployment("[if(parameters('free'), variables('short'), 'other')]"),
    "an element of an array": deployment("[concat(parameters('list')[copyIndex()], '-x')]", copy={"count": 2}),
    "an element that a loop makes": deployment("[variables('made')[copyIndex()]]", copy={"count": 2}),
    "the id of the subscription": deployment("[concat('a-', subscription().subscriptionId)]"),
    "a hash with the location": deployment("[uniqueString('x', parameters('location'))]", location="westeurope"),
    "a hash of a variable with it": deployment("[concat('a', variables('token'))]", location="westeurope"),
    "a hash with the deployment's": deployment("[guid(parameters('record'))]", location="westeurope"),
}
BREAKS = {
    "one character too many": (deployment(f"[format('{LONG}{{0}}', uniqueString('x'))]"), "may have 65 characters"),
    "a parameter without a limit": (deployment("[concat('a-', parameters('free'))]"), "any number of characters"),
    "an element without a limit": (
        deployment("[parameters('names')[copyIndex()]]", copy={"count": 2}),
        "any number of characters",
    ),
    "an unknown function": (deployment("[replace('a', 'b', 'c')]"), "any number of characters"),
    "a loop with one name": (deployment("same", copy={"count": 2}), "each deployment of a loop is called 'same'"),
    "a place without a hash": (deployment("same", location="westeurope"), "has no hash with the location in its name"),
    "a hash without the location": (
        deployment("[uniqueString('x')]", location="westeurope"),
        "has no hash with the location in its name",
    ),
}
DECLARED: dict[str, object] = {
    "parameters": {
        "free": {"type": "string"},
        "short": {"$ref": "#/definitions/short"},
        "choice": {"type": "string", "allowedValues": ["one", "three"]},
        "list": {"type": "array", "items": {"$ref": "#/definitions/short"}},
        "names": {"type": "array", "items": {"type": "string"}},
        "location": {"type": "string"},
        "record": {"type": "string", "defaultValue": "[deployment().location]"},
    },
    "definitions": {"short": {"type": "string", "maxLength": 50}},
    "variables": {
        "short": "[parameters('short')]",
        "token": "[toLower(uniqueString(parameters('location')))]",
        "copy": [{"name": "made", "count": 2, "input": "[concat('a', uniqueString(copyIndex('made')))]"}],
    },
}


@pytest.mark.parametrize("name", FITS)
def test_a_name_fits_that_has_in_it(name: str) -> None:
    assert list(find_deployment_problems(template(FITS[name], **DECLARED))) == []


@pytest.mark.parametrize("fault", BREAKS)
def test_a_fault_is_caught(fault: str) -> None:
    broken, problem = BREAKS[fault]

    [found] = find_deployment_problems(template(broken, **DECLARED))
    assert problem in found


def test_two_deployments_of_one_name_in_one_place_are_caught() -> None:
    elsewhere = deployment("same", subscriptionId="11111111-1111-1111-1111-111111111111")

    assert list(find_deployment_problems(template(deployment("same"), elsewhere))) == []
    assert list(find_deployment_problems(template(deployment("same"), deployment("same")))) == [
        "two deployments in the same place are called 'same'"
    ]


def test_a_deployment_within_a_deployment_is_limited_by_what_it_is_given() -> None:
    def nested(value: str) -> dict[str, object]:
        inner = template(deployment("[parameters('given')]"), parameters={"given": {"type": "string"}})
        outer = deployment("outer", properties={"parameters": {"given": {"value": value}}, "template": inner})
        return template(outer, **DECLARED)

    assert list(find_deployment_problems(nested("[concat('a', parameters('short'))]"))) == []
    [found] = find_deployment_problems(nested("[parameters('free')]"))
    assert "any number of characters" in found
