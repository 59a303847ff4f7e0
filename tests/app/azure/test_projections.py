"""Each projection has exactly the fields that its parser reads: one more is noise, one less changes decisions."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from shared.azure.aks.parse_cluster import CLUSTER_FIELDS, parse_cluster
from shared.azure.aks.parse_kubernetes_versions import KUBERNETES_VERSIONS_FIELDS, parse_kubernetes_versions
from shared.azure.aks.parse_maintenance import MAINTENANCE_FIELDS, parse_maintenance_configurations
from shared.azure.aks.parse_upgrade_profile import UPGRADE_PROFILE_FIELDS, parse_upgrade_profile
from shared.azure.fleet.parse_fleet import (
    FLEET_FIELDS,
    MEMBER_FIELDS,
    PROFILE_FIELDS,
    STRATEGY_FIELDS,
    id_of,
    parse_member,
    parse_profile,
    parse_strategy,
    tags_of,
)
from shared.azure.fleet.parse_update_run import RUN_FIELDS, parse_run
from shared.azure.json_value import JsonObject
from shared.azure.projection import Projection
from tests.app.azure.bodies import UBUNTU, cluster, fleet, member, minor, pool, profile, resource, run, strategy
from tests.app.azure.recording import Recording, fields_read
from tests.app.azure.wire_server import Json

GATES: Json = [
    {"gateId": "/g", "displayName": "go", "status": {"state": "Pending", "startTime": "2026-01-01T00:00:00Z"}}
]
PENDING: Json = {"state": "Pending", "startTime": "2026-01-01", "error": {"code": "Busy", "message": "busy"}}
GROUP: Json = {
    "name": "group",
    "beforeGates": GATES,
    "afterGates": GATES,
    "members": [{"name": "shop", "message": "waits", "status": PENDING}],
}
STAGE: Json = {
    "name": "stage",
    "status": {"state": "Pending"},
    "failureCount": 1,
    "maxAllowedFailures": 1,
    "beforeGates": GATES,
    "afterGates": GATES,
    "groups": [GROUP],
}
STATUS: Json = {
    "status": {"state": "Pending", "completedTime": None},
    "nodeImageSelection": {"selectedNodeImageVersions": [{"version": f"{UBUNTU}-202602.13.0"}]},
    "stages": [STAGE],
}
NOT_SELECTED: Json = {"status": {"state": "NotStarted"}}
UPDATE: Json = {
    "upgrade": {"type": "Full", "kubernetesVersion": "1.33.5"},
    "nodeImageSelection": {"type": "Custom", "customNodeImageVersions": [{"version": f"{UBUNTU}-202602.13.0"}]},
}
CLUSTER = cluster(
    supportPlan="AKSLongTermSupport",
    nodeProvisioningProfile={"mode": "Auto"},
    autoUpgradeProfile={"upgradeChannel": "stable", "nodeOSUpgradeChannel": "NodeImage"},
    agentPoolProfiles=[{**pool(), "creationData": {"sourceResourceId": "/snapshot"}}],
    servicePrincipalProfile={"clientId": "msi", "secret": "hidden"},
)

SCHEDULED: Json = [
    {
        "type": "ScheduledStart",
        "scheduledStartConfiguration": {"startDay": "Monday", "startTime": "01:00", "utcOffset": "+01:00"},
    }
]
PLAN: Json = {
    "name": "stage",
    "beforeGates": SCHEDULED,
    "afterGates": SCHEDULED,
    "groups": [{"name": "group", "beforeGates": SCHEDULED, "afterGates": SCHEDULED}],
}
INLINE = run(update=UPDATE, status=STATUS, updateStrategyId=None, strategy={"stages": [PLAN]})
REQUESTED: JsonObject = {
    **run(update=UPDATE, status=NOT_SELECTED),
    "systemData": {"createdAt": "2026-02-24T04:21:37.3752644Z"},
}

BY_LABEL = strategy(
    {"name": "one", "memberSelector": {"byLabel": "env"}, "groups": [{"name": "two"}]},
    {"name": "two", "groups": [{"name": "a", "memberSelector": {"byLabel": "env=prod"}}]},
)

Parse = Callable[[JsonObject], object]
KINDS: dict[str, tuple[Projection, tuple[JsonObject, ...], Parse]] = {
    "fleet": (FLEET_FIELDS, (fleet(**{"auto-upgrade.soak": "P1D", "team": "shop"}),), tags_of),
    "member": (MEMBER_FIELDS, (member(),), lambda body: parse_member(id_of(body), body, {})),
    "strategy": (STRATEGY_FIELDS, (BY_LABEL,), lambda body: parse_strategy(id_of(body), body)),
    "profile": (
        PROFILE_FIELDS,
        (profile(autoUpgradeProfileStatus={"lastTriggerMessage": "Started."}),),
        lambda body: parse_profile(id_of(body), body),
    ),
    "run": (RUN_FIELDS, (INLINE, REQUESTED), lambda body: parse_run(id_of(body), body)),
    "cluster": (CLUSTER_FIELDS, (CLUSTER,), lambda body: parse_cluster(id_of(body), body)),
    "kubernetesVersions": (
        KUBERNETES_VERSIONS_FIELDS,
        ({"values": [minor("1.34", "1.34.1", isPreview=True, isDefault=True)]},),
        lambda body: parse_kubernetes_versions("westus2", body),
    ),
    "upgradeProfile": (
        UPGRADE_PROFILE_FIELDS,
        ({"name": "default", "properties": {"osType": "Linux", "latestNodeImageVersion": f"{UBUNTU}-202602.13.0"}},),
        lambda body: parse_upgrade_profile(UBUNTU, "the pool", body),
    ),
    "maintenanceConfigurations": (
        MAINTENANCE_FIELDS,
        ({"value": [{"name": "default", "properties": {"timeInWeek": []}}]},),
        parse_maintenance_configurations,
    ),
}
"""By kind: the projection, bodies in which every field is read that may be, and what parses them."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_projection_has_every_field_that_is_read_and_no_other(kind: str) -> None:
    projection, bodies, parse = KINDS[kind]
    read: set[str] = set()

    for body in bodies:
        parse(Recording(body, read))

    in_every_list = {"id"} & set(bodies[0])
    assert fields_read(read) | in_every_list == {re.sub(r"[^.]*\*$", "*", path) for path in projection.paths}


