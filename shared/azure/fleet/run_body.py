"""The body that creates an update run."""

from __future__ import annotations

from shared.core.model.profile import NodeImageSelection
from shared.core.runs.specification import RunSpecification


def run_body(specification: RunSpecification) -> dict[str, object]:
    """The body in ARM's form: each field only if the upgrade type has it, images only for a custom selection."""
    upgrade: dict[str, object] = {"type": specification.upgrade_type.value}
    if specification.kubernetes_version is not None:
        upgrade["kubernetesVersion"] = str(specification.kubernetes_version)
    update: dict[str, object] = {"upgrade": upgrade}
    if specification.node_image_selection is not None:
        selection: dict[str, object] = {"type": specification.node_image_selection.value}
        if specification.node_image_selection is NodeImageSelection.CUSTOM:
            selection["customNodeImageVersions"] = [{"version": str(image)} for image in specification.node_images]
        update["nodeImageSelection"] = selection
    properties: dict[str, object] = {"managedClusterUpdate": update}
    if specification.update_strategy_id is not None:
        properties["updateStrategyId"] = specification.update_strategy_id.text
    return {"properties": properties}
