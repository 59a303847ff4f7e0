"""What one region offers, from the facts that have reached it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from shared.core.model.catalog import OfferedMinor, RegionCatalog, SupportPlan, offer_of
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Unknown
from tools.replay.node_families import NodeFamily
from tools.replay.timeline import Fact, ImageFact, ImageKind, MinorFact, MinorKind, PatchFact, PatchKind, Tier, Timeline


@dataclass(slots=True)
class _Minor:
    """What is known of a minor."""

    is_ga: bool = False
    was_previewed: bool = False
    has_long_term_support: bool = False
    left_standard_support: bool = False
    left_all_support: bool = False
    patches: set[KubernetesVersion] = field(default_factory=set)
    preview_patches: set[KubernetesVersion] = field(default_factory=set)
    long_term_support_builds: set[KubernetesVersion] = field(default_factory=set)

    def offer(self, minor: MinorVersion) -> OfferedMinor | None:
        """What is offered of it: on its plans if it has any, else as a preview if it is one."""
        if self.left_all_support:
            return None
        plans = self._plans()
        if plans:
            builds = self.long_term_support_builds if self.has_long_term_support else set()
            return OfferedMinor(minor, plans, is_preview=False, patches=frozenset(self.patches | builds))
        early = frozenset(self.patches | self.preview_patches)
        if self.was_previewed and early and not self.left_standard_support:
            official = frozenset({SupportPlan.KUBERNETES_OFFICIAL})
            return OfferedMinor(minor, official, is_preview=True, patches=early)
        return None

    def _plans(self) -> frozenset[SupportPlan]:
        is_official = self.is_ga and not self.left_standard_support and bool(self.patches)
        is_long_term = self.has_long_term_support and bool(
            self.long_term_support_builds or (self.is_ga and self.patches)
        )
        plans = {SupportPlan.KUBERNETES_OFFICIAL: is_official, SupportPlan.AKS_LONG_TERM_SUPPORT: is_long_term}
        return frozenset(plan for plan, is_offered in plans.items() if is_offered)


class RegionOffers:
    """The offer of one region; it has the timeline's start from the beginning, and facts change it.

    Args:
        region: its name.
        timeline: what it offers at the start.
    """

    def __init__(self, region: str, timeline: Timeline) -> None:
        self._region = region
        self._minors: defaultdict[MinorVersion, _Minor] = defaultdict(_Minor)
        self._images: defaultdict[str, set[NodeImageVersion]] = defaultdict(set)
        for minor in timeline.ga_minors:
            self._minors[minor].is_ga = True
        for patch in timeline.patches:
            _offer_patch(self._minors[patch.minor_version], patch, is_preview=False)
        for family, image in timeline.node_images.items():
            self._images[family].add(image)

    def apply(self, fact: Fact) -> None:
        """Let a fact take effect."""
        if isinstance(fact, ImageFact):
            self._apply_image(fact)
        elif isinstance(fact, MinorFact):
            _EFFECTS[fact.kind](self._minors[fact.minor], fact)
        else:
            self._apply_patch(fact)

    def catalog(self, families: Iterable[NodeFamily]) -> RegionCatalog:
        """What the region offers now; of images, the newest of each family that it ever had one of."""
        offers = (known.offer(minor) for minor, known in sorted(self._minors.items()))
        kubernetes = offer_of(self._region, [offer for offer in offers if offer is not None])
        images = {family.name: self._newest(family) for family in families if family.folder in self._images}
        return RegionCatalog(self._region, kubernetes, images)

    def _newest(self, family: NodeFamily) -> NodeImageVersion | Unknown:
        offered = self._images[family.folder]
        return max(offered) if offered else Unknown(f"every image of {family.folder} was withdrawn")

    def _apply_image(self, fact: ImageFact) -> None:
        if fact.kind is ImageKind.OFFERED:
            self._images[fact.family].add(fact.version)
        elif fact.family in self._images:
            self._images[fact.family].discard(fact.version)

    def _apply_patch(self, fact: PatchFact) -> None:
        minor = self._minors[fact.version.minor_version]
        if fact.kind is PatchKind.OFFERED:
            _offer_patch(minor, fact.version, is_preview=fact.is_preview)
            return
        for patches in (minor.patches, minor.preview_patches, minor.long_term_support_builds):
            patches.discard(fact.version)


def _offer_patch(minor: _Minor, version: KubernetesVersion, *, is_preview: bool) -> None:
    if version.is_long_term_support_build:
        minor.has_long_term_support = True
        minor.long_term_support_builds.add(version)
    elif is_preview:
        minor.preview_patches.add(version)
    else:
        minor.preview_patches.discard(version)
        minor.patches.add(version)


def _preview(minor: _Minor, _: MinorFact) -> None:
    minor.was_previewed = True


def _generally_available(minor: _Minor, _: MinorFact) -> None:
    minor.is_ga = True


def _long_term_support(minor: _Minor, _: MinorFact) -> None:
    minor.has_long_term_support = True


def _long_term_support_only(minor: _Minor, _: MinorFact) -> None:
    minor.left_standard_support = True


def _deprecate(minor: _Minor, fact: MinorFact) -> None:
    """The end of long-term support comes after that of standard support, said or not."""
    minor.left_standard_support = True
    minor.left_all_support = minor.left_all_support or fact.tier is Tier.LONG_TERM_SUPPORT


def _remove(minor: _Minor, _: MinorFact) -> None:
    minor.left_all_support = True


_EFFECTS: Mapping[MinorKind, Callable[[_Minor, MinorFact], None]] = {
    MinorKind.PREVIEW: _preview,
    MinorKind.GENERALLY_AVAILABLE: _generally_available,
    MinorKind.LONG_TERM_SUPPORT: _long_term_support,
    MinorKind.LONG_TERM_SUPPORT_ONLY: _long_term_support_only,
    MinorKind.DEPRECATED: _deprecate,
    MinorKind.REMOVED: _remove,
}
