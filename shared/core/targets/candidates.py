"""Candidates: the Kubernetes versions that the regions of a scope offer, filtered once for each support plan.

The filter accepts a version or rejects it with a reason. A version that only has to soak is rejected until a moment, so
what can be used later is known without filtering again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.core.model.catalog import OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.unknown import Unknown
from shared.core.policies.policy import Regions
from shared.core.reasons import CandidateReason, Outcome, Reason, Verdict
from shared.core.releases.soak import Soak
from shared.core.targets.target import RejectedCandidate, Target

_OFFICIAL, _LONG_TERM_SUPPORT = SupportPlan.KUBERNETES_OFFICIAL, SupportPlan.AKS_LONG_TERM_SUPPORT
_NONE = frozenset[KubernetesVersion]()
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)

_Offers = Mapping[str, Mapping[MinorVersion, OfferedMinor]]
"""The minors of each region that could be read, by region."""


@dataclass(frozen=True, slots=True)
class PlanCandidates:
    """The versions for clusters on one support plan."""

    accepted: frozenset[KubernetesVersion] = frozenset()
    rejected: Mapping[KubernetesVersion, RejectedCandidate] = field(default_factory=dict)

    def highest_patch(self, minor: MinorVersion) -> KubernetesVersion | None:
        """The highest accepted patch of the minor; None if there is none."""
        patches = (version for version in self.accepted if version.is_patch_of(minor))
        return max(patches, default=None)

    def at(self, moment: datetime) -> PlanCandidates:
        """The candidates at a later moment if nothing else is released: what has soaked by then is accepted."""
        soaked = {
            version
            for version, rejection in self.rejected.items()
            if rejection.until is not None and rejection.until <= moment
        }
        rejected = {version: rejection for version, rejection in self.rejected.items() if version not in soaked}
        return PlanCandidates(self.accepted | soaked, rejected)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The versions for each support plan."""

    official: PlanCandidates = PlanCandidates()
    """For every cluster: on the plan KubernetesOfficial."""
    long_term_support: PlanCandidates = PlanCandidates()
    """For clusters on the LTS plan, LTS builds included."""
    listed: frozenset[KubernetesVersion] = frozenset()
    """Every version that a region lists, on any plan, and previews."""

    @property
    def newest(self) -> MinorVersion | None:
        """N: the highest candidate minor on KubernetesOfficial; None if there is none."""
        highest = max(self.official.accepted, default=None)
        return highest.minor_version if highest is not None else None

    @property
    def soak_ends(self) -> list[datetime]:
        """The later moments at which a candidate has soaked, the earliest first."""
        rejections = (*self.official.rejected.values(), *self.long_term_support.rejected.values())
        return sorted({rejection.until for rejection in rejections if rejection.until is not None})

    def at(self, moment: datetime) -> Candidates:
        """The candidates at a later moment if nothing else is released."""
        return Candidates(self.official.at(moment), self.long_term_support.at(moment), self.listed)

    def without_soak(self) -> Candidates:
        """The candidates if nothing had to soak."""
        return self.at(_END_OF_TIME)

    def rejected_above(self, target: Target | None) -> tuple[RejectedCandidate, ...]:
        """Why each listed version above the target is not the target; all of them without one. The highest first."""
        rejected = (self.official if target is None or target.plan is _OFFICIAL else self.long_term_support).rejected
        lower_limit = target.kubernetes_version if target is not None else None
        above = (version for version in self.listed if lower_limit is None or version > lower_limit)
        return tuple(
            rejected.get(version) or _not_requested(version, target) for version in sorted(above, reverse=True)
        )


NO_CANDIDATES = Candidates()


def find_candidates(catalogs: Sequence[RegionCatalog], rule: Regions, soak: Soak) -> Candidates:
    """Filter what the regions offer.

    Args:
        catalogs: what each region of the scope offers. Nothing is accepted while one of them is unknown.
        rule: whether every region must offer a version (`common`), or one is enough (`any`).
        soak: how long a version must have been offered.
    """
    offers = {known.region: known.kubernetes for known in catalogs if not isinstance(known.kubernetes, Unknown)}
    unread = tuple(known.region for known in catalogs if known.region not in offers)
    listed = _NONE.union(*(minor.patches for offer in offers.values() for minor in offer.values()))
    standard = _offered_on(_OFFICIAL, offers)
    on_standard_plan = _NONE.union(*standard.values())
    filters = (
        _Filter(plan, offers, offered, on_standard_plan, unread, rule, soak)
        for plan, offered in ((_OFFICIAL, standard), (_LONG_TERM_SUPPORT, _offered_on(_LONG_TERM_SUPPORT, offers)))
    )
    official, long_term_support = (filter_.candidates(listed) for filter_ in filters)
    return Candidates(official, long_term_support, listed)


