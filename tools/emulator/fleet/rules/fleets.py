"""The rules for fleets themselves: where they are, their tags, identity and hub."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from tools.emulator.arm import ArmError
from tools.emulator.arm.body import Field
from tools.emulator.fleet.rules.refusals import check_choice, invalid, not_changeable
from tools.emulator.state import Fleet

IDENTITY_TYPES: Final = ("None", "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned")
MAXIMUM_DNS_PREFIX: Final = 54
MAXIMUM_TAGS: Final = 50
MAXIMUM_TAG_NAME: Final = 512
MAXIMUM_TAG_VALUE: Final = 256


def location_of(body: Field, regions: Collection[str], existing_region: str | None, name: str) -> str:
    """The region of a tracked resource, without blanks and in lower case as ARM keeps it.

    Raises:
        ArmError: 400 it is missing or no region here, 409 the resource is in another one.
    """
    field = body.at("location")
    region = field.text().replace(" ", "").lower()
    if not region:
        raise ArmError(
            400, "LocationRequired", "The location property is required for this definition.", target=field.path
        )
    if existing_region is not None and region != existing_region:
        raise ArmError(
            409,
            "InvalidResourceLocation",
            f"The resource '{name}' already exists in location '{existing_region}'. A resource with the same name "
            f"cannot be created in location '{region}'. Please select a new resource name.",
            target=field.path,
        )
    if region not in regions:
        raise ArmError(
            400,
            "LocationNotAvailableForResourceType",
            f"The provided location '{field.text()}' is not available for resource type "
            f"'Microsoft.ContainerService/fleets'. List of available regions is '{','.join(regions)}'.",
            target=field.path,
        )
    return region


def tags_of(tags: Field) -> dict[str, str]:
    """Tags within ARM's limits: 50 of them, names of 512 characters, values of 256. UNVERIFIED: ARM's codes."""
    found = tags.texts()
    if len(found) > MAXIMUM_TAGS:
        raise invalid(f"A resource can have {MAXIMUM_TAGS} tags, not {len(found)}.", tags.path)
    for name, value in found.items():
        if not 1 <= len(name) <= MAXIMUM_TAG_NAME:
            raise invalid(f"A tag's name must have 1 to {MAXIMUM_TAG_NAME} characters.", tags.path)
        if len(value) > MAXIMUM_TAG_VALUE:
            raise invalid(f"The value of tag '{name}' is longer than {MAXIMUM_TAG_VALUE} characters.", tags.path)
    return found


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
