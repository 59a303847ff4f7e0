"""Resource groups, and the lists of resources in them and in the subscription.

A group exists while something lies in it: there is no way to make an empty one here.
"""

from __future__ import annotations

from typing import Final

from tools.emulator.arm.errors import resource_group_not_found
from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.resources import ResourceFilter, TrackedResource, read_filter, tracked_resources
from tools.emulator.arm.router import ArmRouter
from tools.emulator.arm.values import list_page
from tools.emulator.state import Estate
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
_SUBSCRIPTION: Final = "/subscriptions/{subscription}"
_GROUPS: Final = f"{_SUBSCRIPTION}/resourceGroups"


class ResourceGroups:
    """The groups that the estate's fleets and clusters lie in."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        for method, template, handler in (
            ("GET", _GROUPS, self._list),
            ("GET", f"{_GROUPS}/{{group}}", self._get),
            ("HEAD", f"{_GROUPS}/{{group}}", self._exists),
            ("GET", f"{_GROUPS}/{{group}}/resources", self._resources_of_group),
            ("GET", f"{_SUBSCRIPTION}/resources", self._resources),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        shown: list[Json] = [self._show(name, location) for name, location in self._groups().values()]
        return ArmResponse(body=list_page(request, shown))

    def _get(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=self._show(*self._group(request)))

    def _exists(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(204 if request.params["group"].lower() in self._groups() else 404)

    def _resources_of_group(self, request: ArmRequest) -> ArmResponse:
        name, _ = self._group(request)
        return self._page(request, [each for each in self._wanted(request) if each.group.lower() == name.lower()])

    def _resources(self, request: ArmRequest) -> ArmResponse:
        return self._page(request, self._wanted(request))

    def _wanted(self, request: ArmRequest) -> list[TrackedResource]:
        accepts: ResourceFilter = read_filter(request.query.get("$filter"))
        return [each for each in tracked_resources(self._estate) if accepts.accepts(each)]

    def _page(self, request: ArmRequest, resources: list[TrackedResource]) -> ArmResponse:
        shown: list[Json] = [each.show() for each in resources]
        return ArmResponse(body=list_page(request, shown))

    def _group(self, request: ArmRequest) -> tuple[str, str]:
        """The group in the path: its name and where it is.

        Raises:
            ArmError: 404, nothing lies in it.
        """
        found = self._groups().get(request.params["group"].lower())
        if found is None:
            raise resource_group_not_found(request.params["group"])
        return found

    def _groups(self) -> dict[str, tuple[str, str]]:
        """Name and location by name in lower case; a group is where the first thing in it is."""
        groups: dict[str, tuple[str, str]] = {}
        for resource in tracked_resources(self._estate):
            groups.setdefault(resource.group.lower(), (resource.group, resource.location))
        return groups

    def _show(self, name: str, location: str) -> dict[str, Json]:
        return {
            "id": f"/subscriptions/{self._estate.subscription}/resourceGroups/{name}",
            "name": name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": location,
            "tags": {},
            "properties": {"provisioningState": "Succeeded"},
        }
