"""The custom role of the app allows what the app's calls need, and nothing else."""

from tests.infra.called_actions import called_actions, queried_types
from tests.infra.role_files import ROLE_ACTIONS

ALLOWED = {action.lower() for action in ROLE_ACTIONS}


def test_every_call_of_the_adapters_has_its_action() -> None:
    assert sorted(action for action in called_actions() if action.lower() not in ALLOWED) == []


def test_every_type_that_resource_graph_is_asked_for_may_be_read() -> None:
    assert queried_types()
    assert sorted(kind for kind in queried_types() if f"{kind}/read" not in ALLOWED) == []


def test_every_action_is_used() -> None:
    used = {action.lower() for action in called_actions()} | {f"{kind}/read" for kind in queried_types()}

    assert sorted(ALLOWED - used) == []
