"""Azure's regions: the name in ids, the name on display, the continent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

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
_ELSEWHERE: Final = "Other"


@dataclass(frozen=True)
class Region:
    """A region; one that is not in the table is shown by its name, on a continent called Other."""

    name: str
    display_name: str
    continent: str


def region(name: str) -> Region:
    """The region of a name, in any case."""
    return _REGIONS.get(name.lower()) or Region(name, name, _ELSEWHERE)


_REGIONS: Final = {
    (key := shown.replace(" ", "").lower()): Region(key, shown, continent)
    for continent, names in _DISPLAY_NAMES.items()
    for shown in names
}
