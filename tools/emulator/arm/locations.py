"""Where a resource is to be."""

from __future__ import annotations

from collections.abc import Collection

from tools.emulator.arm.body import Field
from tools.emulator.arm.errors import ArmError


def location_of(
    body: Field, regions: Collection[str], resource_type: str, existing_region: str | None, name: str
) -> str:
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
            f"'{resource_type}'. List of available regions is '{','.join(regions)}'.",
            target=field.path,
        )
    return region
