"""What one region offers: Kubernetes versions with their support plans, and node images."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tools.releases.timeline import Fact, ImageFact, MinorFact, PatchFact, Timeline
from tools.releases.versions import folder_of, is_lts_build, minor_of, numbers

OFFICIAL: Final = "KubernetesOfficial"
LONG_TERM: Final = "AKSLongTermSupport"


@dataclass(frozen=True)
class OfferedMinor:
    """A minor that is offered, with its patches, oldest first; `plans` as in `capabilities.supportPlan`."""

    minor: str
    plans: tuple[str, ...]
    is_preview: bool
    patches: tuple[str, ...]

    def patches_for(self, support_plan: str) -> tuple[str, ...]:
        """What a cluster on the plan can be upgraded to: previews never, LTS builds on the LTS plan only."""
        if self.is_preview:
            return ()
        if support_plan == LONG_TERM:
            return self.patches
        return tuple(patch for patch in self.patches if not is_lts_build(patch)) if OFFICIAL in self.plans else ()


@dataclass
class _Minor:
    """What is known of a minor."""

    is_ga: bool = False
    was_previewed: bool = False
    has_long_term_support: bool = False
    left_standard_support: bool = False
    left_all_support: bool = False
    patches: set[str] = field(default_factory=set)
    preview_patches: set[str] = field(default_factory=set)
    lts_builds: set[str] = field(default_factory=set)

    def offer(self, name: str) -> OfferedMinor | None:
        """What is offered of it: on its plans if it has any, else as a preview if it is one."""
        if self.left_all_support:
            return None
        plans = self._plans()
        if plans:
            return _offered(name, plans, self.patches | self.lts_builds, is_preview=False)
        early = self.patches | self.preview_patches
        if self.was_previewed and early and not self.left_standard_support:
            return _offered(name, (OFFICIAL,), early, is_preview=True)
        return None

    def _plans(self) -> tuple[str, ...]:
        is_official = self.is_ga and not self.left_standard_support and bool(self.patches)
        is_long_term = self.has_long_term_support and bool(self.lts_builds or (self.is_ga and self.patches))
        return tuple(plan for plan, holds in ((OFFICIAL, is_official), (LONG_TERM, is_long_term)) if holds)


class Catalog:
    """The offer of a region. It begins with the timeline's state at the start; facts change it.

    A pool's family has the images of the longest folder-level family that its name begins with.
    """

    def __init__(self, timeline: Timeline) -> None:
        start = timeline.state_at_start
        self._minors: dict[str, _Minor] = {minor: _Minor(is_ga=True) for minor in start.ga_minors}
        for patch in (patch for patches in start.patches.values() for patch in patches):
            _offer_patch(self._minor(minor_of(patch)), patch, is_preview=False)
        self._images: dict[str, set[str]] = {family: {version} for family, version in start.node_images.items()}
        self.revision = 0
        """Differs after every change."""
        self._offer: tuple[OfferedMinor, ...] | None = None

    def apply(self, fact: Fact) -> None:
        """Put a fact in force."""
        if isinstance(fact, ImageFact):
            self._apply_image(fact)
        elif isinstance(fact, MinorFact):
            _EFFECTS[fact.kind](self._minor(fact.version), fact)
        else:
            self._apply_patch(fact)
        self.revision += 1
        self._offer = None

    def minors(self) -> tuple[OfferedMinor, ...]:
        """What is offered, from the oldest minor to the newest."""
        if self._offer is None:
            names = sorted(self._minors, key=numbers)
            self._offer = tuple(offer for name in names if (offer := self._minors[name].offer(name)) is not None)
        return self._offer

    def versions(self) -> list[str]:
        """All versions offered on any plan, previews included, oldest first."""
        return [patch for minor in self.minors() for patch in minor.patches]

    def offers(self, version: str, support_plan: str) -> bool:
        """Whether a cluster on the plan can be upgraded to the version here."""
        return any(version in minor.patches_for(support_plan) for minor in self.minors())

    def images(self) -> dict[str, str | None]:
        """The newest image version of each folder-level family; None if all of them were withdrawn."""
        return {family: max(versions, key=numbers, default=None) for family, versions in self._images.items()}

    def newest_image(self, pool_family: str) -> str | None:
        """The newest version for a family as node pools report it; None if there is none."""
        images = {family: newest for family, newest in self.images().items() if newest is not None}
        folder = folder_of(pool_family, images)
        return None if folder is None else images[folder]

    def _minor(self, name: str) -> _Minor:
        return self._minors.setdefault(name, _Minor())

    def _apply_patch(self, fact: PatchFact) -> None:
        minor = self._minor(minor_of(fact.version))
        if fact.kind == "patch":
            _offer_patch(minor, fact.version, is_preview=fact.preview)
            return
        for patches in (minor.patches, minor.preview_patches, minor.lts_builds):
            patches.discard(fact.version)

    def _apply_image(self, fact: ImageFact) -> None:
        if fact.kind == "node_image":
            self._images.setdefault(fact.family, set()).add(fact.version)
        elif fact.family in self._images:
            self._images[fact.family].discard(fact.version)


def _offered(name: str, plans: tuple[str, ...], patches: set[str], *, is_preview: bool) -> OfferedMinor:
    return OfferedMinor(name, plans, is_preview, tuple(sorted(patches, key=numbers)))


def _offer_patch(minor: _Minor, version: str, *, is_preview: bool) -> None:
    """An LTS build puts its minor on the LTS plan, declared or not (tools/data/README.md)."""
    if is_lts_build(version):
        minor.has_long_term_support = True
        minor.lts_builds.add(version)
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
    """The end of long-term support comes after that of standard support, whether or not that was published."""
    minor.left_standard_support = True
    minor.left_all_support = minor.left_all_support or fact.tier == "lts"


def _remove(minor: _Minor, _: MinorFact) -> None:
    minor.left_all_support = True


_EFFECTS: Final[Mapping[str, Callable[[_Minor, MinorFact], None]]] = {
    "minor_preview": _preview,
    "minor_ga": _generally_available,
    "minor_lts": _long_term_support,
    "minor_lts_only": _long_term_support_only,
    "minor_deprecated": _deprecate,
    "minor_removed": _remove,
}