@pytest.mark.parametrize("kind", KINDS)
def test_a_projected_body_parses_to_the_same_value(kind: str) -> None:
    projection, bodies, parse = KINDS[kind]

    for body in bodies:
        assert parse(projection.of(body)) == parse(body)


def test_what_decides_nothing_is_not_in_a_projection() -> None:
    assert "hidden" in str(CLUSTER)
    assert "hidden" not in str(CLUSTER_FIELDS.of(CLUSTER))
    assert FLEET_FIELDS.of(fleet(**{"Auto-Upgrade.soak": "P1D", "password": "hidden"}))["tags"] == {
        "Auto-Upgrade.soak": "P1D"
    }


def test_a_value_of_another_type_than_the_path_expects_is_kept_so_that_the_parser_can_name_it() -> None:
    projection = Projection("pools[].name", "patches{}", "power.code", "labels.*")

    for odd in (None, "many", 7):
        body: JsonObject = {"pools": odd, "patches": odd, "power": odd, "labels": odd}
        assert projection.of(body) == body
    assert projection.of({"pools": [{"name": "one", "count": 3}, 7], "patches": {"1.34.1": {"upgrades": []}}}) == {
        "pools": [{"name": "one"}, 7],
        "patches": {"1.34.1": {}},
    }
    assert projection.of({"labels": {"a": "b"}, "power": {}}) == {"power": {}, "labels": {"a": "b"}}


def test_a_field_that_is_read_and_not_projected_is_found() -> None:
    read: set[str] = set()
    body = Recording(resource("/subscriptions/s/resourceGroups/g/providers/p/t/n", {"tags": {"a": "b"}}), read)

    assert body.get("absent") is None
    for _, _ in body["properties"]["tags"].items():  # type: ignore[index] # the body above
        pass

    assert fields_read(read) == {"absent", "properties.tags.*"}
