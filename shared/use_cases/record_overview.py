"""Leaves in the ledger what an evaluation found, for people. No decision depends on it, so a failure stops nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from shared import telemetry
from shared.core.model.catalog import Catalog
from shared.core.model.unknown import Unknown
from shared.errors import FleetAutoUpgradeError
from shared.overview.evaluated import EvaluatedFleets
from shared.overview.store import OverviewStore, Unreadable

SENTENCES = 100
"""How many sentences about what could not be read are kept."""


def record_overview(overview: OverviewStore, evaluated: EvaluatedFleets, *, complete: bool) -> None:
    """Leave the fleets of an evaluation in the ledger; a failure is reported and raises nothing.

    Args:
        overview: the ledger.
        evaluated: the fleets.
        complete: whether these are all fleets.
    """
    try:
        overview.record_fleets(evaluated.fleets, evaluated.runs, evaluated.members, complete=complete)
    except FleetAutoUpgradeError as error:
        telemetry.failed("Recording the overview", error)


def record_unreadable(overview: OverviewStore, where: str, sentences: Iterable[str], at: datetime) -> None:
    """Leave in the ledger what an activity could not read; a failure is reported and raises nothing."""
    found = tuple(sentences)
    try:
        overview.record_unreadable(Unreadable(where, at, found[:SENTENCES], len(found)))
    except FleetAutoUpgradeError as error:
        telemetry.failed("Recording what could not be read", error)


def unread_parts(catalog: Catalog) -> Iterator[str]:
    """A sentence for each part of the catalog that could not be read."""
    for name, region in sorted(catalog.regions.items()):
        if isinstance(region.kubernetes, Unknown):
            yield f"What {name} offers could not be read: {region.kubernetes.why}."
        for family, image in sorted(region.node_images.items()):
            if isinstance(image, Unknown):
                yield f"The newest {family} image in {name} could not be read: {image.why}."
