"""The page's blocks that list, show and delete profiles."""

from __future__ import annotations

import pytest
from azure.core.exceptions import ResourceNotFoundError

from tests.tools.how_to.reader import CREATE, DELETE, NAMED, PROFILE_ID, Reader

IN_FLEET = "--resource-group $GROUP --fleet-name $FLEET"


def test_list_the_profiles_of_a_fleet(reader: Reader) -> None:
    reader.az(f"{CREATE} --channel Stable", AUTOUPGRADEPROFILE="versions")
    reader.az(f"{CREATE} --channel NodeImage", AUTOUPGRADEPROFILE="images")

    listed = reader.az(f"az fleet autoupgradeprofile list {IN_FLEET}")

    assert isinstance(listed, list)
    assert [each["name"] for each in listed if isinstance(each, dict)] == ["versions", "images"]


def test_show_one_profile(reader: Reader) -> None:
    """The page says `list` with a name, which `list` does not take: what it means is `show`."""
    reader.az(f"{CREATE} --channel Stable")

    shown = reader.az(f"az fleet autoupgradeprofile show {NAMED}")

    assert isinstance(shown, dict)
    assert {key: shown[key] for key in ("id", "name", "type", "properties")} == {
        "id": PROFILE_ID,
        "name": "aup",
        "type": "Microsoft.ContainerService/fleets/autoUpgradeProfiles",
        "properties": {
            "provisioningState": "Succeeded",
            "channel": "Stable",
            "disabled": False,
            "longTermSupport": False,
        },
    }


def test_delete_a_profile(reader: Reader) -> None:
    reader.az(f"{CREATE} --channel Stable")

    reader.az(DELETE)

    with pytest.raises(ResourceNotFoundError):
        reader.profile()
    assert reader.az(f"az fleet autoupgradeprofile list {IN_FLEET}") == []


def test_deleting_a_profile_leaves_its_run_in_progress_alone(reader: Reader) -> None:
    reader.az(f"{CREATE} --channel Stable")
    name = reader.generate()
    reader.start(name)

    reader.az(DELETE)

    run = reader.run(name)
    assert run["autoUpgradeProfileId"] == PROFILE_ID
    assert reader.state(name) == "Running"
