"""The overview: profiles in their order, filters, search, and a thousand of them."""

from __future__ import annotations

import sys

import pytest
from playwright.sync_api import expect

from tests.app.page import documents, more_documents
from tests.app.page.site import Site
from tests.app.page.visitor import Visitor

PROFILES = "Profiles, those first that need a person"


def names(visitor: Visitor) -> list[str]:
    return [row[0].split("\n")[0] for row in visitor.rows(PROFILES)]


def test_profiles_are_in_the_order_of_the_api_with_why_and_what_is_next(site: Site, visitor: Visitor) -> None:
    visitor.open(site)

    rows = visitor.rows(PROFILES)
    assert [row[0].split("\n")[0] for row in rows] == ["pinned", "rapid", "stable"]
    blocked, running, waiting = rows
    assert blocked[1].split("\n") == ["Blocked", "Clusters stopped"]
    assert blocked[2] == "stock-westeurope is stopped."
    assert blocked[6] == "Person A person removes what blocks the profile."
    assert running[5].split("\n") == ["Running", "1 of 2 members done"]
    assert waiting[3:5] == ["1.34.6", "1 of 3 clusters\n2 versions, 10 days"]
    assert waiting[6].split("\n") == ["The freeze ends at 2026-05-20 00:00 UTC.", "in 7 days"]


def test_a_filter_and_a_search_show_what_fits_both_and_stay_when_a_person_comes_back(
    site: Site, visitor: Visitor
) -> None:
    visitor.open(site)
    page = visitor.page

    page.get_by_label("Needs a person").check()
    assert names(visitor) == ["pinned"]
    page.get_by_label("Behind").check()
    assert names(visitor) == ["pinned", "rapid", "stable"]
    page.get_by_role("searchbox").fill("lab progress")
    assert names(visitor) == ["rapid"]
    assert "1 of 3 profiles" in visitor.text()

    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Health of the app")
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("searchbox")).to_have_value("lab progress")
    assert names(visitor) == ["rapid"]


def test_a_cluster_is_found_by_its_name_with_what_was_decided_on_it(site: Site, visitor: Visitor) -> None:
    site.has("GET /api/members", more_documents.found_members())
    visitor.open(site)
    visitor.page.get_by_role("searchbox").fill("shop-e")
    visitor.page.get_by_role("table", name="Clusters with shop-e in their name").wait_for()

    found, alone = visitor.rows("Clusters with shop-e in their name")
    assert found[:3] == ["shop-eastus\nretail", "stable", "Upgrade\nBelow target"]
    assert found[3] == "Below 1.34.6.\nWaiting Frozen by policy until 2026-05-20."
    assert alone == [
        "shop-europe\ncluster-7, lab",
        "none",
        "",
        "Its fleet has no auto-upgrade profile, so nothing upgrades it.",
    ]
    assert "There are more: type more of the name." in visitor.text()
    assert names(visitor) == []

    visitor.page.get_by_role("link", name="stable").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("retail / stable")
    visitor.page.get_by_role("link", name="Overview").first.click()
    visitor.page.get_by_role("table", name="Clusters with shop-e in their name").wait_for()


@pytest.mark.parametrize(
    ("evaluated", "sentence"),
    [
        (documents.EVALUATED, "At the last evaluation no member of a fleet had nothing-such in its name."),
        (None, "No evaluation has recorded the names of clusters yet."),
    ],
)
def test_no_cluster_of_that_name_and_not_known_yet_are_not_the_same(
    site: Site, visitor: Visitor, evaluated: str | None, sentence: str
) -> None:
    none = {"value": [], "isComplete": True, "evaluatedAt": evaluated, "ageSeconds": 240 if evaluated else None}
    site.has("GET /api/members", none)
    visitor.open(site)
    visitor.page.get_by_role("searchbox").fill("nothing-such")

    expect(visitor.page.get_by_text(sentence)).to_be_visible()


def test_clusters_are_asked_for_only_by_what_can_be_in_a_name(site: Site, clocked: Visitor) -> None:
    clocked.open(site)
    for text in ("sh", "shop frozen", "1.34.6", ""):
        clocked.page.get_by_role("searchbox").fill(text)
        clocked.page.clock.run_for(1000)
    assert site.called("GET", "/api/members") == []

    clocked.page.get_by_role("searchbox").fill("shop")
    clocked.page.clock.run_for(1000)
    expect(clocked.page.get_by_text("Clusters could not be searched")).to_be_visible()
    assert [call.path for call in site.called("GET", "/api/members")] == ["/api/members?name=shop"]


def test_before_the_first_evaluation_the_page_says_so(site: Site, visitor: Visitor) -> None:
    site.has("GET /api/fleets", documents.fleets(age=None))
    visitor.open(site)

    assert "The last evaluation found no profile, or there was none yet." in visitor.text()
    assert visitor.page.locator("#age").inner_text() == "Evaluated: not yet"


def test_a_profile_that_no_decision_is_recorded_of_is_shown_as_not_evaluated(site: Site, visitor: Visitor) -> None:
    nothing = {"outcome": None, "reason": None, "sentence": "", "target": None, "lag": None, "daysBehind": None}
    fresh = {**documents.a_summary("fresh"), **nothing}
    site.has("GET /api/fleets", {**documents.fleets(documents.a_summary()), "value": [fresh]})
    visitor.open(site)

    [row] = visitor.rows(PROFILES)
    assert (row[1], row[3], row[4]) == ("Not evaluated yet", "none", "no target")


def test_a_thousand_profiles_come_in_pages_and_the_first_hundred_are_drawn(site: Site, visitor: Visitor) -> None:
    thousand = [documents.a_summary(f"profile-{number:04}", f"fleet-{number // 5}") for number in range(1000)]
    site.has("GET /api/fleets", documents.fleets(*thousand))
    visitor.open(site)
    assert "1000 profiles" in visitor.text()
    assert len(names(visitor)) == 100

    took = visitor.page.evaluate("performance.getEntriesByName('shown')[0].startTime")
    sys.stdout.write(f"overview of 1,000 profiles, from the address to the table: {took:.0f} ms\n")

    visitor.page.get_by_role("button", name="Show more").click()
    assert visitor.page.locator("tbody tr").count() == 600
    visitor.page.get_by_role("searchbox").fill("profile-0999")
    assert names(visitor) == ["profile-0999"]


def test_further_pages_are_read_and_shown_as_one_list(site: Site, visitor: Visitor) -> None:
    first = {**documents.fleets(documents.a_summary("one")), "nextLink": "/api/more?top=1&skip=1"}
    site.has("GET /api/fleets", first)
    site.has("GET /api/more", documents.fleets(documents.a_summary("two")))
    visitor.open(site)

    assert names(visitor) == ["one", "two"]
