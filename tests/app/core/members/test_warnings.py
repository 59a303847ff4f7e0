"""What a person should know about a cluster although it stops nothing."""

from __future__ import annotations

import pytest

from shared.core.members.warnings import member_warnings
from shared.core.model.fleet import Cluster
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpgradeType
from shared.core.planner import decide
from shared.core.reasons import DecisionWarning, Outcome
from tests.app.builders import a_cluster, a_member, a_profile, facts
from tests.app.core.reading import warnings_of

UPGRADES, NODE_OS, OLD = "aksmanagedautoupgradeschedule", "aksmanagednodeosupgradeschedule", "default"
FULL, IMAGES, CONTROL_PLANE = UpgradeType.FULL, UpgradeType.NODE_IMAGE_ONLY, UpgradeType.CONTROL_PLANE_ONLY


def warned(cluster: Cluster, upgrade_type: UpgradeType) -> list[DecisionWarning]:
    return [notice.warning for notice in member_warnings([a_member(cluster)], upgrade_type)]


@pytest.mark.parametrize(
    ("channel", "node_os_channel", "upgrade_type", "named"),
    [
        ("stable", "", FULL, "stable"),
        ("patch", "", CONTROL_PLANE, "patch"),
        ("node-image", "", FULL, "node-image"),
        ("", "nodeimage", FULL, None),
        ("", "", FULL, None),
        ("", "nodeimage", IMAGES, "nodeimage"),
        ("", "securitypatch", IMAGES, "securitypatch"),
        ("", "unmanaged", IMAGES, None),
        ("node-image", "", IMAGES, "node-image"),
        ("stable", "", IMAGES, None),
        ("stable", "securitypatch", IMAGES, "securitypatch"),
    ],
)
def test_a_cluster_that_upgrades_itself_is_a_warning_where_it_competes(
    channel: str, node_os_channel: str, upgrade_type: UpgradeType, named: str | None
) -> None:
    cluster = a_cluster(upgrade_channel=channel, node_os_upgrade_channel=node_os_channel)

    notices = member_warnings([a_member(cluster)], upgrade_type)

    assert [notice.warning for notice in notices] == [DecisionWarning.CLUSTER_AUTO_UPGRADE_ON] * bool(named)
    assert all(notice.sentence.startswith("one: ") and f"({named})" in notice.sentence for notice in notices)


@pytest.mark.parametrize(
    ("windows", "upgrade_type", "warning"),
    [
        (None, FULL, None),
        ([], FULL, DecisionWarning.NO_MAINTENANCE_WINDOW),
        ([UPGRADES], FULL, None),
        ([UPGRADES], CONTROL_PLANE, None),
        ([UPGRADES], IMAGES, DecisionWarning.NO_MAINTENANCE_WINDOW),
        ([NODE_OS], IMAGES, None),
        ([NODE_OS], FULL, DecisionWarning.NO_MAINTENANCE_WINDOW),
        ([OLD], FULL, None),
        ([OLD], IMAGES, None),
        (["something-else"], FULL, DecisionWarning.NO_MAINTENANCE_WINDOW),
        (Unknown("access was denied"), FULL, DecisionWarning.MAINTENANCE_WINDOWS_UNKNOWN),
    ],
)
def test_a_cluster_without_the_window_that_fleet_keeps_to_is_a_warning(
    windows: list[str] | Unknown | None, upgrade_type: UpgradeType, warning: DecisionWarning | None
) -> None:
    assert warned(a_cluster(windows=windows), upgrade_type) == ([warning] if warning else [])


def test_windows_that_could_not_be_read_are_said_with_why() -> None:
    [notice] = member_warnings([a_member(a_cluster(windows=Unknown("access was denied")))], FULL)

    assert notice.sentence == "one: its maintenance windows could not be read: access was denied."


def test_members_that_are_not_joined_or_not_readable_give_no_warning() -> None:
    self_upgrading = a_cluster(upgrade_channel="stable")

    members = [a_member(self_upgrading, state="Leaving"), a_member(Unknown("deleted"), name="two")]

    assert member_warnings(members, FULL) == ()


def test_warnings_stand_beside_the_decision_and_block_nothing() -> None:
    member = a_member(a_cluster(upgrade_channel="stable", windows=[]))

    decision = decide(facts(members=[member]))

    assert decision.outcome is Outcome.GENERATE
    assert warnings_of(decision) == [DecisionWarning.CLUSTER_AUTO_UPGRADE_ON, DecisionWarning.NO_MAINTENANCE_WINDOW]


def test_a_profile_for_node_images_is_warned_of_what_concerns_node_images() -> None:
    member = a_member(a_cluster(upgrade_channel="stable", windows=[UPGRADES]))

    decision = decide(facts(a_profile(Channel.NODE_IMAGE), [member]))

    assert warnings_of(decision) == [DecisionWarning.NO_MAINTENANCE_WINDOW]
