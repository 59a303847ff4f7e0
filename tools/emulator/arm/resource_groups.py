"""Resource groups, and the lists of resources in them and in the subscription."""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.arm.errors import ArmError, resource_group_not_found
from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.resources import ResourceFilter, TrackedResource, read_filter, tracked_resources
from tools.emulator.arm.router import ArmRouter
from tools.emulator.arm.tag_rules import tags_of
from tools.emulator.arm.values import list_page
from tools.emulator.state import Estate, ResourceGroup
from tools.json_value import Json

API_VERSIONS: Final = (
    "2018-05-01",
    "2019-07-01",
    "2019-10-01",
    "2020-06-01",
    "2020-10-01",
    "2021-01-01",
    "2021-04-01",
    "2022-09-01",
    "2023-07-01",
    "2024-03-01",
    "2024-07-01",
    "2024-11-01",
    "2025-03-01",
    "2025-04-01",
)
SUBSCRIPTION: Final = "/subscriptions/{subscription}"
GROUPS: Final = f"{SUBSCRIPTION}/resourceGroups"
GROUP: Final = f"{GROUPS}/{{group}}"
DELETING: Final = "Deleting"
MAXIMUM_NAME: Final = 90

_NAME: Final = re.compile(r"[-\w().]*[-\w()]")


def find_group(estate: Estate, name: str) -> ResourceGroup:
    """The resource group of a name, in any case.

    Raises:
        ArmError: 404, it does not exist.
    """
    group = estate.resource_groups.get(name.lower())
    if group is None:
        raise resource_group_not_found(name)
    return group


def check_writable(estate: Estate, name: str) -> None:
    """Refuse to write in a resource group that is being deleted.

    Raises:
        ArmError: 400 it cannot have that name, 404 it does not exist, 409 it is being deleted.
    """
    check_name(name)
    if find_group(estate, name).provisioning_state == DELETING:
        raise ArmError(
            409,
            "ResourceGroupBeingDeleted",
            f"The resource group '{name}' is in deprovisioning state and cannot perform this operation.",
        )


def check_name(name: str) -> None:
    """Refuse a name that ARM would not take. UNVERIFIED: ARM's code for it."""
    if _NAME.fullmatch(name) is None or len(name) > MAXIMUM_NAME:
        raise ArmError(
            400,
            "InvalidResourceGroup",
            f"The resource group name '{name}' must be 1 to {MAXIMUM_NAME} characters of letters, "
            "digits, '-', '.', '(', ')' and '_', and must not end with '.'.",
            target="resourceGroupName",
        )


class ResourceGroups:
    """Routes for groups, except their deletion, and for lists of resources of all types."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        for method, template, handler in (
            ("GET", GROUPS, self._list),
            ("GET", GROUP, self._get),
            ("HEAD", GROUP, self._exists),
            ("PUT", GROUP, self._put),
            ("PATCH", GROUP, self._patch),
            ("GET", f"{GROUP}/resources", self._resources_of_group),
            ("GET", f"{SUBSCRIPTION}/resources", self._resources),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        accepts = read_filter(request.query.get("$filter"))
        groups = [group for group in self._estate.resource_groups.values() if accepts.accepts_tags(group.tags)]
        return ArmResponse(body=list_page(request, [show_group(self._estate, group) for group in groups]))

    def _get(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=show_group(self._estate, find_group(self._estate, request.params["group"])))

    def _exists(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(204 if request.params["group"].lower() in self._estate.resource_groups else 404)

    def _put(self, request: ArmRequest) -> ArmResponse:
        """Create a group, or replace its tags; it stays where it is."""
        name, body = request.params["group"], Field(request.object_body())
        check_name(name)
        existing = self._estate.resource_groups.get(name.lower())
        if existing is not None:
            check_writable(self._estate, name)
        region = self._region(body.at("location"), existing)
        tags, managed_by = tags_of(body.at("tags")), body.at("managedBy")
        group = existing or ResourceGroup(name, region)
        group.tags, group.managed_by = tags, managed_by.text() or None
        self._estate.resource_groups[name.lower()] = group
        self._estate.touch()
        return ArmResponse(200 if existing is not None else 201, show_group(self._estate, group))

    def _patch(self, request: ArmRequest) -> ArmResponse:
        """Tags, all of them; nothing else is patched."""
        group, tags = find_group(self._estate, request.params["group"]), Field(request.object_body()).at("tags")
        check_writable(self._estate, group.name)
        if tags.is_given:
            group.tags = tags_of(tags)
            self._estate.touch()
        return ArmResponse(body=show_group(self._estate, group))

    def _region(self, location: Field, existing: ResourceGroup | None) -> str:
        """Where a group is to be.

        Raises:
            ArmError: 400 it is missing or no region here, 409 the group is elsewhere.
        """
        region = location.text().replace(" ", "").lower()
        if not region:
            raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
        if existing is not None and region != existing.region:
            raise ArmError(
                409,
                "InvalidResourceGroupLocation",
                f"Invalid resource group location '{location.text()}'. The Resource group already exists in location "
                f"'{existing.region}'.",
            )
        if region not in self._estate.regions:
            raise ArmError(
                400,
                "LocationNotAvailableForResourceGroup",
                f"The provided location '{location.text()}' is not available for resource group. "
                f"List of available regions is '{','.join(self._estate.regions)}'.",
            )
        return region

    def _resources_of_group(self, request: ArmRequest) -> ArmResponse:
        name = find_group(self._estate, request.params["group"]).name
        return self._page(request, [each for each in self._wanted(request) if each.group.lower() == name.lower()])

    def _resources(self, request: ArmRequest) -> ArmResponse:
        return self._page(request, self._wanted(request))

    def _wanted(self, request: ArmRequest) -> list[TrackedResource]:
        accepts: ResourceFilter = read_filter(request.query.get("$filter"))
        return [each for each in tracked_resources(self._estate) if accepts.accepts(each)]

    def _page(self, request: ArmRequest, resources: list[TrackedResource]) -> ArmResponse:
        shown: list[Json] = [each.show() for each in resources]
        return ArmResponse(body=list_page(request, shown))


def show_group(estate: Estate, group: ResourceGroup) -> dict[str, Json]:
    """A group as ARM shows it."""
    managed: dict[str, Json] = {} if group.managed_by is None else {"managedBy": group.managed_by}
    return {
        "id": f"/subscriptions/{estate.subscription}/resourceGroups/{group.name}",
        "name": group.name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.region,
        **managed,
        "tags": {**group.tags},
        "properties": {"provisioningState": group.provisioning_state},
    }
