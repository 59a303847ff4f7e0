"""Auto-upgrade profiles. There is no PATCH: another PUT is the update."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm import ArmRequest, ArmResponse, ArmRouter, list_page
from tools.emulator.arm.body import flag_at, object_at
from tools.emulator.fleet.resources import API_VERSIONS, FLEET, Resources
from tools.emulator.fleet.rules import check_name, check_profile
from tools.emulator.fleet.versioned import show_in
from tools.emulator.specification import check_specified
from tools.json_value import Json

KIND: Final = "autoUpgradeProfiles"
_WRITABLE: Final = ("channel", "updateStrategyId", "nodeImageSelection", "targetKubernetesVersion")
STATUS: Final = "autoUpgradeProfileStatus"
"""Read-only: a PUT leaves it as it is."""


class Profiles:
    """Routes for profiles; disabling or deleting one leaves its runs alone."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        profile = f"{FLEET}/{KIND}/{{name}}"
        for method, template, handler in (
            ("GET", f"{FLEET}/{KIND}", self._list),
            ("GET", profile, self._get),
            ("PUT", profile, self._put),
            ("DELETE", profile, self._delete),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        profiles = self._resources.fleet(request).profiles.values()
        return ArmResponse(body=list_page(request, [show_in(request.api_version, profile) for profile in profiles]))

    def _get(self, request: ArmRequest) -> ArmResponse:
        profiles = self._resources.fleet(request).profiles
        return ArmResponse(body=show_in(request.api_version, self._resources.child(request, profiles, KIND)))

    def _put(self, request: ArmRequest) -> ArmResponse:
        fleet, name = self._resources.fleet(request), request.params["name"]
        check_name(name)
        properties = object_at(request.object_body(), "properties")
        existing = fleet.profiles.get(name.lower())
        check_profile(properties, fleet, request.api_version, existing)
        check_specified(request)
        written: dict[str, Json] = {key: properties[key] for key in _WRITABLE if properties.get(key)}
        written["disabled"] = flag_at(properties, "disabled")
        written["longTermSupport"] = flag_at(properties, "longTermSupport")
        if existing is not None and STATUS in existing.properties:
            written[STATUS] = existing.properties[STATUS]
        child, is_new = self._resources.put(request, fleet, fleet.profiles, KIND, written)
        return ArmResponse(201 if is_new else 200, show_in(request.api_version, child))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        """204 whether there was one or not: the service's response to this DELETE alone is never 200."""
        self._resources.delete(request, self._resources.fleet(request).profiles)
        return ArmResponse(204)
