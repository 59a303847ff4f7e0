"""The hook before `azd down`: it lists what lies outside the resource group, asks, and removes only that."""

from collections.abc import Sequence

import pytest

from tests.hooks.hook import (
    GROUP_ID,
    INSTALLATION,
    OTHER_SUBSCRIPTION,
    OUTPUTS,
    PROVISIONED,
    SUBSCRIPTION,
    Result,
    StandIn,
    cluster,
    run_hook,
    run_hook_on_terminal,
    without,
)

OURS = f"fleet-auto-upgrade-{INSTALLATION}"
TOPICS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/topics/providers/Microsoft.EventGrid/systemTopics"
ASSIGNMENT = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/a"
ROLE = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/r"
GATE_GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-gate-events-{INSTALLATION}"
DELETIONS = {
    "eventgrid system-topic event-subscription delete",
    "eventgrid system-topic delete",
    "group delete",
    "role assignment delete",
    "role definition delete",
}


def with_everything(azure: StandIn) -> StandIn:
    """One of each kind: roles, a group for gate events, a topic that this app created, a topic that it found."""
    azure.answer("role assignment list", OUTPUTS["APP_PRINCIPAL_ID"], out=f"{ASSIGNMENT}\n")
    azure.answer("role definition list", out=f"{ROLE}\n")
    azure.answer("group list", "rg-gate-events", out=f"{GATE_GROUP}\n")
    with_topic(azure, "evgst-own", [OURS])
    with_topic(azure, "found", [OURS, "theirs"])
    return with_topics(azure, created=["evgst-own"], all_topics=["evgst-own", "found"])


def with_topics(azure: StandIn, *, created: Sequence[str], all_topics: Sequence[str]) -> StandIn:
    """Topics of the subscription, of which this installation created some."""
    azure.answer("eventgrid system-topic list", "values(tags)", out="".join(f"{TOPICS}/{name}\n" for name in created))
    return azure.answer(
        "eventgrid system-topic list", "topicType", out="".join(f"{TOPICS}/{name}\n" for name in all_topics)
    )


def with_topic(azure: StandIn, name: str, subscriptions: Sequence[str]) -> StandIn:
    """The event subscriptions of a topic."""
    return azure.answer(
        "eventgrid system-topic event-subscription list", name, out="".join(f"{one}\n" for one in subscriptions)
    )


def deletions(done: Result) -> list[str]:
    return [command for command in done.commands if command in DELETIONS]


def remove(azure: StandIn, **choices: str) -> Result:
    return run_hook("predown", azure, {**PROVISIONED, "AUTO_UPGRADE_REMOVE": "yes", **choices})


@pytest.mark.parametrize("name", ["INSTALLATION", "AZURE_RESOURCE_GROUP"])
def test_an_environment_that_was_never_provisioned_has_nothing(azure: StandIn, name: str) -> None:
    done = run_hook("predown", azure, without(PROVISIONED, name))

    assert (done.code, done.calls) == (0, [])


def test_with_nothing_outside_the_group_no_one_is_asked(azure: StandIn) -> None:
    done = run_hook("predown", azure, PROVISIONED)

    assert (done.code, deletions(done)) == (0, [])
    assert done.out == "predown: There is nothing outside the resource group.\n"


def test_everything_is_listed_before_anything_is_removed(azure: StandIn) -> None:
    done = run_hook("predown", with_everything(azure), PROVISIONED)

    assert (done.code, deletions(done)) == (1, [])
    assert done.out.splitlines() == [
        "predown: Outside resource group rg-prod this installation has:",
        f"predown:   event subscription {TOPICS}/found/eventSubscriptions/{OURS}",
        f"predown:   system topic {TOPICS}/evgst-own",
        f"predown:   resource group {GATE_GROUP}",
        f"predown:   role assignment {ASSIGNMENT}",
        f"predown:   custom role {ROLE}",
    ]
    assert "Set AUTO_UPGRADE_REMOVE to yes to remove all of this, or to no to leave it in place." in done.err


def test_everything_is_removed_and_roles_after_their_assignments(azure: StandIn) -> None:
    done = remove(with_everything(azure))

    assert (done.code, done.err) == (0, "")
    calls = [call for call in done.calls if call.command in DELETIONS]
    assert [list(call.arguments) for call in calls] == [
        [
            *("eventgrid", "system-topic", "event-subscription", "delete", "--subscription", SUBSCRIPTION),
            *("--resource-group", "topics", "--system-topic-name", "found", "--name", OURS),
            *("--yes", "--output", "none", "--only-show-errors"),
        ],
        [
            *("eventgrid", "system-topic", "delete", "--ids", f"{TOPICS}/evgst-own"),
            *("--yes", "--output", "none", "--only-show-errors"),
        ],
        [
            *("group", "delete", "--subscription", SUBSCRIPTION, "--name", f"rg-gate-events-{INSTALLATION}"),
            *("--yes", "--output", "none", "--only-show-errors"),
        ],
        ["role", "assignment", "delete", "--ids", ASSIGNMENT, "--output", "none", "--only-show-errors"],
        [
            *("role", "definition", "delete", "--name", "r", "--scope", f"/subscriptions/{SUBSCRIPTION}"),
            *("--custom-role-only", "true", "--output", "none", "--only-show-errors"),
        ],
    ]
    assert done.out.splitlines()[-1] == "predown: All of this is removed."


