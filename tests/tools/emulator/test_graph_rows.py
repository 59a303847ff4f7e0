"""The estate as Resource Graph sees it."""

from __future__ import annotations

from tests.tools.emulator.builders import SUBSCRIPTION, TENANT, fleet, member, world
from tests.tools.emulator.lab import Lab
from tools.emulator.graph_rows import GraphRows
from tools.json_value import Json

PROFILE: Json = {"name": "fast", "channel": "Rapid"}
STRATEGY: Json = {"name": "staged", "stages": [{"name": "one", "groups": [{"name": "canary"}]}]}


def lab() -> Lab:
    return Lab(world(fleet("retail", member("shop"), member("stock"), profiles=[PROFILE], strategies=[STRATEGY])))


def test_fleets_and_clusters_are_resources_their_children_are_aks_resources() -> None:
    tables = GraphRows(lab().estate).tables()
    assert [row["type"] for row in tables.resources] == [
        "microsoft.containerservice/fleets",
        "microsoft.containerservice/managedclusters",
        "microsoft.containerservice/managedclusters",
    ]
    assert [row["type"] for row in tables.aksresources] == [
        "microsoft.containerservice/fleets/members",
        "microsoft.containerservice/fleets/members",
        "microsoft.containerservice/fleets/updatestrategies",
        "microsoft.containerservice/fleets/autoupgradeprofiles",
    ]


def test_rows_name_their_subscription_tenant_and_group() -> None:
    for row in (*(tables := GraphRows(lab().estate).tables()).resources, *tables.aksresources):
        assert (row["subscriptionId"], row["tenantId"], row["resourceGroup"]) == (SUBSCRIPTION, TENANT, "platform")


def test_a_cluster_has_the_properties_that_aks_shows() -> None:
    made = lab()
    shown = made.get("/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters/shop")
    row = GraphRows(made.estate).tables().resources[1]
    assert {name: row[name] for name in ("id", "location", "sku", "properties")} == {
        name: shown[name] for name in ("id", "location", "sku", "properties")
    }


def test_a_change_shows_at_once_and_the_other_rows_are_kept() -> None:
    made = lab()
    rows = GraphRows(made.estate)
    before = rows.tables()
    assert rows.tables() is before
    cluster = next(iter(made.estate.clusters.values()))
    made.control("PATCH", "/clusters", {"id": cluster.id, "powerState": "Stopped"})
    after = rows.tables()
    assert after.version != before.version
    properties = after.resources[1]["properties"]
    assert isinstance(properties, dict)
    assert properties["powerState"] == {"code": "Stopped"}
    assert after.resources[2] is before.resources[2]


def test_a_fleets_new_tags_show_at_once() -> None:
    made = lab()
    rows = GraphRows(made.estate)
    rows.tables()
    fleet_id = next(iter(made.estate.fleets.values())).id
    made.control("PATCH", "/fleets", {"id": fleet_id, "tags": {"soak": "P1D"}})
    assert rows.tables().resources[0]["tags"] == {"soak": "P1D"}


def test_what_has_been_deleted_has_no_row() -> None:
    made = lab()
    rows = GraphRows(made.estate)
    rows.tables()
    del next(iter(made.estate.fleets.values())).members["shop"]
    made.estate.touch()
    assert [row["name"] for row in rows.tables().aksresources] == ["stock", "staged", "fast"]
