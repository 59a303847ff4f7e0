"""The custom role of the app allows what the app's calls need, and nothing else."""

from tests.infra.called_actions import called_actions, queried_types
from tests.infra.role_files import PROFILE_ACTIONS, ROLE_ACTIONS

ALLOWED = {action.lower() for action in (*ROLE_ACTIONS, *PROFILE_ACTIONS)}


def test_every_call_of_the_adapters_has_its_action() -> None:
    assert sorted(action for action in called_actions() if action.lower() not in ALLOWED) == []


def test_every_type_that_resource_graph_is_asked_for_may_be_read() -> None:
    assert queried_types()
    assert sorted(kind for kind in queried_types() if f"{kind}/read" not in ALLOWED) == []


def test_the_role_that_everyone_gets_changes_no_profile() -> None:
    of_profiles = [action for action in ROLE_ACTIONS if "/autoupgradeprofiles/" in action.lower()]

    assert [action for action in of_profiles if action.endswith(("/write", "/delete"))] == []
    assert {action.rpartition("/")[2] for action in PROFILE_ACTIONS} == {"write", "delete"}


def test_every_action_is_used() -> None:
    used = {action.lower() for action in called_actions()} | {f"{kind}/read" for kind in queried_types()}

    assert sorted(ALLOWED - used) == []
