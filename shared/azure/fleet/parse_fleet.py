"""Parses members, strategies and profiles, from Resource Graph rows and ARM bodies alike."""

from __future__ import annotations

from collections.abc import Mapping

from shared.azure.json_value import (
    JsonObject,
    flag_at,
    object_at,
    possible_flag_at,
    shared_text,
    shown,
    text_at,
    texts_at,
    value_at,
)
from shared.azure.parse_values import NOT_GIVEN, to_enum, to_id, to_minor, to_optional_enum
from shared.azure.projection import Projection
from shared.core.model.fleet import Cluster, Member, UnsupportedCluster, UpdateGroup, UpdateStage, UpdateStrategy
from shared.core.model.ids import CLUSTER_TYPE, ResourceId
from shared.core.model.label_selector import LabelSelector
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.policies.sources import TAG_PREFIX
from shared.core.reasons import PREVIEW_SETTING
from shared.errors import InvalidInputError

FLEET_FIELDS = Projection("id", "tags.auto-upgrade*")
MEMBER_FIELDS = Projection(
    "id",
    "properties.clusterResourceId",
    "properties.group",
    "properties.provisioningState",
    "properties.labels.*",
)
STRATEGY_FIELDS = Projection(
    "id",
    "properties.strategy.stages[].memberSelector.byLabel",
    "properties.strategy.stages[].groups[].name",
    "properties.strategy.stages[].groups[].memberSelector.byLabel",
)
PROFILE_FIELDS = Projection(
    "id",
    "properties.channel",
    "properties.updateStrategyId",
    "properties.nodeImageSelection.type",
    "properties.targetKubernetesVersion",
    "properties.longTermSupport",
    "properties.disabled",
    "properties.autoUpgradeProfileStatus.lastTriggerMessage",
)


def id_of(content: JsonObject) -> ResourceId:
    """The resource's id.

    Raises:
        InvalidInputError: it has none.
    """
    return ResourceId.parse(text_at(content, "id") or "", "id")


def tags_of(content: JsonObject) -> Mapping[str, str]:
    """The resource's tags that hold policies; no other tag decides anything."""
    tags = object_at(content, "tags").items()
    return {name: str(value) for name, value in tags if name.lower().startswith(TAG_PREFIX)}


def parse_member(
    member_id: ResourceId, content: JsonObject, clusters: Mapping[ResourceId, Cluster | Unknown]
) -> Member:
    """A member with its cluster, `Unknown` if `clusters` does not have it.

    A member that names no cluster is kept, with its own id in place of the cluster's, so that it is reported.
    """
    cluster_id = cluster_id_of(content)
    properties = object_at(content, "properties")
    cluster: Cluster | UnsupportedCluster | Unknown
    if isinstance(cluster_id, Unparsed):
        cluster = Unknown(f"its clusterResourceId is {cluster_id.text}, which is not a resource id")
    elif cluster_id.type != CLUSTER_TYPE:
        cluster = UnsupportedCluster(cluster_id.type)
    else:
        cluster = clusters.get(cluster_id) or not_found(cluster_id)
    return Member(
        name=member_id.name,
        group=shared_text(properties, "group"),
        provisioning_state=shown(shared_text(properties, "provisioningState") or "Unknown"),
        cluster_id=member_id if isinstance(cluster_id, Unparsed) else cluster_id,
        cluster=cluster,
        labels=texts_at(content, "properties", "labels"),
    )


def cluster_id_of(member: JsonObject) -> ResourceId | Unparsed:
    """The id of a member's cluster."""
    return to_id(value_at(member, "properties", "clusterResourceId")) or NOT_GIVEN


def not_found(cluster_id: ResourceId) -> Unknown:
    """A cluster that a member names, and that neither ARM nor Resource Graph shows."""
    return Unknown(f"the cluster {cluster_id} was not found, or the app's identity may not read it")


def parse_strategy(strategy_id: ResourceId, content: JsonObject) -> UpdateStrategy | Unknown:
    """A strategy; `Unknown`, with the place, if it is not known which members a stage or group of it selects."""
    stages = value_at(content, "properties", "strategy", "stages")
    if not isinstance(stages, list) or not stages:
        return Unknown("it has no stages")
    try:
        return UpdateStrategy(strategy_id, tuple(_stage(stage, f"stages[{at}]") for at, stage in enumerate(stages)))
    except InvalidInputError as error:
        return Unknown(error.explanation)


def _stage(stage: object, place: str) -> UpdateStage:
    """A stage. One without groups and without a selector selects in a way that this api-version does not show.

    Raises:
        InvalidInputError: it selects members in no known way; the field is the place.
    """
    groups, selector = value_at(stage, "groups"), _selector(stage, place)
    if not groups and selector is None:
        raise InvalidInputError(
            f"{place}.groups", groups, f"groups, or a memberSelector, which is shown with {PREVIEW_SETTING}"
        )
    if groups and not isinstance(groups, list):
        raise InvalidInputError(f"{place}.groups", groups, "a list of groups")
    listed = groups if isinstance(groups, list) else []
    return UpdateStage(tuple(_group(group, f"{place}.groups[{at}]") for at, group in enumerate(listed)), selector)


def _group(group: object, place: str) -> UpdateGroup:
    name, selector = text_at(group, "name"), _selector(group, place)
    if name is None:
        raise InvalidInputError(f"{place}.name", value_at(group, "name"), "the name of a group")
    return UpdateGroup(name, selector)


def _selector(part: object, place: str) -> LabelSelector | None:
    """The `memberSelector` of a stage or group; None if it has none."""
    selector = value_at(part, "memberSelector")
    if selector is None:
        return None
    text = value_at(selector, "byLabel")
    field = f"{place}.memberSelector.byLabel"
    if not isinstance(text, str):
        raise InvalidInputError(field, text, "a label selector")
    return LabelSelector.parse(text, field)


def parse_profile(profile_id: ResourceId, content: JsonObject) -> Profile:
    """A profile. A `disabled` that is neither true nor false counts as true: nothing is upgraded by mistake."""
    properties = object_at(content, "properties")
    return Profile(
        id=profile_id,
        channel=to_enum(Channel, properties.get("channel")),
        update_strategy_id=to_id(properties.get("updateStrategyId")),
        node_image_selection=parse_selection(properties.get("nodeImageSelection")),
        target_kubernetes_version=to_minor(properties.get("targetKubernetesVersion")),
        long_term_support=flag_at(properties, "longTermSupport"),
        disabled=possible_flag_at(properties, "disabled"),
        last_trigger_message=text_at(properties, "autoUpgradeProfileStatus", "lastTriggerMessage") or "",
    )


def parse_selection(selection: object) -> NodeImageSelection | Unparsed | None:
    """A `nodeImageSelection`'s type; None if there is no selection, or an empty one."""
    if selection is not None and not isinstance(selection, Mapping):
        return Unparsed(shown(selection))
    return to_optional_enum(NodeImageSelection, value_at(selection, "type"))
