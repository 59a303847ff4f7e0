"""The data file behind the page of the AKS release tracker, as far as its form is known: the Kubernetes versions."""

import html
from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.emulator.regions import region
from tools.json_value import Json

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
    for name in sorted(regions):
        place = region(name)
        status: Json = {"RegionName": place.display_name, "Current": {"Version": _as_html(regions[name])}}
        continents.setdefault(place.continent, []).append(status)
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
