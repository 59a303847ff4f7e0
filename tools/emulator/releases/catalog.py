"""What one region offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tools.emulator.releases.timeline import Fact, Timeline
from tools.emulator.releases.versions import minor_of, numbers

OFFICIAL: Final = "KubernetesOfficial"
LONG_TERM: Final = "AKSLongTermSupport"


@dataclass(frozen=True)
class OfferedMinor:
    """A minor on offer, with its patches from the oldest to the newest; `plans` as in `capabilities.supportPlan`."""

    minor: str
    plans: tuple[str, ...]
    is_preview: bool
    patches: tuple[str, ...]
    lts_patches: frozenset[str]

    def offers(self, version: str, support_plan: str) -> bool:
        """Whether a cluster on the plan may have the version: LTS builds on the LTS plan only, previews never."""
        if version not in self.patches or self.is_preview:
            return False
        if support_plan == LONG_TERM:
            return True
        return OFFICIAL in self.plans and version not in self.lts_patches


@dataclass
class _Minor:
    """What is known of a minor."""

    ga: bool = False
    previewed: bool = False
    long_term: bool = False
    standard_ended: bool = False
    ended: bool = False
    patches: set[str] = field(default_factory=set)
    preview_patches: set[str] = field(default_factory=set)
    lts_patches: set[str] = field(default_factory=set)

    def offer(self, name: str) -> OfferedMinor | None:
        if self.ended:
            return None
        official = self.ga and not self.standard_ended and bool(self.patches)
        long_term = self.long_term and bool(self.lts_patches or (self.ga and self.patches))
        plans = tuple(plan for plan, holds in ((OFFICIAL, official), (LONG_TERM, long_term)) if holds)
        if plans:
            patches = self.patches | (self.lts_patches if long_term else set())
            return _offered(name, plans, patches, self.lts_patches, is_preview=False)
        early = self.patches | self.preview_patches
        if self.previewed and early and not self.standard_ended:
            return _offered(name, (OFFICIAL,), early, set(), is_preview=True)
        return None


class Catalog:
    """Kubernetes versions and node images of a region; facts change it as they arrive."""

    def __init__(self, timeline: Timeline) -> None:
        self._minors: dict[str, _Minor] = {minor: _Minor(ga=True) for minor in timeline.ga_minors}
        for minor, patches in timeline.patches.items():
            self._minors.setdefault(minor, _Minor()).patches.update(patches)
        self._images: dict[str, set[str]] = {family: {version} for family, version in timeline.node_images.items()}
        self.revision = 0
        self._offer: tuple[OfferedMinor, ...] | None = None

    def apply(self, fact: Fact) -> None:
        """Let a fact take effect."""
        if fact.family:
            _IMAGE_EFFECTS[fact.kind](self._images.setdefault(fact.family, set()), fact.version)
        else:
            _EFFECTS[fact.kind](self._minors.setdefault(minor_of(fact.version), _Minor()), fact)
        self.revision += 1
        self._offer = None

    def minors(self) -> tuple[OfferedMinor, ...]:
        """What is on offer, from the oldest minor to the newest."""
        if self._offer is None:
            names = sorted(self._minors, key=numbers)
            self._offer = tuple(offer for name in names if (offer := self._minors[name].offer(name)) is not None)
        return self._offer

    def versions(self) -> list[str]:
        """All versions on offer on whatever plan, previews as well, oldest first."""
        return [patch for minor in self.minors() for patch in minor.patches]

    def offers(self, version: str, support_plan: str) -> bool:
        """Whether a cluster on the plan may be upgraded to the version here."""
        return any(minor.offers(version, support_plan) for minor in self.minors())

    def images(self) -> dict[str, str]:
        """The newest image version of each folder-level family."""
        return {family: max(versions, key=numbers) for family, versions in self._images.items() if versions}

    def newest_image(self, pool_family: str) -> str | None:
        """The newest version for a family as pools report it; the folder-level family is the longest that begins it."""
        folders = [family for family, versions in self._images.items() if versions and pool_family.startswith(family)]
        return max(self._images[max(folders, key=len)], key=numbers) if folders else None


def _offered(
    name: str, plans: tuple[str, ...], patches: set[str], lts_patches: set[str], *, is_preview: bool
) -> OfferedMinor:
    return OfferedMinor(name, plans, is_preview, tuple(sorted(patches, key=numbers)), frozenset(lts_patches))


def _add_patch(minor: _Minor, fact: Fact) -> None:
    if fact.lts_patch:
        minor.lts_patches.add(fact.version)
        minor.long_term = True
    elif fact.preview:
        minor.preview_patches.add(fact.version)
    else:
        minor.preview_patches.discard(fact.version)
        minor.patches.add(fact.version)


def _remove_patch(minor: _Minor, fact: Fact) -> None:
    for patches in (minor.patches, minor.preview_patches, minor.lts_patches):
        patches.discard(fact.version)


def _deprecate(minor: _Minor, fact: Fact) -> None:
    minor.standard_ended = True
    minor.ended = minor.ended or fact.tier == "lts"


def _preview(minor: _Minor, _: Fact) -> None:
    minor.previewed = True


def _generally_available(minor: _Minor, _: Fact) -> None:
    minor.ga = True


def _long_term(minor: _Minor, _: Fact) -> None:
    minor.long_term = True


def _long_term_only(minor: _Minor, _: Fact) -> None:
    minor.standard_ended = True


def _remove(minor: _Minor, _: Fact) -> None:
    minor.ended = True


_EFFECTS: Final[Mapping[str, Callable[[_Minor, Fact], None]]] = {
    "patch": _add_patch,
    "patch_removed": _remove_patch,
    "minor_preview": _preview,
    "minor_ga": _generally_available,
    "minor_lts": _long_term,
    "minor_lts_only": _long_term_only,
    "minor_deprecated": _deprecate,
    "minor_removed": _remove,
}
_IMAGE_EFFECTS: Final[Mapping[str, Callable[[set[str], str], None]]] = {
    "node_image": set.add,
    "node_image_withdrawn": set.discard,
}
