"""The JSON of an auto-upgrade profile that the app writes, with the fields of the stable api-version."""

from __future__ import annotations

from shared.core.model.ids import ResourceId
from shared.core.model.profile import NodeImageSelection, Profile


def profile_body(profile: Profile) -> dict[str, object]:
    """The body of the request. Fields without a value are absent, as Fleet expects them."""
    properties: dict[str, object] = {"channel": str(profile.channel), "disabled": profile.disabled}
    if isinstance(profile.update_strategy_id, ResourceId):
        properties["updateStrategyId"] = profile.update_strategy_id.text
    if isinstance(profile.node_image_selection, NodeImageSelection):
        properties["nodeImageSelection"] = {"type": profile.node_image_selection.value}
    if profile.target_kubernetes_version is not None:
        properties["targetKubernetesVersion"] = str(profile.target_kubernetes_version)
    if profile.long_term_support:
        properties["longTermSupport"] = True
    return {"properties": properties}
