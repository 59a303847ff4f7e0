"""A new profile: what it would do before it exists, refusals beside their fields, texts to copy, and its creation."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from shared.core.reasons import Outcome, Reason
from tests.app.page import documents, more_documents
from tests.app.page.site import Site
from tests.app.page.visitor import Visitor

FLEET = f"{documents.FLEETS}/lab"
PREVIEW = f"/api{FLEET}/preview"
NEW = f"{FLEET}/autoUpgradeProfiles/weekly"


@pytest.fixture
def page(site: Site, visitor: Visitor) -> Page:
    site.has(f"POST {PREVIEW}", documents.a_decision(Outcome.GENERATE, Reason.UPGRADE_DUE))
    visitor.open(site, "#/new")
    return visitor.page


def test_what_it_would_do_is_shown_before_it_exists(site: Site, page: Page, visitor: Visitor) -> None:
    page.get_by_label("Name", exact=True).fill("weekly")
    page.get_by_label("Node images").select_option("Consistent")
    page.get_by_label("Update strategy").select_option(label="canary-first: canary → everywhere")
    page.get_by_role("button", name="Create the profile").wait_for()

    assert "1 cluster is below 1.34.6." in visitor.text()
    assert len(visitor.rows("What would happen to each cluster")) == 3
    assert json.loads(site.called("POST", PREVIEW)[-1].body) == {
        "name": "weekly",
        "properties": {
            "channel": "Stable",
            "updateStrategyId": f"{FLEET}/updateStrategies/canary-first",
            "nodeImageSelection": {"type": "Consistent"},
        },
    }
    assert [call for call in site.calls if call.method == "PUT"] == []


def test_a_field_that_the_channel_does_not_allow_is_closed_and_one_that_it_needs_is_asked_for(
    site: Site, page: Page
) -> None:
    expect(page.get_by_label("Minor version")).to_be_disabled()
    expect(page.get_by_label("Long-term support")).to_be_disabled()
    page.get_by_label("Channel").select_option("NodeImage")
    expect(page.get_by_label("Node images")).to_be_disabled()

    page.get_by_label("Channel").select_option("TargetKubernetesVersion")
    page.get_by_label("Name", exact=True).fill("weekly")
    expect(page.locator("#targetKubernetesVersion-problem")).to_have_text("Needed.")
    assert site.called("POST", PREVIEW) == []
    page.get_by_label("Minor version").fill("1.34")
    page.get_by_label("Long-term support").check()
    page.get_by_role("button", name="Create the profile").wait_for()
    properties = json.loads(site.called("POST", PREVIEW)[-1].body)["properties"]
    assert (properties["targetKubernetesVersion"], properties["longTermSupport"]) == ("1.34", True)


def test_a_name_that_fleet_does_not_accept_is_refused_where_it_is_typed(site: Site, page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Weekly_")

    expect(page.locator("#name-problem")).to_contain_text("lower case letters, digits and dashes")
    assert site.called("POST", PREVIEW) == []


def test_a_refusal_of_the_app_is_beside_the_field_that_it_names(site: Site, page: Page) -> None:
    error = {"code": "InvalidRequest", "message": "It is no strategy.", "target": "body.properties.updateStrategyId"}
    site.has(f"POST {PREVIEW}", {"error": error}, 400)
    page.get_by_label("Name", exact=True).fill("weekly")

    expect(page.locator("#updateStrategyId-problem")).to_have_text("It is no strategy.")


def test_the_profile_is_there_to_copy_as_command_as_bicep_and_as_request(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("weekly")
    page.get_by_label("Update strategy").select_option(label="canary-first: canary → everywhere")
    page.get_by_role("heading", name="Azure CLI").wait_for()

    command, bicep, request = page.locator("pre").all_inner_texts()
    assert command.replace(" \\\n ", "") == (
        "az fleet autoupgradeprofile create --subscription s --resource-group platform --fleet-name lab --name weekly"
        f" --channel Stable --update-strategy-id {FLEET}/updateStrategies/canary-first --node-image-selection Latest"
    )
    assert "  parent: fleet\n  name: 'weekly'\n  properties: {\n    channel: 'Stable'\n" in bicep
    assert request.startswith(f"PUT {NEW}?api-version=2026-06-01\n\n")
    assert json.loads(request.partition("\n\n")[2])["properties"]["channel"] == "Stable"


def test_it_is_created_only_once_and_only_after_a_confirmation_that_names_the_clusters(site: Site, page: Page) -> None:
    site.has(f"PUT /api{NEW}", {"id": NEW})
    page.get_by_label("Name", exact=True).fill("weekly")
    page.get_by_role("button", name="Create the profile").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("It upgrades 1 cluster: shop-eastus.")
    dialog.get_by_role("button", name="Create", exact=True).click()

    expect(page.get_by_text("Created: weekly, once the app has evaluated it.")).to_be_visible()
    [call] = site.called("PUT", f"/api{NEW}")
    assert call.condition == "*"
    assert json.loads(call.body) == {"properties": {"channel": "Stable", "nodeImageSelection": {"type": "Latest"}}}


def test_another_fleet_has_other_strategies(site: Site, page: Page) -> None:
    site.has(f"GET /api{documents.FLEETS}/retail/updateStrategies", {"value": []})
    expect(page.get_by_label("Update strategy").locator("option")).to_have_count(3)
    page.get_by_label("Fleet", exact=True).select_option(label="retail, 3 members")

    expect(page.get_by_label("Update strategy").locator("option")).to_have_text(["none: one by one"])


def test_strategies_that_cannot_be_read_are_not_shown_as_none(site: Site, visitor: Visitor) -> None:
    site.refuse(f"GET /api{FLEET}/updateStrategies", 502, "AppLacksPermission", "The app may not read them.")
    visitor.open(site, "#/new")

    expect(visitor.page.get_by_text("The strategies of the fleet could not be read: The app may not")).to_be_visible()


def test_the_channel_of_fleets_preview_is_there_where_the_app_uses_it(site: Site, visitor: Visitor) -> None:
    site.has(f"POST {PREVIEW}", documents.a_decision(Outcome.GENERATE, Reason.UPGRADE_DUE))
    preview = {"channels": ["Stable", "SecurityPatch"], "fleetApiVersion": "2026-06-02-preview"}
    site.has("GET /api/capabilities", {**more_documents.capabilities(), **preview})
    visitor.open(site, "#/new")
    visitor.page.get_by_label("Channel").select_option("SecurityPatch")
    visitor.page.get_by_label("Name", exact=True).fill("patches")
    visitor.page.get_by_role("heading", name="Bicep").wait_for()

    assert "autoUpgradeProfiles@2026-06-02-preview'" in visitor.page.locator("pre").nth(1).inner_text()


def test_where_the_app_writes_no_profiles_there_is_no_button_but_texts_to_copy(site: Site, visitor: Visitor) -> None:
    site.has(f"POST {PREVIEW}", documents.a_decision(Outcome.GENERATE, Reason.UPGRADE_DUE))
    site.has("GET /api/capabilities", more_documents.capabilities(writes=False))
    visitor.open(site, "#/new")
    visitor.page.get_by_label("Name", exact=True).fill("weekly")

    expect(visitor.page.get_by_text("This app creates no profiles (AUTO_UPGRADE_PROFILES_WRITE)")).to_be_visible()
    assert visitor.page.get_by_role("button", name="Create the profile").count() == 0
    assert len(visitor.page.locator("pre").all()) == 3


def test_an_app_that_may_not_write_profiles_says_so(site: Site, page: Page) -> None:
    site.refuse(f"PUT /api{NEW}", 403, "NotEnabled", "Changing profiles through the app is not enabled.")
    page.get_by_label("Name", exact=True).fill("weekly")
    page.get_by_role("button", name="Create the profile").click()
    page.get_by_role("button", name="Create", exact=True).click()

    expect(page.get_by_text("Refused: Changing profiles through the app is not enabled.")).to_be_visible()
