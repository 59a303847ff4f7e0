"""The rules for fleets themselves: their identity and hub."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.fleet.rules.refusals import check_choice, invalid, not_changeable
from tools.emulator.state import Fleet

IDENTITY_TYPES: Final = ("None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned")
MAXIMUM_DNS_PREFIX: Final = 54


def check_identity(identity: Field) -> None:
    """The identity that a fleet is to have."""
    if not identity.is_given:
        return
    kind = check_choice(identity.at("type"), IDENTITY_TYPES)
    users = identity.at("userAssignedIdentities")
    if ("UserAssigned" in kind.split(", ")) != bool(users.object()):
        raise invalid(
            "userAssignedIdentities goes with an identity type that has UserAssigned, and only with it.", users.path
        )


def check_hub(hub: Field, existing: Fleet | None) -> None:
    """The hub. UNVERIFIED: the response to a change; the API declares its parts as set on creation."""
    prefix = hub.at("dnsPrefix")
    if len(prefix.text()) > MAXIMUM_DNS_PREFIX:
        raise invalid(f"dnsPrefix '{prefix.text()}' is longer than {MAXIMUM_DNS_PREFIX} characters.", prefix.path)
    access, agent = hub.at("apiServerAccessProfile"), hub.at("agentProfile")
    for flag in (access.at("enablePrivateCluster"), access.at("enableVnetIntegration")):
        flag.flag()
    for text in (access.at("subnetId"), agent.at("subnetId"), agent.at("vmSize")):
        text.text()
    if existing is None or existing.hub_profile is None:
        return
    current = Field(existing.hub_profile).at("dnsPrefix").text()
    if prefix.text() != current:
        raise not_changeable(prefix, current)
