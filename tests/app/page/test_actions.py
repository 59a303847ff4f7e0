"""Buttons: each says what it would do, to which clusters, before it does it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.core.reasons import Outcome, Reason
from tests.app.page import documents
from tests.app.page.site import Site
from tests.app.page.visitor import Visitor

VIEW = f"#/profile{documents.profile_id()}"
API = f"/api{documents.profile_id()}"


@pytest.fixture
def due(site: Site, visitor: Visitor) -> Visitor:
    """The page of a profile whose run is due."""
    site.has(f"GET {API}/preview", documents.a_decision(Outcome.GENERATE, Reason.UPGRADE_DUE))
    site.has(f"POST {API}/generateUpdateRun", {"id": documents.run_id()})
    site.has(f"POST {API}/evaluate", {"sentence": "The profile is evaluated soon."}, 202)
    visitor.open(site, VIEW)
    return visitor


@pytest.mark.parametrize(
    ("button", "confirm", "body", "consequence"),
    [
        ("Generate for review", "Generate the run", '{"start":false}', "The run is not started."),
        ("Generate and start", "Generate and start the run", '{"start":true}', "Fleet starts to upgrade"),
    ],
)
def test_generating_names_the_run_and_the_clusters_and_shows_the_run_afterwards(
    site: Site, due: Visitor, button: str, confirm: str, body: str, consequence: str
) -> None:
    due.page.get_by_role("button", name=button).click()
    dialog = due.page.get_by_role("dialog", name=button)
    dialog.wait_for()

    text = dialog.inner_text()
    assert "Update run auto-stable-1-34-6: Kubernetes 1.34.6" in text
    assert "It upgrades 1 cluster\nshop-eastus" in text
    assert "It skips 1 cluster\nstock-eastus" in text
    assert consequence in text
    assert site.called("POST", f"{API}/generateUpdateRun") == []
    dialog.get_by_role("button", name=confirm).click()
    due.page.get_by_role("link", name="auto-stable-1-34-6").first.wait_for()
    expect(due.page.locator(".result")).to_have_text("The run is auto-stable-1-34-6.")
    assert [call.body for call in site.called("POST", f"{API}/generateUpdateRun")] == [body]


def test_evaluating_says_what_it_would_do_now(site: Site, due: Visitor) -> None:
    due.page.get_by_role("button", name="Evaluate now").click()
    dialog = due.page.get_by_role("dialog")
    dialog.wait_for()
    assert "The run is started." in dialog.inner_text()
    dialog.get_by_role("button", name="Evaluate the profile").click()

    expect(due.page.locator(".result")).to_have_text("The profile is evaluated soon.")
    assert [call.body for call in site.called("POST", f"{API}/evaluate")] == [""]


@pytest.mark.parametrize("way", ["Cancel", "Escape"])
def test_a_person_who_does_not_confirm_changes_nothing(site: Site, due: Visitor, way: str) -> None:
    due.page.get_by_role("button", name="Generate and start").click()
    dialog = due.page.get_by_role("dialog")
    dialog.wait_for()
    if way == "Escape":
        due.page.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name="Cancel").click()
    dialog.wait_for(state="hidden")

    expect(due.page.get_by_role("button", name="Generate and start")).to_be_focused()
    assert [call for call in site.calls if call.method == "POST"] == []


def test_what_the_app_would_refuse_cannot_be_confirmed_and_says_why(site: Site, visitor: Visitor) -> None:
    visitor.open(site, VIEW)
    visitor.page.get_by_role("button", name="Generate and start").click()
    dialog = visitor.page.get_by_role("dialog")
    dialog.wait_for()

    assert "Frozen by policy until 2026-05-20." in dialog.inner_text()
    assert "The app refuses to start it now." in dialog.inner_text()
    assert dialog.get_by_role("button").all_inner_texts() == ["Close"]


def test_a_disabled_profile_has_a_run_generated_on_demand_all_the_same(site: Site, due: Visitor) -> None:
    disabled = documents.a_decision(Outcome.SKIPPED, Reason.PROFILE_DISABLED)
    site.has(f"GET {API}/preview", {**disabled, "updateRun": None, "members": []})
    due.page.get_by_role("button", name="Generate for review").click()
    expect(due.page.get_by_role("dialog")).to_contain_text("A run is generated all the same")
    due.page.get_by_role("button", name="Generate the run").click()

    expect(due.page.locator(".result")).to_have_text("The run is auto-stable-1-34-6.")


def test_a_refusal_of_the_app_is_shown_with_its_sentence(site: Site, due: Visitor) -> None:
    site.refuse(f"POST {API}/generateUpdateRun", 409, "Freeze", "Frozen by policy since a moment ago.")
    due.page.get_by_role("button", name="Generate and start").click()
    due.page.get_by_role("button", name="Generate and start the run").click()

    expect(due.page.locator(".result")).to_have_text("Refused: Frozen by policy since a moment ago.")
