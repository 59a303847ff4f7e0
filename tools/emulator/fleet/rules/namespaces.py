"""The rules for managed namespaces."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.fleet.rules.refusals import check_choice
from tools.json_value import Json

ADOPTION_POLICIES: Final = ("Never", "IfIdentical", "Always")
DELETE_POLICIES: Final = ("Keep", "Delete")
TRAFFIC: Final = ("AllowAll", "DenyAll", "AllowSameNamespace")
PROPAGATION: Final = ("Placement",)


def check_namespace(properties: dict[str, Json]) -> None:
    """What a managed namespace says of its namespace; the placement of it is kept as it is sent."""
    namespace = Field(properties, "properties")
    check_choice(namespace.at("adoptionPolicy"), ADOPTION_POLICIES)
    check_choice(namespace.at("deletePolicy"), DELETE_POLICIES)
    content = namespace.at("managedNamespaceProperties")
    for texts in ("labels", "annotations", "defaultResourceQuota"):
        content.at(texts).texts()
    for direction in ("ingress", "egress"):
        rule = content.at("defaultNetworkPolicy", direction)
        if rule.is_given:
            check_choice(rule, TRAFFIC)
    propagation = namespace.at("propagationPolicy")
    if propagation.is_given:
        check_choice(propagation.at("type"), PROPAGATION)
        propagation.at("placementProfile").object()
