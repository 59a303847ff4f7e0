"""The page's queries for what a cluster runs, before and after its update run, which is generated on demand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tools.how_to.reader import CREATE, GENERATE, PROFILE_ID, Reader
from tools.stack.control import EmulatorControl

FAMILY = "AKSUbuntu-2204gen2containerd"
BEFORE = f"{FAMILY}-202507.21.0"
CLUSTERS = ("cluster1", "cluster2", "cluster3")
LONG_ENOUGH = timedelta(hours=6)


def carry_out(reader: Reader, time: EmulatorControl) -> None:
    """Generate the profile's run, start it, and wait for its end."""
    name = reader.generate()
    reader.start(name)
    time.advance(time.clock().now + LONG_ENOUGH)
    assert reader.state(name) == "Completed"


def test_the_kubernetes_version_of_a_member_cluster_is_the_new_one_once_its_run_has_finished(
    reader: Reader, time: EmulatorControl
) -> None:
    assert [reader.kubernetes_version(name) for name in CLUSTERS] == ["1.32.5"] * 3
    reader.az(f"{CREATE} --channel Stable")
    carry_out(reader, time)
    assert [reader.kubernetes_version(name) for name in CLUSTERS] == ["1.32.7"] * 3


def test_the_node_image_of_a_member_cluster_is_the_new_one_once_its_run_has_finished(
    reader: Reader, time: EmulatorControl
) -> None:
    asked_for = ("name", "mode", "node_image_version", "os_sku", "os_type")
    [pool] = reader.cluster("cluster1").agent_pool_profiles or []
    assert [getattr(pool, name) for name in asked_for] == ["system", "System", BEFORE, "Ubuntu", "Linux"]
    reader.az(f"{CREATE} --update-strategy-id $STRATEGYID --channel NodeImage")
    carry_out(reader, time)
    assert reader.node_images(*CLUSTERS) == [f"{FAMILY}-202508.20.0"] * 3
    assert reader.kubernetes_version("cluster1") == "1.32.5"


@pytest.mark.parametrize(
    ("selection", "westus2", "eastus"),
    [("Latest", "202509.11.0", "202508.20.0"), ("Consistent", "202508.20.0", "202508.20.0")],
)
def test_latest_takes_what_each_region_has_and_consistent_what_all_have(
    reader: Reader, time: EmulatorControl, selection: str, westus2: str, eastus: str
) -> None:
    reader.az(f"{CREATE} --update-strategy-id $STRATEGYID --channel Stable --node-image-selection {selection}")
    carry_out(reader, time)
    assert reader.node_images(*CLUSTERS) == [f"{FAMILY}-{version}" for version in (westus2, westus2, eastus)]


def test_generate_an_update_run_from_a_profile_without_waiting_for_a_release(reader: Reader) -> None:
    reader.az(f"{CREATE} --channel Stable --disabled")

    printed = reader.az(GENERATE)

    assert isinstance(printed, dict)
    name = str(printed["id"]).rpartition("/")[2]
    assert name.startswith("auto-aup-stable-1-32-7-")
    run = reader.run(name)
    assert (run["autoUpgradeProfileId"], reader.state(name)) == (PROFILE_ID, "NotStarted")
    assert reader.az(GENERATE) == printed, "asked again, the same run comes back"
