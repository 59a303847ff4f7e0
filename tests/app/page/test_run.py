"""A run as it stands, releases, and the health of the app."""

from __future__ import annotations

from tests.app.page import documents, more_documents
from tests.app.page.site import Site
from tests.app.page.visitor import Visitor


def test_a_run_says_what_it_waits_for_who_requested_it_and_where_each_stage_is(site: Site, visitor: Visitor) -> None:
    visitor.open(site, f"#/run{documents.run_id()}")

    text = visitor.text()
    assert "Pending It waits for: approval of release manager before everywhere." in text
    assert "2026-05-10 05:59 UTC by Ada" in text
    first, second = visitor.page.locator(".stages > li").all_inner_texts()
    assert "Then the run waits for 1 day." in first
    assert "Waits for approval or its time Gate release manager, before, since 2026-05-11 08:00 UTC" in second
    assert visitor.rows("Members of canary, canary") == [
        ["shop-westus2", "Completed", "", "2026-05-10 06:00 UTC", "2026-05-10 06:40 UTC"]
    ]
    assert visitor.page.get_by_role("link", name="stable").get_attribute("href") == (
        f"#/profile{documents.profile_id()}"
    )


def test_releases_say_when_each_region_was_first_seen_to_offer_them(site: Site, visitor: Visitor) -> None:
    visitor.open(site, "#/releases")

    [version] = visitor.rows("Kubernetes versions, the newest first")
    assert version[:2] == ["1.35.1\ncommunity support", "2026-05-09 06:00 UTC"]
    assert [version[2].split("\n")[-1], version[3]] == ["not seen", "2026-05-09"]
    visitor.page.get_by_label("Node images").check()
    [image] = visitor.rows("Node images, the newest first")
    assert image[2:] == ["2026-05-10", "2026-05-08"]
    assert visitor.page.locator("#age").inner_text() == "Detected 1 minute ago"


def test_health_counts_what_could_not_be_read_poison_messages_and_what_never_succeeded(
    site: Site, visitor: Visitor
) -> None:
    visitor.open(site, "#/health")

    text = visitor.text()
    assert "3 problems" in text
    assert "The fleet old could not be read: access denied." in text
    assert visitor.rows("When each last succeeded") == [
        ["Detection of releases", "2026-05-12 06:00 UTC", "4 minutes"],
        ["Evaluation of profiles", "2026-05-12 06:00 UTC", "4 minutes"],
        ["Watch of runs", "not yet", ""],
    ]
    assert visitor.rows("Messages, approximately") == [["evaluate-estate", "2", "1"]]


def test_an_activity_that_its_schedule_should_have_repeated_is_marked(site: Site, visitor: Visitor) -> None:
    late = {**more_documents.health(), "detection": {"at": documents.EVALUATED, "ageSeconds": 7801}}
    site.has("GET /api/health", late)
    visitor.open(site, "#/health")

    [detection, evaluation, _] = visitor.rows("When each last succeeded")
    assert (detection[2], evaluation[2]) == ("2 hours, longer than its schedule pauses", "4 minutes")


def test_an_app_without_problems_works(site: Site, visitor: Visitor) -> None:
    activity = {"at": documents.EVALUATED, "ageSeconds": 5}
    well = {"detection": activity, "evaluation": activity, "watch": activity, "wanted": None, "inProgress": None}
    site.has("GET /api/health", {**well, "unreadable": [], "queues": []})
    visitor.open(site, "#/health")

    assert visitor.page.locator(".verdict").inner_text() == "Works"
    assert "Everything could be read." in visitor.text()
