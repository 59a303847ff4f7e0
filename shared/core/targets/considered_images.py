"""Why node images newer than the chosen ones were not chosen."""

from __future__ import annotations

from collections.abc import Iterable

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Cluster
from shared.core.model.node_image import NodeImage
from shared.core.model.unknown import Unknown
from shared.core.reasons import CandidateReason
from shared.core.targets.node_image_choice import NodeImageChoice, regions_by_family
from shared.core.targets.target import Considered, PassedOver


def consider_images(
    clusters: Iterable[Cluster], regions: Iterable[str], catalog: Catalog, choice: NodeImageChoice | None
) -> Considered:
    """What the regions offer, and why each image above the chosen one of its family was passed over."""
    passed_over: list[PassedOver] = []
    for family, in_regions in sorted(regions_by_family(clusters).items()):
        passed_over += _passed_over(family, sorted(in_regions), catalog, choice) if choice is not None else []
    return Considered(tuple(catalog.of(region) for region in regions), tuple(passed_over))


def _passed_over(family: str, regions: list[str], catalog: Catalog, choice: NodeImageChoice) -> list[PassedOver]:
    newest = {
        region: version
        for region in regions
        if not isinstance(version := catalog.of(region).node_image(family), Unknown)
    }
    chosen = {image.family: image.version for image in choice.images}.get(family)
    above = {version for version in newest.values() if chosen is None or version > chosen}
    found: list[PassedOver] = []
    for version in sorted(above, reverse=True):
        image = NodeImage(family, version)
        behind = [region for region, offered in newest.items() if offered < version]
        if behind:
            why = CandidateReason.NOT_IN_EVERY_REGION, f"Not offered yet in {', '.join(behind)}."
        elif image in choice.soaking:
            why = CandidateReason.STILL_SOAKING, "It has not soaked yet in every region."
        else:
            why = CandidateReason.TOO_OLD, "Older than 90 days."
        found.append(PassedOver(str(image), *why))
    return found
