"""Update runs, and the body that creates one."""

from datetime import UTC, datetime

import pytest

from shared.azure.fleet.parse_update_run import parse_run
from shared.azure.fleet.run_body import run_body
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateState, UpgradeType
from tests.app.azure.bodies import ETAG, PROFILE, RUN, STRATEGY, UBUNTU, resource, run, specification
from tests.app.azure.wire_server import Json

RUN_ID = ResourceId.parse(RUN)
FEBRUARY, MARCH = f"{UBUNTU}-202602.13.0", f"{UBUNTU}-202603.09.0"


def test_a_run_is_read_whole() -> None:
    parsed = parse_run(RUN_ID, run(state="Running", autoUpgradeProfileId=PROFILE, members={"Shop": "Running"}))
    assert parsed.upgrade_type is UpgradeType.FULL
    assert parsed.kubernetes_version == KubernetesVersion(1, 33, 5)
    assert parsed.node_image_selection is NodeImageSelection.LATEST
    assert parsed.state is UpdateState.RUNNING
    assert parsed.update_strategy_id == ResourceId.parse(STRATEGY)
    assert parsed.auto_upgrade_profile_id == ResourceId.parse(PROFILE)
    assert parsed.member_states == {"shop": UpdateState.RUNNING}


def test_the_etag_keeps_its_quotes() -> None:
    assert parse_run(RUN_ID, run()).etag == ETAG


@pytest.mark.parametrize(("state", "read"), [("Paused", "Paused"), (None, "missing"), (["Running"], "['Running']")])
def test_a_state_this_app_does_not_know_counts_as_work_going_on(state: Json, read: str) -> None:
    parsed = parse_run(RUN_ID, run(state=state, members={"shop": state}))
    assert parsed.state == Unparsed(read)
    assert parsed.is_unfinished
    assert parsed.member_states == {"shop": Unparsed(read)}


def test_images_that_fleet_selected_count_before_the_requested_ones() -> None:
    update: Json = {
        "upgrade": {"type": "NodeImageOnly"},
        "nodeImageSelection": {"type": "Custom", "customNodeImageVersions": [{"version": FEBRUARY}]},
    }
    assert parse_run(RUN_ID, run(update=update)).node_images == {NodeImage.parse(FEBRUARY)}
    assert parse_run(RUN_ID, run(update=update, picked=(MARCH,))).node_images == {NodeImage.parse(MARCH)}


def test_an_image_in_another_form_is_kept_as_unparsed() -> None:
    assert parse_run(RUN_ID, run(picked=(MARCH, "newest"))).node_images == {NodeImage.parse(MARCH), Unparsed("newest")}


@pytest.mark.parametrize(
    "status",
    [
        None,
        {},
        {"status": {"state": "NotStarted"}, "nodeImageSelection": {}, "stages": None},
        {"stages": "s"},
        {"stages": [7, {"groups": [{"name": "empty"}, {"members": "m"}]}]},
    ],
)
def test_a_status_without_members_or_in_another_form_yields_no_members(status: Json) -> None:
    assert parse_run(RUN_ID, run(status=status)).member_states == {}


def test_members_of_all_stages_and_groups_are_found() -> None:
    def group(name: str, state: str) -> Json:
        return {"name": name, "members": [{"name": name, "status": {"state": state}}]}

    status: Json = {
        "stages": [{"groups": [group("A", "Completed"), group("b", "Failed")]}, {"groups": [group("c", "Skipped")]}]
    }
    assert parse_run(RUN_ID, run(status=status)).member_states == {
        "a": UpdateState.COMPLETED,
        "b": UpdateState.FAILED,
        "c": UpdateState.SKIPPED,
    }


def test_a_run_without_properties_is_odd_and_no_error() -> None:
    parsed = parse_run(RUN_ID, resource(RUN, None))
    assert (parsed.upgrade_type, parsed.state) == (Unparsed("missing"), Unparsed("missing"))
    assert (parsed.kubernetes_version, parsed.node_image_selection, parsed.update_strategy_id) == (None, None, None)
    assert parsed.etag == ""


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.33", MinorVersion(1, 33)),
        ("v1.33", MinorVersion(1, 33)),
        ("v1.33.5", KubernetesVersion(1, 33, 5)),
        ("V1.33.5", KubernetesVersion(1, 33, 5)),
        ("vv1.33.5", Unparsed("vv1.33.5")),
        ("1", Unparsed("1")),
    ],
)
def test_an_alias_of_a_version_is_read_as_what_it_stands_for(
    text: str, version: KubernetesVersion | MinorVersion | Unparsed
) -> None:
    parsed = parse_run(RUN_ID, run(update={"upgrade": {"type": "Full", "kubernetesVersion": text}}))
    assert parsed.kubernetes_version == version


def test_a_version_or_selection_this_app_does_not_know_is_kept_as_unparsed() -> None:
    parsed = parse_run(RUN_ID, run(update={"upgrade": {"type": "Half", "kubernetesVersion": "newest"}}))
    assert (parsed.upgrade_type, parsed.kubernetes_version) == (Unparsed("Half"), Unparsed("newest"))


def test_the_body_of_a_full_run_names_version_selection_and_strategy() -> None:
    assert run_body(specification(update_strategy_id=ResourceId.parse(STRATEGY))) == {
        "properties": {
            "managedClusterUpdate": {
                "upgrade": {"type": "Full", "kubernetesVersion": "1.33.5"},
                "nodeImageSelection": {"type": "Latest"},
            },
            "updateStrategyId": STRATEGY,
        }
    }


def test_the_body_of_a_node_image_run_has_no_version_and_leaves_images_to_fleet() -> None:
    wanted = specification(
        channel=Channel.NODE_IMAGE,
        upgrade_type=UpgradeType.NODE_IMAGE_ONLY,
        kubernetes_version=None,
        node_image_selection=NodeImageSelection.CONSISTENT,
        node_images=(NodeImage.parse(MARCH),),
    )
    assert run_body(wanted) == {
        "properties": {
            "managedClusterUpdate": {
                "upgrade": {"type": "NodeImageOnly"},
                "nodeImageSelection": {"type": "Consistent"},
            }
        }
    }


def test_the_body_of_a_custom_selection_lists_its_images() -> None:
    wanted = specification(node_image_selection=NodeImageSelection.CUSTOM, node_images=(NodeImage.parse(FEBRUARY),))
    assert run_body(wanted) == {
        "properties": {
            "managedClusterUpdate": {
                "upgrade": {"type": "Full", "kubernetesVersion": "1.33.5"},
                "nodeImageSelection": {"type": "Custom", "customNodeImageVersions": [{"version": FEBRUARY}]},
            }
        }
    }


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2025-09-01T06:01:11.101734945Z", datetime(2025, 9, 1, 6, 1, 11, 101734, tzinfo=UTC)),
        ("2025-09-01T08:01:11+02:00", datetime(2025, 9, 1, 6, 1, 11, tzinfo=UTC)),
        ("2025-09-01T06:01:11", datetime(2025, 9, 1, 6, 1, 11, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_the_end_of_a_run_is_read_in_utc_and_unknown_if_it_is_no_time(text: Json, read: datetime | None) -> None:
    body = run(status={"status": {"state": "Failed", "completedTime": text}})
    assert parse_run(RUN_ID, body).completed_at == read
