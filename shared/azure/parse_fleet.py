"""Members, strategies, profiles and update runs, from Resource Graph rows or ARM bodies alike."""

from __future__ import annotations

from shared.azure.json_value import JsonObject, flag_at, object_at, objects_at, text_at
from shared.azure.parse_values import to_enum, to_id, to_image, to_minor, to_optional_enum, to_version
from shared.core.fleet import Cluster, Member, UpdateStrategy
from shared.core.node_image import NodeImage
from shared.core.profile import Channel, NodeImageSelection, Profile
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unknown, Unparsed
from shared.core.update_run import UpdateRun, UpdateState, UpgradeType


def id_of(content: JsonObject) -> ResourceId:
    """The resource's id.

    Raises:
        InvalidInputError: it has none.
    """
    return ResourceId.parse(text_at(content, "id") or "", "id")


def parse_member(content: JsonObject, cluster: Cluster | Unknown) -> Member:
    """A member with its cluster.

    Raises:
        InvalidInputError: it has no id, or no cluster's id.
    """
    properties = object_at(content, "properties")
    return Member(
        name=id_of(content).name,
        group=text_at(properties, "group"),
        provisioning_state=text_at(properties, "provisioningState") or "Unknown",
        cluster_id=cluster_id_of(content),
        cluster=cluster,
    )


def cluster_id_of(member: JsonObject) -> ResourceId:
    """The id of a member's cluster.

    Raises:
        InvalidInputError: it has none.
    """
    return ResourceId.parse(text_at(member, "properties", "clusterResourceId") or "", "clusterResourceId")


def parse_strategy(content: JsonObject) -> UpdateStrategy | Unknown:
    """A strategy; `Unknown` if a group in it selects members by something else than its name."""
    stages = objects_at(content, "properties", "strategy", "stages")
    groups = [group for stage in stages for group in objects_at(stage, "groups")]
    names = [text_at(group, "name") for group in groups]
    known = frozenset(name for name in names if name is not None)
    if not known or len(known) != len(set(names)) or any("memberSelector" in part for part in [*stages, *groups]):
        return Unknown("a stage of it selects members in a way this app does not know")
    return UpdateStrategy(id_of(content), known)


def parse_profile(content: JsonObject) -> Profile:
    """A profile.

    Raises:
        InvalidInputError: it has no id.
    """
    properties = object_at(content, "properties")
    return Profile(
        id=id_of(content),
        channel=to_enum(Channel, text_at(properties, "channel")),
        update_strategy_id=to_id(text_at(properties, "updateStrategyId")),
        node_image_selection=to_optional_enum(NodeImageSelection, text_at(properties, "nodeImageSelection", "type")),
        target_kubernetes_version=to_minor(text_at(properties, "targetKubernetesVersion")),
        long_term_support=flag_at(properties, "longTermSupport"),
        disabled=flag_at(properties, "disabled"),
    )


def parse_run(content: JsonObject) -> UpdateRun:
    """An update run.

    Raises:
        InvalidInputError: it has no id.
    """
    properties = object_at(content, "properties")
    update = object_at(properties, "managedClusterUpdate")
    return UpdateRun(
        id=id_of(content),
        upgrade_type=to_enum(UpgradeType, text_at(update, "upgrade", "type")),
        state=to_enum(UpdateState, text_at(properties, "status", "status", "state")),
        kubernetes_version=to_version(text_at(update, "upgrade", "kubernetesVersion")),
        node_image_selection=to_optional_enum(NodeImageSelection, text_at(update, "nodeImageSelection", "type")),
        node_images=_images_of(properties),
        update_strategy_id=to_id(text_at(properties, "updateStrategyId")),
        auto_upgrade_profile_id=to_id(text_at(properties, "autoUpgradeProfileId")),
        member_states=_member_states(properties),
        etag=text_at(content, "eTag") or "",
    )


def _images_of(properties: JsonObject) -> frozenset[NodeImage | Unparsed]:
    """What Fleet picked; before it has, what was asked for."""
    picked = objects_at(properties, "status", "nodeImageSelection", "selectedNodeImageVersions")
    asked = objects_at(properties, "managedClusterUpdate", "nodeImageSelection", "customNodeImageVersions")
    images = (to_image(text_at(image, "version")) for image in picked or asked)
    return frozenset(image for image in images if image is not None)


def _member_states(properties: JsonObject) -> dict[str, UpdateState | Unparsed]:
    return {
        (text_at(member, "name") or "").lower(): to_enum(UpdateState, text_at(member, "status", "state"))
        for stage in objects_at(properties, "status", "stages")
        for group in objects_at(stage, "groups")
        for member in objects_at(group, "members")
    }
