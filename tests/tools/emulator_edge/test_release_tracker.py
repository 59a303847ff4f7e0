"""The release tracker's data file."""

import html
import re

from tests.tools.emulator_edge.edge import Edge

PATH = "/webpage/parsed_data.json"


def statuses(edge: Edge) -> dict[str, list[dict[str, object]]]:
    sections = edge.http.get(PATH).json()["Sections"]
    found: dict[str, list[dict[str, object]]] = sections["KubernetesSupportedVersions"]["Components"][
        "KubernetesVersions"
    ]["RegionalStatuses"]
    return found


def versions_of(status: dict[str, object]) -> list[str]:
    """As a consumer of the real file takes them out: tags and entities away, then the LTS mark."""
    current = status["Current"]
    assert isinstance(current, dict)
    text = html.unescape(re.sub(r"<[^>]+>", "", current["Version"]))
    return [part.strip() for part in text.replace("(LTS)", "").split(",") if part.strip()]


def test_regions_stand_under_their_continent_with_their_display_name(edge: Edge) -> None:
    edge.offers = {"westus2": ["1.30.5"], "uksouth": [], "southeastasia": [], "mars1": []}
    names = {continent: [status["RegionName"] for status in found] for continent, found in statuses(edge).items()}
    assert names == {
        "Asia Pacific": ["Southeast Asia"],
        "Europe": ["UK South"],
        "North America": ["West US 2"],
        "Other": ["mars1"],
    }


def test_versions_are_links_newest_first_with_lts_builds_marked(edge: Edge) -> None:
    edge.offers = {"westus2": ["1.9.1", "1.29.100", "1.30.5"]}
    [status] = statuses(edge)["North America"]
    assert versions_of(status) == ["1.30.5", "1.29.100", "1.9.1"]
    text = str(status["Current"])
    assert re.findall(r">([0-9.]+)</a> \(LTS\)", text) == ["1.29.100"]
    assert text.count("<a href=") == 3


def test_the_file_changes_exactly_when_an_offer_does(edge: Edge) -> None:
    edge.offers = {"westus2": ["1.30.5", "1.31.1"], "eastus": ["1.30.5"]}
    before = edge.http.get(PATH).content
    edge.offers = {"eastus": ["1.30.5"], "westus2": ["1.31.1", "1.30.5"]}
    assert edge.http.get(PATH).content == before
    edge.offers["eastus"].append("1.31.1")
    assert edge.http.get(PATH).content != before


def test_a_region_without_offers_is_there_with_no_version(edge: Edge) -> None:
    edge.offers = {"westus2": []}
    [status] = statuses(edge)["North America"]
    assert versions_of(status) == []