def _offered_on(plan: SupportPlan, offers: _Offers) -> Mapping[str, frozenset[KubernetesVersion]]:
    """What each region offers on the plan."""
    return {
        region: _NONE.union(*(minor.patches_on(plan) for minor in offer.values())) for region, offer in offers.items()
    }


def unread_regions(catalogs: Sequence[RegionCatalog]) -> Verdict | None:
    """The verdict if a region could not be read; None if all were read."""
    for known in catalogs:
        if isinstance(known.kubernetes, Unknown):
            sentence = f"What {known.region} offers could not be read: {known.kubernetes.why}."
            return Verdict(Outcome.BLOCKED, Reason.CATALOG_UNKNOWN, sentence)
    return None


@dataclass(frozen=True, slots=True)
class _Filter:
    """The filter for one support plan."""

    plan: SupportPlan
    offers: _Offers
    offered: Mapping[str, frozenset[KubernetesVersion]]
    """The versions on the plan, by region."""
    on_standard_plan: frozenset[KubernetesVersion]
    """The versions that some region offers on the standard plan."""
    unread: tuple[str, ...]
    rule: Regions
    soak: Soak

    def candidates(self, listed: frozenset[KubernetesVersion]) -> PlanCandidates:
        in_some_region = _NONE.union(*self.offered.values())
        usable = in_some_region
        if self.rule is Regions.COMMON and self.offered:
            usable = frozenset.intersection(*self.offered.values())
        rejected = {version: self._not_in_every_region(version) for version in in_some_region - usable}
        rejected |= {version: self._not_on_plan(version) for version in listed - in_some_region - self.on_standard_plan}
        if self.soak.is_in_force or self.unread:
            rejections = {version: self._soaking(version) or self._unread(version) for version in usable}
            rejected |= {version: found for version, found in rejections.items() if found is not None}
        return PlanCandidates(usable.difference(rejected), rejected)

    def _not_in_every_region(self, version: KubernetesVersion) -> RejectedCandidate:
        lacking = tuple(region for region, versions in self.offered.items() if version not in versions)
        return RejectedCandidate(version, CandidateReason.NOT_IN_EVERY_REGION, lacking)

    def _not_on_plan(self, version: KubernetesVersion) -> RejectedCandidate:
        minor = version.minor_version
        if any(offer[minor].is_preview for offer in self.offers.values() if minor in offer):
            return RejectedCandidate(version, CandidateReason.PREVIEW)
        if version.is_long_term_support_build:
            return RejectedCandidate(version, CandidateReason.LONG_TERM_SUPPORT_BUILD)
        return RejectedCandidate(version, CandidateReason.LONG_TERM_SUPPORT_PLAN_ONLY)

    def _soaking(self, version: KubernetesVersion) -> RejectedCandidate | None:
        if not self.soak.is_in_force:
            return None
        offering = tuple(region for region, versions in self.offered.items() if version in versions)
        ready = {region: self.soak.version_ready_at(region, version, self.plan) for region in offering}
        soaking = tuple(region for region in offering if ready[region] > self.soak.now)
        until = max(ready.values()) if self.rule is Regions.COMMON else min(ready.values())
        if until <= self.soak.now:
            return None
        return RejectedCandidate(version, CandidateReason.STILL_SOAKING, soaking, until)

    def _unread(self, version: KubernetesVersion) -> RejectedCandidate | None:
        return RejectedCandidate(version, CandidateReason.REGION_UNREADABLE, self.unread) if self.unread else None


def _not_requested(version: KubernetesVersion, target: Target | None) -> RejectedCandidate:
    towards = target.towards if target is not None else None
    is_later_step = towards is not None and version <= towards
    reason = CandidateReason.ONE_STEP_AT_A_TIME if is_later_step else CandidateReason.NOT_THE_CHANNELS_MINOR
    return RejectedCandidate(version, reason)
