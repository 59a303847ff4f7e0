"""Lines about what happens in a stack, with the names that an administrator needs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tools.demo.narrator import Narrator
from tools.json_value import Json, JsonObject

AT = "2026-05-11T12:00:00Z"
FLEET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail"
RUN = f"{FLEET}/updateRuns/auto-1"
HELD = "set member: one to Pending due to failed validation err: "
CLOSED = "the maintenance window of cluster one is closed, it opens at 2026-05-16T22:00:00Z"


def narrator() -> Narrator:
    """One that writes to the standard output of the test."""
    moment = datetime(2026, 5, 11, 12, tzinfo=UTC)
    return Narrator(None, moment, moment, for_machines=False)


def release(*versions: str, images: tuple[str, ...] = ()) -> JsonObject:
    fields: JsonObject = {"event_name": "release_detected", "region": "westus2", "at": AT}
    return {"fields": {**fields, "kubernetes_versions": ",".join(versions), "node_images": ",".join(images)}}


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_new_releases_of_a_region_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    narrator().show_log_record(release("1.34.4", "1.33.7", images=("AKSUbuntu-2204-202605.04.0",)))
    assert lines(capsys) == ["2026-05-11 12:00  release   westus2: Kubernetes 1.34.4, 1.33.7, 1 node image"]


def test_all_that_a_region_offers_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    versions = [f"1.{minor}.{patch}" for minor in (9, 34) for patch in range(20)]
    narrator().show_log_record(release(*versions, images=("AKSUbuntu-2204-202605.04.0",)))
    assert lines(capsys) == [
        "2026-05-11 12:00  release   westus2: offers 40 Kubernetes versions up to 1.34.19, 1 node image"
    ]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (
            {"kind": "gateReached", "gate": f"{FLEET}/gates/0f", "displayName": "before prod", "startsAt": None},
            "auto-1 waits for the approval of gate 0f (before prod)",
        ),
        (
            {"kind": "gateReached", "gate": f"{FLEET}/gates/0f", "displayName": "", "startsAt": "2026-05-12T22:00:00Z"},
            "auto-1 waits until 2026-05-12T22:00:00Z at gate 0f",
        ),
        (
            {"kind": "memberState", "member": "one", "state": "Pending", "message": f"{HELD}{CLOSED}"},
            f"auto-1 waits with one: {CLOSED}",
        ),
    ],
)
def test_what_a_run_waits_for_is_named(capsys: pytest.CaptureFixture[str], entry: dict[str, Json], says: str) -> None:
    narrator().show_journal_entry({"at": AT, "run": RUN, **entry})
    assert lines(capsys) == [f"2026-05-11 12:00  waiting   {says}"]
