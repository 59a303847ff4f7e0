"""Fleets: what they must not say, their identity, hub and tags."""

from __future__ import annotations

import base64
import json
import re
from typing import cast
from uuid import UUID

import pytest

from tests.tools.emulator.lab import SUBSCRIPTION_PATH
from tests.tools.emulator_fleet.fleet_lab import API, FleetLab, JsonObject
from tests.tools.emulator_rules.azure import GROUP, HUB, at_fleet, end, properties, put_fleet
from tests.tools.emulator_rules.refusals import INVALID, WRONG_TYPE, assert_refused
from tools.json_value import Json

USER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u"
NO_REGION = (
    "The provided location 'moon' is not available for resource type 'Microsoft.ContainerService/fleets'. "
    "List of available regions is 'westus2,eastus,westeurope'."
)
NO_IDENTITY = (
    "'Some' is not a value of 'type'; it must be one of None, SystemAssigned, UserAssigned, "
    "SystemAssigned, UserAssigned."
)


@pytest.mark.parametrize(
    ("body", "code", "target", "message"),
    [
        ({}, "LocationRequired", "location", "The location property is required for this definition."),
        (
            {"location": "moon"},
            "LocationNotAvailableForResourceType",
            "location",
            NO_REGION,
        ),
        (
            {"location": "eastus", "identity": {"type": "Some"}},
            INVALID,
            "identity.type",
            NO_IDENTITY,
        ),
        *(
            (
                {"location": "eastus", "identity": identity},
                INVALID,
                "identity.userAssignedIdentities",
                "userAssignedIdentities goes with an identity type that has UserAssigned, and only with it.",
            )
            for identity in (
                {"type": "UserAssigned"},
                {"type": "SystemAssigned", "userAssignedIdentities": {USER: {}}},
            )
        ),
        (
            {"location": "eastus", "properties": {"hubProfile": {"dnsPrefix": "d" * 55}}},
            INVALID,
            "properties.hubProfile.dnsPrefix",
            f"dnsPrefix '{'d' * 55}' is longer than 54 characters.",
        ),
        (
            {"location": "eastus", "tags": {f"t{number}": "" for number in range(51)}},
            INVALID,
            "tags",
            "A resource can have 50 tags, not 51.",
        ),
        (
            {"location": "eastus", "tags": {"n" * 513: ""}},
            INVALID,
            "tags",
            "A tag's name must have 1 to 512 characters.",
        ),
        (
            {"location": "eastus", "tags": {"a": "v" * 257}},
            INVALID,
            "tags",
            "The value of tag 'a' is longer than 256 characters.",
        ),
        ({"location": 1}, WRONG_TYPE, "location", "'location' must be a text."),
        ({"location": "eastus", "tags": []}, WRONG_TYPE, "tags", "'tags' must be an object."),
        ({"location": "eastus", "tags": {"soak": 1}}, WRONG_TYPE, "tags.soak", "'soak' must be a text."),
        (
            {
                "location": "eastus",
                "properties": {"hubProfile": {"apiServerAccessProfile": {"enablePrivateCluster": 1}}},
            },
            WRONG_TYPE,
            "properties.hubProfile.apiServerAccessProfile.enablePrivateCluster",
            "'enablePrivateCluster' must be true or false.",
        ),
    ],
)
def test_a_fleet_that_breaks_a_rule_is_refused(
    lab: FleetLab, body: JsonObject, code: str, target: str, message: str
) -> None:
    assert_refused(at_fleet(lab, "PUT", "odd", body), 400, code, message, target)
    assert at_fleet(lab, "GET", "odd").status_code == 404


def test_a_put_without_a_json_object_is_refused(lab: FleetLab) -> None:
    message = "The request content was invalid: a JSON object is expected."
    bodies: list[Json] = [None, [], "text"]
    for body in bodies:
        assert_refused(at_fleet(lab, "PUT", "odd", body), 400, WRONG_TYPE, message)


def test_a_fleet_cannot_move(lab: FleetLab) -> None:
    put_fleet(lab)
    response = at_fleet(lab, "PUT", "new", {"location": "westus2"})

    message = (
        "The resource 'new' already exists in location 'eastus'. A resource with the same name cannot be created in "
        "location 'westus2'. Please select a new resource name."
    )
    assert_refused(response, 409, "InvalidResourceLocation", message, "location")


@pytest.mark.parametrize(
    ("version", "stays"),
    [("2025-08-01-preview", False), ("2026-02-01-preview", True), ("2026-06-01", True)],
)
def test_an_identity_of_type_none_stays_after_a_patch_in_newer_api_versions_only(
    lab: FleetLab, version: str, stays: bool
) -> None:
    put_fleet(lab, identity={"type": "None"})
    assert at_fleet(lab, "GET", "new").json()["identity"] == {"type": "None"}
    response = at_fleet(lab, "PATCH", "new", {"tags": {"a": "b"}}, api=f"api-version={version}")

    assert (response.status_code, "identity" in response.json()) == (200, stays)
    assert ("identity" in at_fleet(lab, "GET", "new").json()) is stays


