"""Parses update runs, from Resource Graph rows and ARM bodies alike."""

from __future__ import annotations

from shared.azure.fleet.parse_fleet import parse_selection
from shared.azure.fleet.parse_gates import STRATEGY_GATE_FIELDS
from shared.azure.fleet.parse_run_progress import PROGRESS_FIELDS, parse_progress
from shared.azure.json_value import JsonObject, object_at, objects_at, text_at, value_at
from shared.azure.parse_values import NOT_GIVEN, to_enum, to_id, to_image, to_requested_version, to_time
from shared.azure.projection import Projection
from shared.core.model.ids import ResourceId
from shared.core.model.node_image import NodeImage
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType

RUN_FIELDS = Projection(
    "id",
    "eTag",
    "systemData.createdAt",
    "properties.autoUpgradeProfileId",
    "properties.updateStrategyId",
    *(f"properties.strategy.{path}" for path in STRATEGY_GATE_FIELDS),
    "properties.managedClusterUpdate.upgrade.type",
    "properties.managedClusterUpdate.upgrade.kubernetesVersion",
    "properties.managedClusterUpdate.nodeImageSelection.type",
    "properties.managedClusterUpdate.nodeImageSelection.customNodeImageVersions[].version",
    "properties.status.status.state",
    "properties.status.status.completedTime",
    "properties.status.nodeImageSelection.selectedNodeImageVersions[].version",
    "properties.status.stages[].groups[].members[].name",
    *(f"properties.status.{path}" for path in PROGRESS_FIELDS),
)
"""The fields of an update run that are read here."""


def parse_run(run_id: ResourceId, content: JsonObject) -> UpdateRun:
    """An update run. Its etag is empty, and its creation unknown, if the content is a row of Resource Graph.

    `createdAt` is the same after a run was skipped in and started, and another one once it was deleted and created
    again (a recording of the Azure CLI's tests). UNVERIFIED: that the table of update runs has a column `systemData`.
    """
    properties = object_at(content, "properties")
    update = object_at(properties, "managedClusterUpdate")
    return UpdateRun(
        id=run_id,
        upgrade_type=to_enum(UpgradeType, value_at(update, "upgrade", "type")),
        state=to_enum(UpdateState, value_at(properties, "status", "status", "state")),
        kubernetes_version=to_requested_version(value_at(update, "upgrade", "kubernetesVersion")),
        node_image_selection=parse_selection(update.get("nodeImageSelection")),
        node_images=_images_of(properties),
        update_strategy_id=_strategy_of(properties),
        auto_upgrade_profile_id=to_id(properties.get("autoUpgradeProfileId")),
        member_states=_member_states(properties),
        created_at=to_time(value_at(content, "systemData", "createdAt")),
        completed_at=to_time(value_at(properties, "status", "status", "completedTime")),
        progress=parse_progress(object_at(properties, "status"), object_at(properties, "strategy")),
        etag=text_at(content, "eTag") or "",
    )


def _strategy_of(properties: JsonObject) -> ResourceId | Unparsed | None:
    """The strategy that the run names; an inline strategy equals none that a profile can name."""
    named = to_id(properties.get("updateStrategyId"))
    return Unparsed("an inline strategy") if named is None and objects_at(properties, "strategy", "stages") else named


def _images_of(properties: JsonObject) -> frozenset[NodeImage | Unparsed]:
    """The images that Fleet selected; before it has, the requested ones."""
    selected = objects_at(properties, "status", "nodeImageSelection", "selectedNodeImageVersions")
    requested = objects_at(properties, "managedClusterUpdate", "nodeImageSelection", "customNodeImageVersions")
    return frozenset(to_image(image.get("version")) or NOT_GIVEN for image in selected or requested)


def _member_states(properties: JsonObject) -> dict[str, UpdateState | Unparsed]:
    return {
        (text_at(member, "name") or "").lower(): to_enum(UpdateState, value_at(member, "status", "state"))
        for stage in objects_at(properties, "status", "stages")
        for group in objects_at(stage, "groups")
        for member in objects_at(group, "members")
    }
