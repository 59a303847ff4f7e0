"""What each region offers as a matrix: a row for each version and image, with why it is not the target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from shared.core.model.catalog import SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage

if TYPE_CHECKING:
    from shared.documents.decisions import DecisionDocument, MinorDocument, RegionDocument, RejectedDocument
    from shared.documents.fleets import MatrixRow

Kind = Literal["KubernetesVersion", "NodeImage"]
Cell = Literal["Offered", "Preview", "LongTermSupportOnly", "NotOffered", "Unknown"]


def matrix_of(decision: DecisionDocument) -> list[MatrixRow]:
    """The rows: first versions, then images, each the highest first."""
    regions = decision["candidates"]["regions"]
    rejected = {each["name"]: each for each in decision["candidates"]["rejected"]}
    target = decision["target"]
    targets = {str(target["kubernetesVersion"])} if target is not None else set[str]()
    if target is not None:
        targets |= {f"{family}-{version}" for family, version in target["nodeImages"].items()}
    versions = {patch for region in regions.values() for minor in _minors(region) for patch in minor["patches"]}
    images = {
        f"{family}-{image}"
        for region in regions.values()
        for family, image in region["nodeImages"].items()
        if isinstance(image, str)
    } | {name for name in rejected if name not in versions}
    parsed = sorted(map(NodeImage.parse, images), key=lambda image: image.version, reverse=True)
    rows: list[tuple[str, Kind, dict[str, Cell]]] = [
        (name, "KubernetesVersion", {key: _version(region, name) for key, region in regions.items()})
        for name in sorted(versions, key=KubernetesVersion.parse, reverse=True)
    ] + [
        (str(image), "NodeImage", {key: _image(region, image) for key, region in regions.items()})
        for image in sorted(parsed, key=lambda image: image.family)
    ]
    return [_row(name, kind, cells, rejected.get(name), is_target=name in targets) for name, kind, cells in rows]


def _row(
    name: str,
    kind: Kind,
    regions: dict[str, Cell],
    why: RejectedDocument | None,
    *,
    is_target: bool,
) -> MatrixRow:
    return {
        "name": name,
        "kind": kind,
        "isTarget": is_target,
        "regions": regions,
        "reason": why["reason"] if why is not None else None,
        "sentence": why["sentence"] if why is not None else None,
    }


def _minors(region: RegionDocument) -> list[MinorDocument]:
    versions = region["kubernetesVersions"]
    return versions if isinstance(versions, list) else []


def _version(region: RegionDocument, name: str) -> Cell:
    if not isinstance(region["kubernetesVersions"], list):
        return "Unknown"
    for minor in _minors(region):
        if name in minor["patches"]:
            if minor["isPreview"]:
                return "Preview"
            is_official = SupportPlan.KUBERNETES_OFFICIAL in minor["supportPlans"]
            is_build = KubernetesVersion.parse(name).is_long_term_support_build
            return "Offered" if is_official and not is_build else "LongTermSupportOnly"
    return "NotOffered"


def _image(region: RegionDocument, image: NodeImage) -> Cell:
    """Only the newest image of a region is known: an older one counts as offered."""
    newest = region["nodeImages"].get(image.family)
    if isinstance(newest, str):
        return "Offered" if NodeImage.parse(f"{image.family}-{newest}").version >= image.version else "NotOffered"
    return "NotOffered" if newest is None else "Unknown"
