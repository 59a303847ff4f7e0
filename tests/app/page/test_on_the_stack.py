"""The page with the real app behind it: each button, through to the run in the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import Page, expect

from tests.app.end_to_end.scene import FLEET, Scene, options
from tests.app.page.visitor import Visitor
from tests.processes.stack import Stack
from tools.json_value import JsonObject


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A release, in a freeze, that has been evaluated."""
    with Stack(options()) as stack:
        scene = Scene(stack)
        scene.tag(FLEET, freeze="2026-01-01/2026-01-31")
        scene.release()
        scene.detect()
        scene.reconcile()
        yield scene


def press(page: Page, button: str, confirm: str) -> None:
    page.get_by_role("button", name=button).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=confirm, exact=True).click()
    dialog.wait_for(state="hidden")


def settings(scene: Scene, profile: str) -> tuple[object, object]:
    """Channel, and whether it is disabled, as the emulator has it now."""
    found = cast("JsonObject", scene.ask(f"{profile}/settings").json()["settings"])
    return found["channel"], found["disabled"]


def states(scene: Scene, profile: str) -> list[object]:
    return [run["state"] for run in scene.runs() if f"auto-{profile}-" in str(run["id"])]


def test_from_the_overview_to_the_run_in_the_emulator(scene: Scene, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(scene.stack.host.page_address(with_key=True))
    page.get_by_role("link", name="rapid").click()
    page.get_by_role("heading", level=1, name="retail / rapid").wait_for()
    visitor.loaded()
    expect(page.get_by_text("Frozen by policy").first).to_be_visible()
    rows = visitor.rows("What happens to each cluster, and why")
    assert [(row[0], row[2]) for row in rows] == [("shop-one", "Below target"), ("shop-two", "Below target")]

    page.get_by_role("button", name="Generate and start").click()
    expect(page.get_by_role("dialog")).to_contain_text("The app refuses to start it now.")
    page.get_by_role("button", name="Close").click()
    assert scene.runs() == []

    page.get_by_label("freeze", exact=True).fill("none")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("2 clusters are below 1.34.2.").first).to_be_visible()

    scene.tag(FLEET, freeze=None)
    press(page, "Evaluate now", "Evaluate the profile")
    expect(page.locator(".result")).to_contain_text("evaluated soon")
    scene.wait_for("runStarted")
    assert states(scene, "rapid") == ["Running"]

    page.get_by_role("link", name="Overview").first.click()
    page.get_by_role("link", name="lab").click()
    press(page, "Generate for review", "Generate the run")
    page.locator(".result").get_by_role("link").wait_for()
    assert states(scene, "lab") == ["NotStarted"]

    press(page, "Generate and start", "Generate and start the run")
    page.locator(".result").get_by_role("link").click()
    expect(page.locator(".verdict")).to_contain_text("Running")
    assert states(scene, "lab") == ["Running"]
    assert [row[0] for row in visitor.rows("Members of all, lab")] == ["lab-one", "lab-two"]

    for view, heading in (("Releases", "Releases"), ("Health", "Health of the app")):
        page.get_by_role("link", name=view).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.locator("main table").first.wait_for()


def test_a_profile_from_its_creation_to_its_deletion_and_a_cluster_by_its_name(scene: Scene, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(scene.stack.host.page_address(with_key=True))
    page.get_by_role("searchbox").fill("SHOP-ONE")
    found = "Clusters with SHOP-ONE in their name"
    page.get_by_role("table", name=found).wait_for()
    row = next(row for row in visitor.rows(found) if row[1] == "rapid")
    assert row[2] == "Upgrade\nBelow target"
    assert "Frozen by policy" in row[3]

    page.get_by_role("link", name="New profile").click()
    page.get_by_label("Name", exact=True).fill("pinned")
    page.get_by_label("Disabled at first").check()
    press(page, "Create the profile", "Create")
    expect(page.get_by_text("Created: pinned")).to_be_visible()
    pinned = f"{page.get_by_label('Fleet', exact=True).input_value()}/autoUpgradeProfiles/pinned"
    assert settings(scene, pinned) == ("Stable", True)
    scene.rest()

    page.get_by_role("link", name="pinned").click()
    page.get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Change the profile").wait_for()
    page.get_by_label("Channel").select_option("Rapid")
    with page.expect_response(lambda response: response.url.endswith("/preview")):
        page.get_by_label("Node images").select_option("Consistent")
    press(page, "Change the profile", "Change")
    expect(page.get_by_text("Changed. pinned")).to_be_visible()
    assert settings(scene, pinned) == ("Rapid", True)

    page.get_by_role("link", name="pinned").first.click()
    press(page, "Enable", "Enable")
    expect(page.locator(".managed")).to_contain_text("Enabled.")
    assert settings(scene, pinned) == ("Rapid", False)
    scene.rest()
    page.reload()
    press(page, "Disable", "Disable")
    expect(page.locator(".managed")).to_contain_text("Disabled.")
    assert settings(scene, pinned) == ("Rapid", True)

    press(page, "Delete", "Delete")
    expect(page.locator(".managed")).to_contain_text("Deleted.")
    assert scene.ask(f"{pinned}/settings").status_code == 404