@pytest.mark.parametrize(
    ("typed", "code", "removed"), [("yes", 0, 5), ("no", 0, 0), ("", 1, 0), ("y", 1, 0), ("YES", 1, 0)]
)
def test_at_a_terminal_only_a_whole_yes_removes(azure: StandIn, typed: str, code: int, removed: int) -> None:
    done = run_hook_on_terminal("predown", with_everything(azure), PROVISIONED, typed)

    assert (done.code, len(deletions(done))) == (code, removed)


def test_all_of_it_can_be_left_in_place_without_a_terminal(azure: StandIn) -> None:
    done = remove(with_everything(azure), AUTO_UPGRADE_REMOVE="no")

    assert (done.code, deletions(done)) == (0, [])
    assert done.out.splitlines()[-1] == "predown: All of this stays."


def test_a_topic_of_this_app_that_others_use_stays_and_loses_its_subscription(azure: StandIn) -> None:
    with_topics(with_topic(azure, "evgst-own", [OURS, "theirs"]), created=["evgst-own"], all_topics=["evgst-own"])

    assert deletions(remove(azure)) == ["eventgrid system-topic event-subscription delete"]


def test_a_topic_that_the_app_does_not_use_is_left_alone(azure: StandIn) -> None:
    with_topics(with_topic(azure, "found", ["theirs"]), created=[], all_topics=["found"])

    done = remove(azure)

    assert deletions(done) == []
    assert "There is nothing outside the resource group." in done.out


@pytest.mark.parametrize("group", [GROUP_ID, GATE_GROUP])
def test_topics_that_go_with_their_group_are_not_listed(azure: StandIn, group: str) -> None:
    topic = f"{group}/providers/Microsoft.EventGrid/systemTopics/evgst-gates"
    azure.answer("eventgrid system-topic list", out=f"{topic}\n").answer(
        "eventgrid system-topic event-subscription list", out=f"{OURS}\n"
    )

    done = remove(azure)

    assert done.calls_of("eventgrid system-topic event-subscription list") == []
    assert "There is nothing outside the resource group." in done.out


def test_management_groups_are_searched_for_roles_of_both_identities(azure: StandIn) -> None:
    azure.answer(
        "role definition list",
        "platform",
        out="/providers/Microsoft.Management/managementGroups/platform/"
        "providers/Microsoft.Authorization/roleDefinitions/r\n",
    )

    done = remove(azure, MANAGED_SUBSCRIPTION_IDS="", MANAGED_MANAGEMENT_GROUP_IDS="platform")

    scope = "/providers/Microsoft.Management/managementGroups/platform"
    listed = done.calls_of("role assignment list")
    assert [(call.option("--assignee-object-id"), call.option("--scope")) for call in listed] == [
        (OUTPUTS["APP_PRINCIPAL_ID"], scope),
        (OUTPUTS["ALERT_PRINCIPAL_ID"], scope),
    ]
    assert done.calls_of("role definition delete")[0].option("--scope") == scope


def test_clusters_in_other_subscriptions_are_searched_for_topics(azure: StandIn) -> None:
    done = remove(azure, AUTO_UPGRADE_CLUSTER_IDS=cluster("one"))

    assert {call.option("--subscription") for call in done.calls_of("eventgrid system-topic list")} == {
        SUBSCRIPTION,
        OTHER_SUBSCRIPTION,
    }


@pytest.mark.parametrize(
    "call",
    [
        ("role assignment list",),
        ("role definition list",),
        ("group list",),
        ("eventgrid system-topic list", "values"),
        ("eventgrid system-topic list", "topicType"),
        ("eventgrid system-topic event-subscription list",),
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_stops_the_hook_before_anything_is_removed(azure: StandIn, call: tuple[str, ...]) -> None:
    azure.answer(*call, code=1)

    done = remove(with_everything(azure))

    assert (done.code, deletions(done)) == (1, [])
    assert "so nothing was removed. To leave in place what is outside the resource group: azd env set" in done.err


@pytest.mark.parametrize("command", sorted(DELETIONS))
def test_what_cannot_be_removed_is_named_and_stops_the_hook(azure: StandIn, command: str) -> None:
    azure.answer(command, code=1)

    done = remove(with_everything(azure))

    assert (done.code, done.commands[-1]) == (1, command)
    assert "was not removed. Run azd down again." in done.err
