"""Members, strategies and profiles: nothing odd is dropped, and nothing odd is guessed."""

import pytest

from shared.azure.aks.parse_cluster import parse_cluster
from shared.azure.fleet.parse_fleet import parse_member, parse_profile, parse_strategy
from shared.core.model.fleet import UpdateGroup, UpdateStage, UpdateStrategy
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.label_selector import LabelSelector
from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.unknown import Unknown, Unparsed
from tests.app.azure.bodies import (
    FLEET,
    PROFILE,
    SHOP,
    STRATEGY,
    cluster,
    cluster_path,
    member,
    profile,
    resource,
    strategy,
)
from tests.app.azure.wire_server import Json

MEMBER_ID = ResourceId.parse(f"{FLEET}/members/shop")
STRATEGY_ID = ResourceId.parse(STRATEGY)
PROFILE_ID = ResourceId.parse(PROFILE)
SHOP_ID = ResourceId.parse(SHOP)


def test_a_member_finds_its_cluster_in_any_case_of_the_id() -> None:
    known = parse_cluster(SHOP_ID, cluster())
    spelled = cluster_path("SHOP").replace("resourceGroups", "resourcegroups").replace("managedC", "ManagedC")
    parsed = parse_member(MEMBER_ID, member(cluster_id=spelled), {SHOP_ID: known})
    assert (parsed.name, parsed.group, parsed.is_joined, parsed.cluster) == ("shop", "rapid", True, known)
    assert str(parsed.cluster_id) == spelled


def test_a_member_whose_cluster_is_not_there_has_an_unknown_one() -> None:
    parsed = parse_member(MEMBER_ID, member(), {})
    assert parsed.cluster == Unknown(f"the cluster {SHOP} was not found, or the app's identity may not read it")


@pytest.mark.parametrize(("named", "shown"), [(None, "missing"), ("shop", "shop"), (7, "7")])
def test_a_member_that_names_no_cluster_is_kept(named: Json, shown: str) -> None:
    parsed = parse_member(MEMBER_ID, member(cluster_id=named), {})
    assert parsed.cluster == Unknown(f"its clusterResourceId is {shown}, which is not a resource id")
    assert parsed.cluster_id == MEMBER_ID


@pytest.mark.parametrize(("state", "joined"), [("Joining", False), ("Updating", True), (None, False)])
def test_membership_is_as_its_provisioning_state_says(state: Json, joined: bool) -> None:
    assert parse_member(MEMBER_ID, member(provisioningState=state), {}).is_joined is joined


@pytest.mark.parametrize("group", [None, ""])
def test_a_member_may_be_in_no_group(group: Json) -> None:
    assert parse_member(MEMBER_ID, member(group=group), {}).group is None


def test_a_strategy_selects_the_groups_of_all_its_stages() -> None:
    parsed = parse_strategy(STRATEGY_ID, strategy("canary", "rapid"))
    stages = (UpdateStage((UpdateGroup("canary"),)), UpdateStage((UpdateGroup("rapid"),)))
    assert parsed == UpdateStrategy(STRATEGY_ID, stages)


def test_the_selectors_of_stages_and_groups_are_parsed() -> None:
    stages: Json = [
        {"name": "first", "memberSelector": {"byLabel": "env=dev"}},
        {
            "name": "second",
            "memberSelector": {"byLabel": "env in (prod)"},
            "groups": [{"name": "canary", "memberSelector": {"byLabel": "canary"}}, {"name": "rest"}],
        },
    ]
    groups = (UpdateGroup("canary", LabelSelector.parse("canary")), UpdateGroup("rest"))
    assert parse_strategy(STRATEGY_ID, resource(STRATEGY, {"strategy": {"stages": stages}})) == UpdateStrategy(
        STRATEGY_ID,
        (
            UpdateStage((), LabelSelector.parse("env=dev")),
            UpdateStage(groups, LabelSelector.parse("env in (prod)")),
        ),
    )


def test_the_labels_of_a_member_are_those_that_are_texts() -> None:
    labels: Json = {"env": "prod", "fleet.azure.com/location": "westus2", "size": 7}
    parsed = parse_member(MEMBER_ID, member(labels=labels), {})
    assert parsed.labels == {"env": "prod", "fleet.azure.com/location": "westus2"}
    assert parse_member(MEMBER_ID, member(labels=None), {}).labels == {}


