"""Locks and role assignments, of which there are none, and services that the emulator does not have."""

from __future__ import annotations

import pytest

from tests.tools.emulator.lab import SUBSCRIPTION_PATH, Lab

GROUP = f"{SUBSCRIPTION_PATH}/resourceGroups/platform"
FLEET = f"{GROUP}/providers/Microsoft.ContainerService/fleets/retail"


@pytest.mark.parametrize("scope", [SUBSCRIPTION_PATH, GROUP, FLEET])
@pytest.mark.parametrize(("kind", "version"), [("locks", "2016-09-01"), ("roleAssignments", "2022-04-01")])
def test_there_are_none_at_any_scope(scope: str, kind: str, version: str) -> None:
    response = Lab().http.get(f"{scope}/providers/Microsoft.Authorization/{kind}?api-version={version}")
    assert (response.status_code, response.json()) == (200, {"value": []})


def test_a_group_that_does_not_exist_is_not_found() -> None:
    path = f"{GROUP}s/providers/Microsoft.Authorization/locks?api-version=2016-09-01"
    assert Lab().http.get(path).json()["error"]["code"] == "ResourceGroupNotFound"


@pytest.mark.parametrize("path", ["/providers/Microsoft.Insights/metricAlerts", "/policyStates"])
def test_a_service_that_is_not_there_is_answered_with_those_that_are(path: str) -> None:
    response = Lab().http.get(f"{SUBSCRIPTION_PATH}{path}?api-version=2018-03-01")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "InvalidResourceType")
    assert response.json()["error"]["message"] == (
        f"No resource type of this emulator has the path '{SUBSCRIPTION_PATH}{path}'. It has subscriptions, resource "
        "groups, Microsoft.Authorization (locks, roleAssignments), Microsoft.ContainerService (locations, "
        "managedClusters, operations), Microsoft.Resources (tags), Microsoft.EventGrid and Microsoft.ResourceGraph."
    )
