"""Update runs, from ARM and Resource Graph alike, and the body that asks ARM for one."""

from __future__ import annotations

from collections.abc import Iterator

from shared.azure.arm_json import (
    MISSING,
    Json,
    JsonObject,
    items_at,
    parsed,
    parsed_or_missing,
    shown,
    text_at,
    value_at,
)
from shared.azure.parse_profile import parse_selection
from shared.core.kubernetes_version import KubernetesVersion
from shared.core.node_image import NodeImage
from shared.core.profile import NodeImageSelection
from shared.core.resource_id import ResourceId
from shared.core.run_specification import RunSpecification
from shared.core.unknown import Unparsed
from shared.core.update_run import UpdateRun, UpdateState, UpgradeType


def parse_update_run(run_id: ResourceId, body: Json) -> UpdateRun:
    """The run; `etag` stays empty where the body has none, as in Resource Graph."""
    properties = value_at(body, "properties")
    update = value_at(properties, "managedClusterUpdate")
    return UpdateRun(
        id=run_id,
        upgrade_type=parsed_or_missing(value_at(update, "upgrade", "type"), UpgradeType),
        state=parsed_or_missing(value_at(properties, "status", "status", "state"), UpdateState),
        kubernetes_version=parsed(value_at(update, "upgrade", "kubernetesVersion"), KubernetesVersion.parse),
        node_image_selection=parse_selection(value_at(update, "nodeImageSelection")),
        node_images=frozenset(_node_images(properties)),
        update_strategy_id=parsed(value_at(properties, "updateStrategyId"), ResourceId.parse),
        auto_upgrade_profile_id=parsed(value_at(properties, "autoUpgradeProfileId"), ResourceId.parse),
        member_states=dict(_member_states(value_at(properties, "status"))),
        etag=text_at(body, "eTag"),
    )


def run_body(specification: RunSpecification) -> JsonObject:
    """The body that creates the run. A plain object: the SDK's model of an image loses its version when it is sent."""
    upgrade: JsonObject = {"type": specification.upgrade_type.value}
    if specification.kubernetes_version is not None:
        upgrade["kubernetesVersion"] = str(specification.kubernetes_version)
    selection: JsonObject = {"type": specification.node_image_selection.value}
    if specification.node_image_selection is NodeImageSelection.CUSTOM:
        selection["customNodeImageVersions"] = [{"version": str(image)} for image in specification.node_images]
    properties: JsonObject = {"managedClusterUpdate": {"upgrade": upgrade, "nodeImageSelection": selection}}
    if specification.update_strategy_id is not None:
        properties["updateStrategyId"] = specification.update_strategy_id.text
    return {"properties": properties}


def _node_images(properties: Json) -> Iterator[NodeImage | Unparsed]:
    """What Fleet picked; before it has picked, what the run asks for."""
    picked = items_at(properties, "status", "nodeImageSelection", "selectedNodeImageVersions")
    asked_for = items_at(properties, "managedClusterUpdate", "nodeImageSelection", "customNodeImageVersions")
    for image in picked or asked_for:
        version = value_at(image, "version")
        yield parsed_or_missing(version, NodeImage.parse) if isinstance(image, dict) else Unparsed(shown(image))


def _member_states(status: Json) -> Iterator[tuple[str, UpdateState | Unparsed]]:
    for stage in items_at(status, "stages"):
        for group in items_at(stage, "groups"):
            for member in items_at(group, "members"):
                name = text_at(member, "name")
                if name:
                    yield name.lower(), parsed(value_at(member, "status", "state"), UpdateState) or MISSING
