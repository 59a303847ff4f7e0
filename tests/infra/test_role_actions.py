"""The custom role allows what the app's calls need, and nothing else."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.infra.called_actions import called_actions, queried_types
from tools.checks.infra.template import INFRA, Template, object_in, read_template, template_paths
from tools.paths import ROOT

ROLE = INFRA / "role-actions.json"
ROLE_TEMPLATES = ["role-in-subscription.bicep", "role-in-management-group.bicep"]


def role_actions() -> list[str]:
    actions: list[str] = json.loads(ROLE.read_text())
    return actions


def test_every_call_of_the_adapters_has_its_action() -> None:
    allowed = {action.lower() for action in role_actions()}

    assert sorted(action for action in called_actions() if action.lower() not in allowed) == []


def test_every_type_that_resource_graph_is_asked_for_may_be_read() -> None:
    allowed = {action.lower() for action in role_actions()}

    assert queried_types()
    assert sorted(kind for kind in queried_types() if f"{kind}/read" not in allowed) == []


def test_every_action_is_used() -> None:
    used = {action.lower() for action in called_actions()} | {f"{kind}/read" for kind in queried_types()}

    assert sorted(action for action in role_actions() if action.lower() not in used) == []


def test_actions_are_written_out_and_in_order() -> None:
    assert role_actions() == sorted(set(role_actions()))
    assert not [action for action in role_actions() if "*" in action]


@pytest.mark.parametrize("name", ROLE_TEMPLATES)
def test_both_scopes_give_these_actions_and_no_right_to_data(name: str) -> None:
    role = read_template(INFRA / "modules" / name).section("resources")["role"]["config"]

    assert isinstance(role, dict)
    [permission] = role["properties"]["permissions"]
    assert permission.pop("actions")["function"]["parameters"]["file_path"] == "../role-actions.json"
    assert permission == {"notActions": [], "dataActions": [], "notDataActions": []}


def test_the_app_has_the_built_in_roles_that_the_security_page_tells_of_and_no_others() -> None:
    given = {role for path in template_paths() for role in built_in_roles(read_template(path))}
    page = (ROOT / "docs" / "security.md").read_text()

    assert given == set(re.findall(r"^\| \*[^*]+\* \(`([0-9a-f-]{36})`\)", page, re.MULTILINE))
    assert given


def built_in_roles(template: Template) -> Iterator[str]:
    """Ids of the built-in roles that a template assigns to the app's identity."""
    variables = template.section("variables")
    for resource in template.section("resources").values():
        properties = object_in(object_in(resource, "config"), "properties")
        if (
            resource["type"] == "Microsoft.Authorization/roleAssignments"
            and properties["principalId"] == "appPrincipalId"
        ):
            yield from (str(one["value"]) for name, one in variables.items() if f"'{name}'" in repr(properties))