def test_a_fleet_without_tags_shows_none(lab: FleetLab) -> None:
    assert "tags" not in put_fleet(lab, tags={}).json()
    assert at_fleet(lab, "PATCH", "new", {"tags": {"a": "b"}}).json()["tags"] == {"a": "b"}
    assert "tags" not in at_fleet(lab, "PATCH", "new", {"tags": {}}).json()


def test_assigned_identities_have_ids_and_stay(lab: FleetLab) -> None:
    put_fleet(lab, identity={"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {USER: {}}})
    identity = at_fleet(lab, "PATCH", "new", {"tags": {}}).json()["identity"]

    assert list(identity) == ["principalId", "tenantId", "type", "userAssignedIdentities"]
    assert list(identity["userAssignedIdentities"][USER]) == ["clientId", "principalId"]
    assert at_fleet(lab, "PATCH", "new", {"identity": {"type": "SystemAssigned"}}).json()["identity"]["type"] == (
        "SystemAssigned"
    )


def test_a_patch_writes_tags_at_once_and_nothing_but_them(lab: FleetLab) -> None:
    put_fleet(lab, tags={"old": "1"}, properties=HUB)
    before = at_fleet(lab, "GET", "new").json()
    body: Json = {"tags": {"auto-upgrade.soak": "P1D"}, "location": "moon", "properties": {"hubProfile": None}}
    response = at_fleet(lab, "PATCH", "new", body, {"If-Match": before["eTag"]})

    assert (response.status_code, "azure-asyncoperation" in response.headers) == (200, False)
    after = response.json()
    assert after["tags"] == {"auto-upgrade.soak": "P1D"}
    assert after["eTag"] != before["eTag"]
    assert at_fleet(lab, "GET", "new").json() == after
    unchanged = ("id", "location", "name", "properties", "type")
    assert [after[name] for name in unchanged] == [before[name] for name in unchanged]
    assert at_fleet(lab, "PATCH", "new", {"tags": {}}, {"If-Match": before["eTag"]}).status_code == 412
    assert at_fleet(lab, "PATCH", "new", {}).json() == after


def test_a_tag_that_is_no_text_is_refused_in_a_patch(lab: FleetLab) -> None:
    response = lab.send("PATCH", "", {"tags": {"soak": 1}})

    assert_refused(response, 400, WRONG_TYPE, "'soak' must be a text.", "tags.soak")


def test_a_hub_is_shown_as_sent_until_it_is_created_and_then_with_its_version_and_names(lab: FleetLab) -> None:
    created = put_fleet(lab, properties={**HUB, "provisioningState": "Failed"})
    assert properties(created)["hubProfile"] == HUB["hubProfile"]

    shown = properties(at_fleet(lab, "GET", "new"))["hubProfile"]
    assert isinstance(shown, dict)
    assert list(shown) == ["agentProfile", "dnsPrefix", "fqdn", "kubernetesVersion", "portalFqdn"]
    assert (shown["dnsPrefix"], shown["agentProfile"]) == ("shop", {"vmSize": "Standard_D2s_v5"})
    assert str(shown["fqdn"]).startswith("shop-")
    assert str(shown["fqdn"]).endswith(".hcp.eastus.azmk8s.io")

    again = at_fleet(lab, "PUT", "new", {"location": "eastus", "properties": HUB})
    assert properties(again)["hubProfile"] == shown


def test_a_fleet_without_a_hub_shows_none(lab: FleetLab) -> None:
    assert "hubProfile" not in properties(put_fleet(lab))


@pytest.mark.parametrize("hub", [None, {"dnsPrefix": "other"}])
def test_a_hub_cannot_be_changed_or_omitted_later(lab: FleetLab, hub: Json) -> None:
    put_fleet(lab, properties=HUB)
    response = at_fleet(lab, "PUT", "new", {"location": "eastus", "properties": {"hubProfile": hub}})

    message = "'dnsPrefix' is set on creation and cannot be changed: it is 'shop'."
    assert_refused(response, 400, "PropertyChangeNotAllowed", message, "properties.hubProfile.dnsPrefix")


def test_a_fleet_gets_a_hub_later(lab: FleetLab) -> None:
    put_fleet(lab)
    response = at_fleet(lab, "PUT", "new", {"location": "eastus", "properties": HUB})
    end(lab, response)

    assert "hubProfile" in properties(at_fleet(lab, "GET", "new"))


def test_credentials_name_the_hub_and_sign_in_without_a_secret(lab: FleetLab) -> None:
    put_fleet(lab, properties=HUB)
    hub = properties(at_fleet(lab, "GET", "new"))["hubProfile"]
    response = at_fleet(lab, "POST", "new/listCredentials")

    [found] = response.json()["kubeconfigs"]
    kubeconfig = json.loads(base64.b64decode(found["value"]))
    assert isinstance(hub, dict)
    assert kubeconfig["clusters"][0]["cluster"] == {"server": f"https://{hub['fqdn']}:443"}
    [user] = kubeconfig["users"]
    assert (user["name"], list(user["user"])) == ("clusterUser_platform_new", ["exec"])
    assert (user["user"]["exec"]["command"], user["user"]["exec"]["args"][0]) == ("kubelogin", "get-token")
    assert user["user"]["exec"]["args"][-2:] == ["--tenant-id", lab.estate.tenant]


def test_a_hub_that_is_being_created_has_no_credentials(lab: FleetLab) -> None:
    at_fleet(lab, "PUT", "new", {"location": "eastus", "properties": HUB})
    assert at_fleet(lab, "POST", "new/listCredentials").status_code == 409


def test_a_fleet_that_is_read_names_its_configuration_and_a_write_its_operation(lab: FleetLab) -> None:
    read, written = lab.send("GET", ""), lab.send("PATCH", "", {"tags": {}})
    assert read.headers["fleet-configuration-version"] == "v20260520.1"
    assert "x-ms-operation-identifier" not in read.headers
    who = f"tenantId={lab.estate.tenant},objectId="
    assert written.headers["x-ms-operation-identifier"].startswith(who)
    for child in ("/members/one", "/members", "/updateStrategies/staged", "/updateRuns"):
        assert lab.send("GET", child).headers["x-ms-operation-identifier"].startswith(who)
    poll = put_fleet(lab).headers["azure-asyncoperation"]
    assert lab.http.get(poll).headers["x-ms-operation-identifier"].startswith(who)


def test_a_list_of_fleets_names_a_request_for_each_region_that_has_one(lab: FleetLab) -> None:
    def regions_asked(path: str) -> int:
        ids = lab.http.get(f"{path}?{API}").headers["x-ms-original-request-ids"].split(", ")
        assert all(len(each) == len(str(UUID(each))) for each in ids)
        return len(set(ids))

    in_group, everywhere = (
        f"{scope}/providers/Microsoft.ContainerService/fleets" for scope in (GROUP, SUBSCRIPTION_PATH)
    )
    assert (regions_asked(in_group), regions_asked(everywhere)) == (1, 1)
    put_fleet(lab)
    put_fleet(lab, "another")
    assert (regions_asked(in_group), regions_asked(everywhere)) == (2, 2)


@pytest.mark.parametrize(
    ("hub", "name", "portal"),
    [
        ({"dnsPrefix": "shop"}, "shop-[0-9a-z]{8}", "shop-[0-9a-z]{8}"),
        ({}, "hub-[0-9a-z]{6}-[0-9a-z]{8}", "hub-[0-9a-z]{6}-[0-9a-z]{8}"),
        (
            {"apiServerAccessProfile": {"enablePrivateCluster": True}},
            "hub-[0-9a-z]{6}-[0-9a-z]{8}",
            "[0-9a-f]{32}-priv",
        ),
    ],
)
def test_a_hubs_names_have_the_recorded_forms(lab: FleetLab, hub: JsonObject, name: str, portal: str) -> None:
    put_fleet(lab, properties={"hubProfile": hub})
    shown = cast("JsonObject", properties(at_fleet(lab, "GET", "new"))["hubProfile"])
    assert re.fullmatch(rf"{name}\.hcp\.eastus\.azmk8s\.io", str(shown["fqdn"]))
    assert re.fullmatch(rf"{portal}\.portal\.hcp\.eastus\.azmk8s\.io", str(shown["portalFqdn"]))


def test_a_fleet_without_a_hub_has_no_credentials(lab: FleetLab) -> None:
    response = lab.send("POST", "/listCredentials")

    assert_refused(response, 409, "OperationNotAllowed", "The fleet 'retail' has no hub cluster.")


@pytest.mark.parametrize(("headers", "status"), [({"If-None-Match": "*"}, 412), ({"If-Match": '"stale"'}, 412)])
def test_conditions_of_a_put_hold(lab: FleetLab, headers: dict[str, str], status: int) -> None:
    put_fleet(lab)
    response = at_fleet(lab, "PUT", "new", {"location": "eastus"}, headers)

    assert (response.status_code, response.json()["error"]["code"]) == (status, "PreconditionFailed")
