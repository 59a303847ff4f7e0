"""The data file behind the page of the AKS release tracker, as far as its form is known: the Kubernetes versions."""

import html
from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.json_value import Json

_DISPLAY_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "Africa": ("South Africa North", "South Africa West"),
    "Asia Pacific": (
        "Australia Central", "Australia Central 2", "Australia East", "Australia Southeast", "Central India",
        "East Asia", "Indonesia Central", "Japan East", "Japan West", "Jio India Central", "Jio India West",
        "Korea Central", "Korea South", "Malaysia West", "New Zealand North", "South India", "Southeast Asia",
        "West India",
    ),
    "Europe": (
        "Austria East", "France Central", "France South", "Germany North", "Germany West Central", "Italy North",
        "North Europe", "Norway East", "Norway West", "Poland Central", "Spain Central", "Sweden Central",
        "Sweden South", "Switzerland North", "Switzerland West", "UK South", "UK West", "West Europe",
    ),
    "Middle East": ("Israel Central", "Qatar Central", "UAE Central", "UAE North"),
    "North America": (
        "Canada Central", "Canada East", "Central US", "East US", "East US 2", "Mexico Central", "North Central US",
        "South Central US", "West Central US", "West US", "West US 2", "West US 3",
    ),
    "South America": ("Brazil South", "Brazil Southeast", "Chile Central"),
}  # fmt: skip
_PLACES: Final = {
    name.replace(" ", "").lower(): (continent, name) for continent, names in _DISPLAY_NAMES.items() for name in names
}
_ELSEWHERE: Final = "Other"
_FIRST_LTS_PATCH: Final = 100
"""AKS numbers its own long-term support builds from x.y.100 on."""


def routes(regions: Callable[[], Mapping[str, list[str]]]) -> list[Route]:
    """`GET /webpage/parsed_data.json`: needs no token. `regions`: the versions each region offers at this moment.

    The file depends on nothing else, neither on time nor on the order of regions or versions: it changes exactly when
    an offer does.
    """

    async def parsed_data(_: Request) -> Response:
        return JSONResponse(_document(regions()))

    return [Route("/webpage/parsed_data.json", parsed_data, methods=["GET"])]


def _document(regions: Mapping[str, list[str]]) -> Json:
    continents: dict[str, list[Json]] = {}
    for region in sorted(regions):
        continent, name = _PLACES.get(region.lower(), (_ELSEWHERE, region))
        status: Json = {"RegionName": name, "Current": {"Version": _as_html(regions[region])}}
        continents.setdefault(continent, []).append(status)
    statuses: dict[str, Json] = {continent: list(continents[continent]) for continent in sorted(continents)}
    versions: Json = {"RegionalStatuses": statuses}
    return {"Sections": {"KubernetesSupportedVersions": {"Components": {"KubernetesVersions": versions}}}}


def _as_html(versions: list[str]) -> str:
    """Versions as the page shows them: links, newest first, long-term support builds marked."""
    return ", ".join(_link(version) for version in sorted(set(versions), key=_numbers, reverse=True))


def _link(version: str) -> str:
    minor = ".".join(version.split(".")[:2])
    address = f"https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-{minor}.md"
    mark = " (LTS)" if _numbers(version)[-1] >= _FIRST_LTS_PATCH else ""
    return f'<a href="{html.escape(address)}">{html.escape(version)}</a>{mark}'


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
