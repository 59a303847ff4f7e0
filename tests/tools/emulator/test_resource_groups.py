"""Resource groups and lists of resources."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.tools.emulator.builders import fleet, member, world
from tests.tools.emulator.lab import SUBSCRIPTION_PATH, Lab
from tools.json_value import Json

VERSION = "api-version=2024-11-01"
FLEET = "Microsoft.ContainerService/fleets"
CLUSTER = "Microsoft.ContainerService/managedClusters"


@pytest.fixture
def lab() -> Lab:
    """Two groups: `platform` with a tagged fleet and its cluster, `pay` with a fleet alone."""
    return Lab(
        world(
            fleet("retail", member("shop", "eastus"), tags={"owner": "it's us"}),
            fleet("payments", resourceGroup="Pay", region="westeurope"),
        )
    )


def names(lab: Lab, path: str, text: str = "") -> list[Json]:
    query = f"{VERSION}&$filter={quote(text)}" if text else VERSION
    value = lab.get(path, query)["value"]
    assert isinstance(value, list)
    return [item["name"] for item in value if isinstance(item, dict)]


def test_the_groups_of_a_world_are_those_of_its_fleets(lab: Lab) -> None:
    assert names(lab, "/resourceGroups") == ["platform", "Pay"]


def test_a_group_is_shown_with_its_own_name_and_place(lab: Lab) -> None:
    assert lab.get("/RESOURCEGROUPS/pay", VERSION) == {
        "id": f"{SUBSCRIPTION_PATH}/resourceGroups/Pay",
        "name": "Pay",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "westeurope",
        "tags": {},
        "properties": {"provisioningState": "Succeeded"},
    }


@pytest.mark.parametrize(("group", "status"), [("PAY", 204), ("nowhere", 404)])
def test_head_shows_whether_a_group_exists(lab: Lab, group: str, status: int) -> None:
    response = lab.http.request("HEAD", f"{SUBSCRIPTION_PATH}/resourcegroups/{group}?{VERSION}")
    assert (response.status_code, response.content) == (status, b"")


@pytest.mark.parametrize("path", ["/resourceGroups/nowhere", "/resourceGroups/nowhere/resources"])
def test_a_group_that_was_not_created_is_not_found(lab: Lab, path: str) -> None:
    response = lab.http.get(f"{SUBSCRIPTION_PATH}{path}?{VERSION}")
    assert response.status_code == 404
    assert response.json() == {
        "error": {"code": "ResourceGroupNotFound", "message": "Resource group 'nowhere' could not be found."}
    }


def test_resources_are_listed_without_their_properties(lab: Lab) -> None:
    value = lab.get("/resources", VERSION)["value"]
    assert isinstance(value, list)
    assert value[0] == {
        "id": f"{SUBSCRIPTION_PATH}/resourceGroups/platform/providers/{FLEET}/retail",
        "name": "retail",
        "type": FLEET,
        "location": "westus2",
        "tags": {"owner": "it's us"},
    }
    assert value[2] == {
        "id": f"{SUBSCRIPTION_PATH}/resourcegroups/platform/providers/{CLUSTER}/shop",
        "name": "shop",
        "type": CLUSTER,
        "location": "eastus",
        "tags": {},
        "sku": {"name": "Base", "tier": "Standard"},
    }


def test_resources_of_a_group_are_those_that_lie_in_it(lab: Lab) -> None:
    assert names(lab, "/resourceGroups/PLATFORM/resources") == ["retail", "shop"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("resourceType eq 'microsoft.containerservice/FLEETS'", ["retail", "payments"]),
        ("resourceGroup eq 'pay'", ["payments"]),
        ("name eq 'shop'", ["shop"]),
        ("location eq 'eastus'", ["shop"]),
        ("tagName eq 'OWNER'", ["retail"]),
        ("tagname eq 'owner' and tagvalue eq 'it''s us'", ["retail"]),
        ("tagname eq 'owner' and tagvalue eq 'IT''S US'", []),
        (f"resourceGroup eq 'platform' and resourceType eq '{CLUSTER}'", ["shop"]),
        ("resourceGroup eq 'platform' and name eq 'payments'", []),
    ],
)
def test_a_filter_leaves_what_is_asked_for(lab: Lab, text: str, expected: list[str]) -> None:
    assert names(lab, "/resources", text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "name eq shop",
        "name ne 'shop'",
        "colour eq 'red'",
        "name eq 'a' or name eq 'b'",
        "name eq 'a' and",
        "name eq 'a' location eq 'b'",
        "substringof('shop', name)",
    ],
)
def test_a_filter_that_is_not_known_is_refused_and_the_known_ones_are_named(lab: Lab, text: str) -> None:
    response = lab.http.get(f"{SUBSCRIPTION_PATH}/resources?{VERSION}&$filter={quote(text)}")
    assert response.status_code == 400
    assert response.json() == {
        "error": {
            "code": "InvalidFilterInQueryString",
            "message": f"Invalid $filter '{text}' specified in the query string. This emulator knows resourceType, "
            "resourceGroup, name, location, tagName and tagValue, each with eq, joined by and.",
        }
    }


def test_a_list_of_resources_comes_in_pages_where_the_caller_wants_so(lab: Lab) -> None:
    page = lab.get("/resources", f"{VERSION}&$top=2")
    assert isinstance(page["value"], list)
    assert len(page["value"]) == 2
    assert "nextLink" in page
