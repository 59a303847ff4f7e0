"""A profile is changed, disabled, enabled and deleted from the page: confirmed first, and only as it was read."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from shared.core.reasons import Outcome, Reason
from tests.app.page import documents, more_documents
from tests.app.page.site import Site
from tests.app.page.visitor import Visitor

ID = documents.profile_id()
API, VIEW = f"/api{ID}", f"#/profile{ID}"
PREVIEW = f"POST /api{documents.FLEETS}/retail/preview"
PROPERTIES = {
    "channel": "Stable",
    "updateStrategyId": f"{documents.FLEETS}/retail/updateStrategies/canary-first",
    "nodeImageSelection": {"type": "Latest"},
}


@pytest.fixture
def managed(site: Site) -> Site:
    """A profile whose run is due, which may be written."""
    site.has(PREVIEW, documents.a_decision(Outcome.GENERATE, Reason.UPGRADE_DUE))
    site.has(f"PUT {API}", {"id": ID})
    site.has(f"DELETE {API}", None, 204)
    return site


def written(site: Site) -> list[tuple[str | None, object]]:
    """ETags and bodies of what was written."""
    return [(call.condition, json.loads(call.body)["properties"]) for call in site.called("PUT", API)]


def test_disabling_keeps_everything_else_and_says_what_stays(managed: Site, visitor: Visitor) -> None:
    visitor.open(managed, VIEW)
    visitor.page.get_by_role("button", name="Disable").click()
    dialog = visitor.page.get_by_role("dialog", name="Disable the profile")
    expect(dialog).to_contain_text("It generates no new update runs. Its update runs stay, and those in progress")
    assert written(managed) == []
    dialog.get_by_role("button", name="Disable").click()

    expect(visitor.page.locator(".managed")).to_contain_text("Disabled.")
    assert written(managed) == [('"7"', {**PROPERTIES, "disabled": True})]


def test_enabling_says_first_which_clusters_it_upgrades(managed: Site, visitor: Visitor) -> None:
    stored, shown = more_documents.stored_profile(), documents.a_profile()
    for document in (stored, shown):
        document["settings"]["disabled"] = True
    managed.has(f"GET {API}/settings", stored)
    managed.has(f"GET {API}", shown)
    visitor.open(managed, VIEW)
    visitor.page.get_by_role("button", name="Enable").click()
    dialog = visitor.page.get_by_role("dialog", name="Enable the profile")
    expect(dialog).to_contain_text("It upgrades 1 cluster: shop-eastus.")
    dialog.get_by_role("button", name="Enable").click()

    expect(visitor.page.locator(".managed")).to_contain_text("Enabled.")
    assert written(managed) == [('"7"', PROPERTIES)]


def test_deleting_is_confirmed(managed: Site, visitor: Visitor) -> None:
    visitor.open(managed, VIEW)
    visitor.page.get_by_role("button", name="Delete").click()
    dialog = visitor.page.get_by_role("dialog", name="Delete the profile")
    expect(dialog).to_contain_text("Fleet retail loses the profile stable, which cannot be undone.")
    assert managed.called("DELETE", API) == []
    dialog.get_by_role("button", name="Delete", exact=True).click()

    expect(visitor.page.locator(".managed")).to_contain_text("Deleted.")
    assert len(managed.called("DELETE", API)) == 1


@pytest.mark.parametrize("button", ["Disable", "Delete"])
def test_without_the_confirmation_nothing_is_done(managed: Site, visitor: Visitor, button: str) -> None:
    visitor.open(managed, VIEW)
    visitor.page.get_by_role("button", name=button).click()
    visitor.page.get_by_role("dialog").wait_for()
    visitor.page.keyboard.press("Escape")

    expect(visitor.page.locator(".managed")).to_have_text("")
    assert [call for call in managed.calls if call.method in ("PUT", "DELETE")] == []


def test_a_refusal_is_shown_with_its_sentence(managed: Site, visitor: Visitor) -> None:
    managed.refuse(f"PUT {API}", 409, "RefusedByFleet", "The profile has changed since it was read; read it again.")
    visitor.open(managed, VIEW)
    visitor.page.get_by_role("button", name="Disable").click()
    visitor.page.get_by_role("dialog").get_by_role("button", name="Disable").click()

    expect(visitor.page.locator(".managed")).to_have_text(
        "Refused: The profile has changed since it was read; read it again."
    )


def test_an_app_that_writes_no_profiles_has_no_such_buttons(managed: Site, visitor: Visitor) -> None:
    managed.has("GET /api/capabilities", more_documents.capabilities(writes=False))
    visitor.open(managed, VIEW)

    assert visitor.page.get_by_role("button", name="Generate for review").count() == 1
    assert visitor.page.get_by_role("button", name="Delete").count() == 0
    assert visitor.page.get_by_role("link", name="Change").count() == 0


def test_a_change_begins_with_the_profile_as_it_is_and_shows_what_it_would_do(managed: Site, visitor: Visitor) -> None:
    visitor.open(managed, VIEW)
    page = visitor.page
    page.get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Change the profile").wait_for()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change retail / stable")
    expect(page.get_by_label("Fleet", exact=True)).to_be_disabled()
    expect(page.get_by_label("Name", exact=True)).not_to_be_editable()
    assert json.loads(managed.called("POST", PREVIEW.removeprefix("POST "))[-1].body)["properties"] == PROPERTIES

    page.get_by_label("Channel").select_option("Rapid")
    page.get_by_label("Update strategy").select_option(label="none: one by one")
    with page.expect_response(lambda response: response.url.endswith("/preview")):
        page.get_by_label("Node images").select_option("Consistent")
    page.get_by_role("button", name="Change the profile").click()
    dialog = page.get_by_role("dialog", name="Change the profile")
    expect(dialog).to_contain_text(
        "channel Stable → Rapid, updateStrategyId canary-first → none, nodeImageSelection Latest → Consistent"
    )
    expect(dialog).to_contain_text("It upgrades 1 cluster: shop-eastus.")
    dialog.get_by_role("button", name="Change", exact=True).click()

    expect(page.get_by_text("Changed. stable shows it once the app has evaluated it.")).to_be_visible()
    assert written(managed) == [('"7"', {"channel": "Rapid", "nodeImageSelection": {"type": "Consistent"}})]
