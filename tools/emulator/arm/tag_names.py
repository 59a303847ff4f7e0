"""Names and values of the tags in use in a subscription, as `az tag list` reads them.

Names cannot be added here or removed: tags of resources and groups are the only ones that there are. Bodies have the
fields of `TagDetails` in `azure-mgmt-resource`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Final

from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.resource_groups import API_VERSIONS, SUBSCRIPTION
from tools.emulator.arm.resources import tracked_resources
from tools.emulator.arm.router import ArmRouter
from tools.emulator.arm.values import list_page
from tools.emulator.state import Estate
from tools.json_value import Json

_NAMES: Final = f"{SUBSCRIPTION}/tagNames"


class TagNames:
    """The list of names with how many resources and groups have each."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def register(self, router: ArmRouter) -> None:
        """Add the route."""
        router.add("GET", _NAMES, self._list, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        """Names that differ in case alone are one. UNVERIFIED: that the spelling met first is shown."""
        spelled: dict[str, str] = {}
        values: defaultdict[str, Counter[str]] = defaultdict(Counter)
        groups = self._estate.resource_groups.values()
        for tags in [*(group.tags for group in groups), *(each.tags for each in tracked_resources(self._estate))]:
            for name, value in tags.items():
                values[spelled.setdefault(name.lower(), name)][value] += 1
        shown: list[Json] = [self._show(name, values[name]) for name in sorted(values)]
        return ArmResponse(body=list_page(request, shown))

    def _show(self, name: str, values: Counter[str]) -> dict[str, Json]:
        path = f"/subscriptions/{self._estate.subscription}/tagNames/{name}"
        return {
            "id": path,
            "tagName": name,
            "count": _total(values.total()),
            "values": [
                {"id": f"{path}/tagValues/{value}", "tagValue": value, "count": _total(number)}
                for value, number in sorted(values.items())
            ],
        }


def _total(number: int) -> dict[str, Json]:
    return {"type": "Total", "value": number}
