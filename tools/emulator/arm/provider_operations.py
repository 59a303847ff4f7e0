"""The operations of a provider, by the names that roles are made of: those that are served here."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.router import ArmRouter
from tools.emulator.arm.values import list_page
from tools.json_value import Json

_PROVIDER: Final = "Microsoft.ContainerService"
_VERBS: Final = {"GET": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}


def register_operations(router: ArmRouter, api_versions: Collection[str]) -> None:
    """Add the route, in the api-versions of one of the providers behind it."""

    def listed(request: ArmRequest) -> ArmResponse:
        shown: list[Json] = [_show(name) for name in sorted(set(_names(router)))]
        return ArmResponse(body=list_page(request, shown))

    router.add("GET", f"/providers/{_PROVIDER}/operations", listed, api_versions=api_versions)


def _names(router: ArmRouter) -> Iterator[str]:
    """Names such as `Microsoft.ContainerService/fleets/updateRuns/start/action`."""
    for method, template, _ in router.registered():
        _, found, path = template.rpartition(f"/providers/{_PROVIDER}/")
        parts = [part for part in path.split("/") if part != "default" and not part.startswith("{")]
        if found and method in _VERBS:
            yield "/".join((_PROVIDER, *parts, _VERBS[method]))
        elif found and method == "POST":
            yield "/".join((_PROVIDER, *parts, "action"))


def _show(name: str) -> dict[str, Json]:
    """UNVERIFIED: the texts for people."""
    _, *resource, verb = name.split("/")
    return {
        "name": name,
        "isDataAction": False,
        "display": {
            "provider": _PROVIDER,
            "resource": "/".join(resource),
            "operation": verb,
            "description": f"{verb} {'/'.join(resource)}",
        },
    }
