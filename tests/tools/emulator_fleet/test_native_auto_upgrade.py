"""Azure's own auto-upgrade: fired by releases, blind to what clusters run, and to regions that are late."""

from __future__ import annotations

from typing import cast

from tests.tools.emulator_fleet.fleet_lab import FleetLab, JsonObject, image, patch, released

RAPID: JsonObject = {"channel": "Rapid"}


def a_lab(*names: str, is_native: bool = True) -> FleetLab:
    """1.31 is the newest minor, without a patch yet; 1.30.5 is what all clusters run."""
    lab = FleetLab(*names, releases=released())
    next(iter(lab.estate.fleets.values())).has_native_auto_upgrade = is_native
    return lab


def runs(lab: FleetLab) -> list[JsonObject]:
    return cast("list[JsonObject]", lab.send("GET", "/updateRuns").json()["value"])


def status_of(lab: FleetLab, profile: str = "rapid") -> JsonObject | None:
    properties = lab.send("GET", f"/autoUpgradeProfiles/{profile}").json()["properties"]
    return cast("JsonObject | None", properties.get("autoUpgradeProfileStatus"))


def test_a_release_starts_a_run_of_the_profile_once_however_many_regions_get_it() -> None:
    lab = a_lab("one", "two")
    lab.put("/autoUpgradeProfiles/rapid", RAPID)
    assert (runs(lab), status_of(lab)) == ([], None)
    lab.offers.publish([patch("1.31.2")], ["westus2"])
    lab.offers.publish([patch("1.31.2")], ["eastus"])

    [run] = runs(lab)
    properties = cast("JsonObject", run["properties"])
    assert str(properties["autoUpgradeProfileId"]).endswith("/autoUpgradeProfiles/rapid")
    assert lab.state(str(run["name"])) == "Running"
    assert status_of(lab) == {
        "lastTriggeredAt": "2026-01-05T10:30:00.0000000Z",
        "lastTriggerStatus": "Succeeded",
        "lastTriggerUpgradeVersions": ["1.31.2"],
    }


def test_a_run_waits_for_regions_that_have_not_got_the_version_yet() -> None:
    lab = a_lab("one", "two")
    lab.put("/autoUpgradeProfiles/rapid", RAPID)
    lab.offers.publish([patch("1.31.2")], ["westus2"])
    lab.pass_minutes(24 * 60)

    [run] = runs(lab)
    assert lab.state(str(run["name"])) == "Pending"
    assert lab.states(str(run["name"])) == {"one": "Completed", "two": "Pending"}


def test_a_profile_made_after_a_release_waits_for_the_next_one() -> None:
    lab = a_lab("one")
    lab.offers.publish([patch("1.31.2")])
    lab.put("/autoUpgradeProfiles/rapid", RAPID)
    lab.pass_minutes(24 * 60)
    assert runs(lab) == []

    lab.offers.publish([patch("1.31.3")])
    assert len(runs(lab)) == 1


def test_what_the_channel_does_not_ask_for_fires_nothing() -> None:
    lab = a_lab("one")
    lab.offers.publish([patch("1.31.2")])
    lab.put("/autoUpgradeProfiles/rapid", RAPID)
    lab.offers.publish([patch("1.30.9"), patch("1.32.1", preview=True), image("AKSUbuntu-2204", "202410.20.0")])

    assert (runs(lab), status_of(lab)) == ([], None)


def test_a_disabled_profile_and_a_fleet_without_it_do_not_fire() -> None:
    disabled, without = a_lab("one"), a_lab("one", is_native=False)
    disabled.put("/autoUpgradeProfiles/rapid", {**RAPID, "disabled": True})
    without.put("/autoUpgradeProfiles/rapid", RAPID)
    for lab in (disabled, without):
        lab.offers.publish([patch("1.31.2")])

    assert (runs(disabled), runs(without)) == ([], [])


def test_new_images_fire_the_channel_for_them() -> None:
    lab = a_lab("one")
    lab.put("/autoUpgradeProfiles/images", {"channel": "NodeImage"})
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")], ["westus2"])

    [run] = runs(lab)
    assert str(run["name"]).startswith("auto-images-nodeimage-")
    assert cast("JsonObject", status_of(lab, "images"))["lastTriggerUpgradeVersions"] == ["AKSUbuntu-2204-202410.20.0"]


def test_a_run_that_cannot_be_generated_is_a_failed_trigger_that_says_why() -> None:
    lab = a_lab("one")
    name = "a-name-that-leaves-no-room-for-the-rest-of-it"
    lab.put(f"/autoUpgradeProfiles/{name}", RAPID)
    lab.offers.publish([patch("1.31.2")])

    status = cast("JsonObject", status_of(lab, name))
    assert status["lastTriggerStatus"] == "Failed"
    assert cast("JsonObject", status["lastTriggerError"])["code"] == "InvalidParameter"


def test_the_status_outlives_a_change_of_the_profile_and_names_stay_the_same() -> None:
    lab = a_lab("one")
    lab.put("/autoUpgradeProfiles/rapid", RAPID)
    lab.offers.publish([patch("1.31.2")])
    before = status_of(lab)
    lab.put("/autoUpgradeProfiles/rapid", {**RAPID, "disabled": True}, status=200)

    assert status_of(lab) == before
    [run] = runs(lab)
    generated = lab.send("POST", "/autoUpgradeProfiles/rapid/generateUpdateRun").json()
    assert generated == {"id": run["id"]}
