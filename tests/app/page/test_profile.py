"""A profile: its decision, its clusters, what the regions offer, its policies and runs, and what if."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from shared.core.reasons import Outcome, Reason
from tests.app.page import documents
from tests.app.page.site import Site
from tests.app.page.visitor import Visitor

VIEW = f"#/profile{documents.profile_id()}"
API = f"/api{documents.profile_id()}"


def test_the_decision_is_a_sentence_with_what_comes_next_and_warnings(site: Site, visitor: Visitor) -> None:
    visitor.open(site, VIEW)

    text = visitor.text()
    assert "Waiting Frozen by policy until 2026-05-20." in text
    assert "shop-eastus has no maintenance window." in text
    assert "2026-05-11 06:00 UTC, by reconcile timer" in text
    assert "The freeze ends at 2026-05-20 00:00 UTC. That is in 7 days." in text
    assert "1 of 3 clusters, by up to 2 versions for 10 days" in text


def test_each_cluster_has_an_action_and_a_reason_those_that_are_skipped_first(site: Site, visitor: Visitor) -> None:
    visitor.open(site, VIEW)

    rows = visitor.rows("What happens to each cluster, and why")
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("stock-eastus", "Skip", "Stopped"),
        ("shop-eastus", "Upgrade", "Below target"),
        ("shop-westus2", "Up to date", "At target"),
    ]
    assert rows[0][3] == "It is stopped; it is caught up once it runs again."


def test_the_matrix_says_why_higher_versions_are_not_the_target(site: Site, visitor: Visitor) -> None:
    visitor.open(site, VIEW)

    [higher, target] = visitor.rows("Kubernetes versions: the target, and why higher ones are not")
    assert (higher[0], higher[-1]) == ("1.35.1", "eastus does not offer it.")
    assert (target[0], target[-1]) == ("1.34.6", "Target")
    assert [cell.split("\n")[-1] for cell in higher[1:3]] == ["not offered", "offered"]
    visitor.page.get_by_text("Kubernetes versions below the target: 1").click()
    [lower] = visitor.rows("Kubernetes versions below the target")
    assert [cell.split("\n")[-1] for cell in lower] == [
        *("1.33.9", "long-term support only", "could not be read", "Below the target."),
    ]


def test_policies_say_where_they_come_from_and_runs_lead_to_their_view(site: Site, visitor: Visitor) -> None:
    visitor.open(site, VIEW)

    policies = visitor.rows("Policies in force, and where each comes from")
    assert ["freeze", "2026-05-01/2026-05-20", "tag auto-upgrade.freeze"] in policies
    items = visitor.page.locator(".timeline li").all_inner_texts()
    assert ["Running" in items[0], "Completed" in items[1], "Not started." in items[2]] == [True, True, True]
    visitor.page.get_by_role("link", name="auto-stable-1-34-6", exact=True).click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("auto-stable-1-34-6")


def test_what_if_asks_the_preview_with_time_and_policies_and_marks_what_differs(site: Site, visitor: Visitor) -> None:
    visitor.open(site, VIEW)
    then = documents.a_decision(Outcome.GENERATE, Reason.UPGRADE_DUE)
    then["members"][2] = {**then["members"][0], "name": "stock-eastus"}
    site.has(f"GET {API}/preview", then)

    visitor.page.get_by_label("Time (UTC)").fill("2026-05-21T06:00")
    visitor.page.get_by_label("freeze", exact=True).fill("none")
    visitor.page.get_by_label("start", exact=True).select_option("manual")
    visitor.page.get_by_role("button", name="Decide").click()
    visitor.page.get_by_text("1 cluster is below 1.34.6.").wait_for()

    [call] = site.called("GET", f"{API}/preview")
    query = parse_qs(urlsplit(call.path).query)
    assert query == {"at": ["2026-05-21T06:00:00Z"], "policy.freeze": ["none"], "policy.start": ["manual"]}
    rows = visitor.rows("What would happen to each cluster")
    assert [row[3] for row in rows if row[0] == "stock-eastus"] == ["Below 1.34.6.\nNow: Skip, Stopped"]


def test_what_if_shows_which_value_the_app_refuses(site: Site, visitor: Visitor) -> None:
    visitor.open(site, VIEW)
    site.refuse(f"GET {API}/preview", 400, "InvalidRequest", "policy.soak is 'soon'; expected a duration.")

    visitor.page.get_by_label("soak", exact=True).fill("soon")
    visitor.page.get_by_role("button", name="Decide").click()

    expect(visitor.page.get_by_text("policy.soak is 'soon'; expected a duration.")).to_be_visible()


def test_a_refresh_keeps_what_a_person_has_typed(site: Site, clocked: Visitor) -> None:
    clocked.open(site, VIEW)
    clocked.page.get_by_label("soak", exact=True).fill("P7D")
    changed = documents.a_profile()
    changed["summary"]["sentence"] = "Changed."
    assert changed["decision"] is not None
    changed["decision"]["sentence"] = "Changed."
    site.has(f"GET {API}", changed)

    clocked.page.clock.run_for(31_000)
    clocked.page.get_by_text("Waiting Changed.").wait_for()

    assert clocked.page.get_by_label("soak", exact=True).input_value() == "P7D"
    assert clocked.page.get_by_label("soak", exact=True).evaluate("field => field === document.activeElement")


def test_a_profile_before_its_first_decision_is_shown_without_one(site: Site, visitor: Visitor) -> None:
    fresh = documents.a_profile()
    summary = {**fresh["summary"], "outcome": None, "reason": None, "sentence": "", "lag": None}
    nothing: dict[str, object] = {"decision": None, "decidedAt": None, "matrix": [], "runs": [], "lastTrigger": None}
    site.has(f"GET {API}", {**fresh, **nothing, "summary": summary})
    visitor.open(site, VIEW)

    text = visitor.text()
    assert "Not evaluated yet" in text
    assert "There is no run of this profile." in text


def test_a_decision_too_long_for_the_ledger_says_that_its_members_are_in_the_preview(
    site: Site, visitor: Visitor
) -> None:
    long = documents.a_profile()
    decision = {**documents.a_decision(), "members": [], "membersOmitted": 5000}
    site.has(f"GET {API}", {**long, "decision": decision})
    visitor.open(site, VIEW)

    assert "The decision is on 5000 members, too many to be kept." in visitor.text()


@pytest.mark.parametrize("view", ["#/profile/../../admin/host/keys", "#/profile//evil.example/x", "#/run/%2e%2e/x"])
def test_an_address_that_is_no_resource_id_is_not_asked_for(site: Site, visitor: Visitor, view: str) -> None:
    visitor.open(site, view)

    assert "There is no such view" in visitor.text()
    assert site.calls == []
