"""Resource providers: which types there are, and in which api-versions. Clients pick theirs from this list.

What is listed is what the router serves, so that no client chooses a version that does not exist.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from tools.emulator.arm.errors import ArmError
from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.resource_groups import API_VERSIONS
from tools.emulator.arm.router import ArmRouter
from tools.emulator.arm.values import list_page
from tools.emulator.regions import region
from tools.emulator.state import Estate
from tools.json_value import Json

_PROVIDERS: Final = "/subscriptions/{subscription}/providers"
_MARK: Final = "/providers/"


class Providers:
    """The providers behind a router's routes."""

    def __init__(self, router: ArmRouter, estate: Estate) -> None:
        self._router = router
        self._estate = estate

    def register(self) -> None:
        """Add the routes."""
        for template, handler in ((_PROVIDERS, self._list), (f"{_PROVIDERS}/{{namespace}}", self._get)):
            self._router.add("GET", template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        shown: list[Json] = [self._show(namespace, types) for namespace, types in self._types().items()]
        return ArmResponse(body=list_page(request, shown))

    def _get(self, request: ArmRequest) -> ArmResponse:
        for namespace, types in self._types().items():
            if namespace.lower() == request.params["namespace"].lower():
                return ArmResponse(body=self._show(namespace, types))
        raise ArmError(
            404,
            "InvalidResourceNamespace",
            f"The resource namespace '{request.params['namespace']}' is invalid.",
        )

    def _types(self) -> dict[str, dict[str, frozenset[str]]]:
        """The api-versions of each resource type, by namespace. What can only be posted to is an action, no type."""
        types: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
        for method, template, versions in self._router.registered():
            _, found, path = template.rpartition(_MARK)
            namespace, _, below = path.partition("/")
            if not found or not below or method == "POST":
                continue
            kind = "/".join(below.split("/")[::2])
            types[namespace][kind] = types[namespace].get(kind, frozenset()) | versions
        return types

    def _show(self, namespace: str, types: dict[str, frozenset[str]]) -> dict[str, Json]:
        locations: list[Json] = [region(name).display_name for name in self._estate.regions]
        shown: list[Json] = [
            {
                "resourceType": kind,
                "locations": locations,
                "apiVersions": [*sorted(versions, reverse=True)],
                "capabilities": "None",
            }
            for kind, versions in sorted(types.items())
        ]
        return {
            "id": f"/subscriptions/{self._estate.subscription}/providers/{namespace}",
            "namespace": namespace,
            "resourceTypes": shown,
            "registrationState": "Registered",
            "registrationPolicy": "RegistrationRequired",
        }
