"""Each identity has exactly the roles that the security page lists, and each role is as narrow as its use."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.infra.predictions import WAY_NAMES, at, each_way_with_the_app, prediction, with_changed, without
from tests.infra.role_files import ALERT_ACTIONS, BROAD, PROFILE_ACTIONS, ROLE_ACTIONS
from tools.checks.infra.expression import Value
from tools.checks.infra.laws.roles import (
    ALERTS,
    APP,
    Grant,
    actions_file,
    documented_grants,
    find_role_problems,
    grant_of,
)
from tools.checks.infra.prediction import Prediction
from tools.checks.kusto.queries import Source, all_queries

ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
DEFINITION = "Microsoft.Authorization/roleDefinitions"
CUSTOM = "subscription or management group"
TABLE_TYPE = re.compile(r"\"(microsoft\.containerservice/[a-z/]+)\"", re.IGNORECASE)


def every_way() -> list[Prediction]:
    return [prediction(way) for way in WAY_NAMES]


def changed(way: str, kind: str, **values: Value) -> Prediction:
    return with_changed(prediction(way), kind, lambda body: at(body, "properties").update(values))


def test_each_identity_has_the_roles_that_the_page_lists_and_no_others() -> None:
    assert list(find_role_problems(every_way(), documented_grants())) == []


def test_the_page_lists_roles_of_three_identities() -> None:
    grants = documented_grants()

    assert len({grant.identity for grant in grants}) == 3
    assert Grant(APP, "role-actions.json", CUSTOM) in grants
    assert Grant(ALERTS, "alert-role-actions.json", CUSTOM) in grants


def test_the_app_and_the_alerts_have_their_roles_in_every_subscription_that_is_managed() -> None:
    found = prediction("several-subscriptions")
    scopes = [
        (assignment.scope, grant_of(assignment, found).identity)
        for assignment in found.of_type(ASSIGNMENT)
        if grant_of(assignment, found).place == CUSTOM
    ]

    assert sorted(scopes) == [
        (f"/subscriptions/{subscription}", identity)
        for subscription in ("11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-22222222abcd")
        for identity in sorted((APP, ALERTS))
    ]


def test_with_management_groups_no_role_is_made_in_a_subscription() -> None:
    assert prediction("management-groups").of_type(DEFINITION) == []


def test_in_a_management_group_both_identities_have_their_role() -> None:
    found = prediction("management-group-roles")

    assert {(one.scope, grant_of(one, found).identity) for one in found.of_type(ASSIGNMENT)} == {
        ("/providers/Microsoft.Management/managementGroups/platform", APP),
        ("/providers/Microsoft.Management/managementGroups/platform", ALERTS),
    }


@each_way_with_the_app
def test_only_a_wildcard_that_was_chosen_is_in_a_role(way: str) -> None:
    wild = [one for one in prediction(way).of_type(DEFINITION) if "*" in str(one.properties)]

    assert [actions_file(one) for one in wild] == (["role-actions.json"] if way in BROAD else [])


def test_the_role_of_the_alerts_reads_the_types_that_their_queries_read_and_no_others() -> None:
    queries = [query for query in all_queries() if query.source is Source.RESOURCE_GRAPH and "arg(" in query.text]
    read = {kind.lower() for query in queries for kind in TABLE_TYPE.findall(query.text)}
    allowed = {action.lower().removesuffix("/read") for action in ALERT_ACTIONS}

    assert read
    # runs and members lie in a fleet, whose name the rows carry; asking needs an action too
    assert allowed == read | {"microsoft.containerservice/fleets", "microsoft.resourcegraph/resources"}


@pytest.mark.parametrize("actions", [ROLE_ACTIONS, PROFILE_ACTIONS, ALERT_ACTIONS], ids=["app", "profiles", "alerts"])
def test_actions_are_written_out_and_in_order(actions: list[str]) -> None:
    assert actions == sorted(set(actions))
    assert [action for action in actions if "*" in action] == []


def test_the_alerts_only_read() -> None:
    assert [action for action in ALERT_ACTIONS if not action.endswith("/read")] == []


FAULTS: dict[str, tuple[Prediction, str]] = {
    "a role that the page does not list": (
        changed("default", ASSIGNMENT, roleDefinitionId="/providers/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635 on Microsoft.Insights/components: docs/security.md does not list it",
    ),
    "a role of someone else": (
        changed("default", ASSIGNMENT, principalId="99999999-0000-0000-0000-000000000000"),
        "99999999-0000-0000-0000-000000000000: 3913510d-42f4-4e42-8a64-420c390055eb on",
    ),
    "a custom role with other actions": (
        changed("default", DEFINITION, permissions=[{"actions": ["*"], "notActions": []}]),
        "a custom role with * on subscription or management group: docs/security.md does not list it",
    ),
    "a custom role with a right to data": (
        with_changed(
            prediction("default"),
            DEFINITION,
            lambda body: at(body, "properties", "permissions").update(dataActions=["*"]),
        ),
        "besides its actions it has",
    ),
    "a custom role that can be assigned elsewhere": (
        changed("default", DEFINITION, assignableScopes=["/subscriptions/other"]),
        "it can be assigned elsewhere than where it is made",
    ),
    "a custom role that no one has": (
        changed("management-group-roles", ASSIGNMENT, roleDefinitionId="/providers/x/acdd72a7"),
        "no one has this role",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_roles_is_caught(fault: str) -> None:
    found, problem = FAULTS[fault]

    assert [one for one in find_role_problems([found], set(documented_grants())) if problem in one]


def test_a_role_that_no_way_assigns_is_caught() -> None:
    ways = [without(one, ASSIGNMENT) if one.of_type("Microsoft.Web/sites") else one for one in every_way()]

    grant = Grant(APP, "3913510d-42f4-4e42-8a64-420c390055eb", "Microsoft.Insights/components")
    assert list(find_role_problems(ways, documented_grants())) == [
        f"docs/security.md lists {grant}, and no way of deploying assigns it"
    ]


def test_a_row_of_the_page_is_a_role_of_the_identity_above_it(tmp_path: Path) -> None:
    page = tmp_path / "security.md"
    guid = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"
    page.write_text(
        f"# Security\n\n## Roles\n\n**The app**, here:\n\n| role | on | for |\n|---|---|---|\n"
        f"| *Owner* (`{guid}`) | the storage account | x |\n\n"
        "**The app**, on each subscription or management group it manages: [a](../infra/role-actions.json).\n\n"
        f"### Else\n\n| *Owner* (`{guid}`) | the workspace | x |\n\n## Network\n"
    )

    assert documented_grants(page) == {
        Grant("The app", guid, "Microsoft.Storage/storageAccounts"),
        Grant("The app", "role-actions.json", CUSTOM),
    }


def test_an_assignment_to_something_else_is_named_by_its_id() -> None:
    found = prediction("default")
    other = replace(found.of_type(ASSIGNMENT)[0], scope="/subscriptions/s/resourceGroups/g/providers/A.B/cs/d/es/f")

    assert grant_of(other, found).place == "A.B/cs/es"
