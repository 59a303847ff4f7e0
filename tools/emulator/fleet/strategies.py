"""Update strategies."""

from __future__ import annotations

from tools.emulator.arm import ArmRequest, ArmResponse, ArmRouter, list_page
from tools.emulator.arm.body import Field
from tools.emulator.fleet.resources import API_VERSIONS, FLEET, Resources
from tools.emulator.fleet.rules import check_name, check_strategy
from tools.emulator.fleet.versioned import show_in
from tools.emulator.specification import check_specified
from tools.json_value import Json

_KIND = "updateStrategies"


class Strategies:
    """Routes for update strategies. One that a profile or a run names may be deleted; a run holds a snapshot."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        strategy = f"{FLEET}/{_KIND}/{{name}}"
        for method, template, handler in (
            ("GET", f"{FLEET}/{_KIND}", self._list),
            ("GET", strategy, self._get),
            ("PUT", strategy, self._put),
            ("DELETE", strategy, self._delete),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        strategies = self._resources.fleet(request).strategies.values()
        return ArmResponse(body=list_page(request, [show_in(request.api_version, each) for each in strategies]))

    def _get(self, request: ArmRequest) -> ArmResponse:
        strategies = self._resources.fleet(request).strategies
        return ArmResponse(body=show_in(request.api_version, self._resources.child(request, strategies, _KIND)))

    def _put(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        check_name(request.params["name"])
        strategy = Field(request.object_body()).at("properties", "strategy")
        check_strategy(strategy, request.api_version)
        check_specified(request)
        written: dict[str, Json] = {"strategy": strategy.object()}
        child, is_new = self._resources.put(request, fleet, fleet.strategies, _KIND, written)
        return ArmResponse(201 if is_new else 200, show_in(request.api_version, child))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        deleted = self._resources.delete(request, self._resources.fleet(request).strategies)
        return ArmResponse(204 if deleted is None else 200)
