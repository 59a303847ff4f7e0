"""What one region offers as a row of texts; a part that could not be read is absent, and is read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.azure.ledger.reading import time_in
from shared.core.model.catalog import OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Absent, Unknown


def catalog_row(catalog: RegionCatalog, read_at: datetime) -> dict[str, str] | None:
    """The row; None if it is not known which versions the region offers."""
    minors = catalog.kubernetes
    if isinstance(minors, Unknown):
        return None
    kubernetes = [
        {
            "minor": str(offered.minor),
            "plans": sorted(offered.support_plans),
            "isPreview": offered.is_preview,
            "patches": sorted(map(str, offered.patches)),
        }
        for offered in minors.values()
    ]
    images = {
        family: None if isinstance(image, Absent) else str(image)
        for family, image in catalog.node_images.items()
        if not isinstance(image, Unknown)
    }
    return {
        "region": catalog.region,
        "at": read_at.isoformat(),
        "kubernetes": json.dumps(kubernetes),
        "nodeImages": json.dumps(images),
    }


@dataclass(frozen=True, slots=True)
class RecordedCatalog:
    """The catalog of a region, and when it was read."""

    catalog: RegionCatalog
    read_at: datetime


def recorded_catalog(row: Mapping[str, str]) -> RecordedCatalog:
    """The region's catalog in a row.

    Raises:
        ValueError, LookupError, TypeError, InvalidInputError: a part of it is missing or malformed.
    """
    return RecordedCatalog(_catalog_of(row), time_in(row, "at"))


def _catalog_of(row: Mapping[str, str]) -> RegionCatalog:
    minors = [_minor(each) for each in json.loads(row["kubernetes"])]
    images: Mapping[str, str | None] = json.loads(row["nodeImages"])
    return RegionCatalog(
        row["region"],
        {minor.minor: minor for minor in minors},
        {family: Absent() if text is None else NodeImageVersion.parse(text) for family, text in images.items()},
    )


def _minor(offered: Mapping[str, list[str]]) -> OfferedMinor:
    return OfferedMinor(
        MinorVersion.parse(str(offered["minor"])),
        frozenset(map(SupportPlan, offered["plans"])),
        is_preview=bool(offered["isPreview"]),
        patches=frozenset(map(KubernetesVersion.parse, offered["patches"])),
    )