@pytest.mark.parametrize(
    ("stage", "place"),
    [
        ({"memberSelector": {"byLabel": "env="}, "groups": [{}]}, "stages[0].groups[0].name is missing"),
        ({"memberSelector": {"byLabel": "env in prod"}}, "stages[0].memberSelector.byLabel is 'env in prod'"),
        ({"memberSelector": {"byName": "shop"}}, "stages[0].memberSelector.byLabel is missing"),
        (
            {"groups": [{"name": "a"}, {"name": "b", "memberSelector": {"byLabel": ""}}]},
            "stages[0].groups[1].memberSelector.byLabel is ''",
        ),
        ({"groups": []}, "which is shown with AUTO_UPGRADE_FLEET_API_VERSION=2026-06-02-preview"),
        ({"groups": {"name": "a"}}, "stages[0].groups is"),
    ],
)
def test_a_strategy_whose_selection_is_malformed_is_unknown_with_the_place(stage: Json, place: str) -> None:
    body = resource(STRATEGY, {"strategy": {"stages": [stage]}})
    parsed = parse_strategy(STRATEGY_ID, body)
    assert isinstance(parsed, Unknown)
    assert place in parsed.why


@pytest.mark.parametrize(
    "stages",
    [
        None,
        [],
        "all",
        [{"name": "first"}],
        [{"name": "first", "groups": []}],
        [{"name": "first", "groups": [{"name": "canary"}, {"maxConcurrency": "1"}]}],
        [{"name": "first", "groups": [{"name": "canary"}]}, {"name": "second", "memberSelector": {"team": "a"}}],
        [{"name": "first", "groups": [{"name": "canary", "memberSelector": {"team": "a"}}]}],
        ["first"],
    ],
)
def test_a_strategy_with_anything_odd_in_it_is_unknown_not_a_smaller_scope(stages: Json) -> None:
    body = resource(STRATEGY, {"strategy": {"stages": stages}})
    assert isinstance(parse_strategy(STRATEGY_ID, body), Unknown)


def test_a_profile_is_read_whole() -> None:
    parsed = parse_profile(
        PROFILE_ID,
        profile(channel="TargetKubernetesVersion", targetKubernetesVersion="1.30", longTermSupport=True, disabled=True),
    )
    assert parsed.channel is Channel.TARGET_KUBERNETES_VERSION
    assert parsed.update_strategy_id == STRATEGY_ID
    assert parsed.node_image_selection is NodeImageSelection.LATEST
    assert parsed.target_kubernetes_version == MinorVersion(1, 30)
    assert parsed.long_term_support
    assert parsed.disabled


@pytest.mark.parametrize(
    ("channel", "read"),
    [("Slow", Unparsed("Slow")), (None, Unparsed("missing")), ({"a": 1}, Unparsed("{'a': 1}"))],
)
def test_a_channel_this_app_does_not_know_is_kept_as_unparsed(channel: Json, read: Unparsed) -> None:
    assert parse_profile(PROFILE_ID, profile(channel=channel)).channel == read


@pytest.mark.parametrize("absent", [None, ""])
def test_what_a_profile_does_not_set_is_none(absent: Json) -> None:
    parsed = parse_profile(
        PROFILE_ID,
        profile(updateStrategyId=absent, targetKubernetesVersion=absent, nodeImageSelection={"type": absent}),
    )
    assert (parsed.update_strategy_id, parsed.target_kubernetes_version, parsed.node_image_selection) == (None,) * 3


def test_odd_values_of_a_profile_are_kept_as_unparsed() -> None:
    parsed = parse_profile(
        PROFILE_ID,
        profile(updateStrategyId="first", targetKubernetesVersion="1.30.5", nodeImageSelection="Newest"),
    )
    assert parsed.update_strategy_id == Unparsed("first")
    assert parsed.target_kubernetes_version == Unparsed("1.30.5")
    assert parsed.node_image_selection == Unparsed("Newest")


@pytest.mark.parametrize(("value", "disabled"), [(None, False), (False, False), (True, True), ("false", True)])
def test_a_profile_is_enabled_only_if_it_plainly_is(value: Json, disabled: bool) -> None:
    assert parse_profile(PROFILE_ID, profile(disabled=value)).disabled is disabled
