"""Why the versions above a target are not the target: what an administrator asks first when nothing happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.unknown import Unknown
from shared.core.policies.policy import Regions
from shared.core.reasons import CandidateReason
from shared.core.releases.soak import Soak
from shared.core.targets.target import Considered, PassedOver, Target

_Offers = Mapping[str, Mapping[MinorVersion, OfferedMinor]]
_Why = tuple[CandidateReason, str]


def consider_versions(
    catalog: Catalog, regions: Sequence[str], rule: Regions, soak: Soak, target: Target | None
) -> Considered:
    """What the regions offer, and why each version above the target was passed over; all of them without a target."""
    catalogs = tuple(catalog.of(region) for region in regions)
    offers = {known.region: known.kubernetes for known in catalogs if not isinstance(known.kubernetes, Unknown)}
    above = {
        patch
        for offer in offers.values()
        for minor in offer.values()
        for patch in minor.patches
        if target is None or target.kubernetes_version is None or patch > target.kubernetes_version
    }
    judge = _Judge(catalogs, offers, rule, soak, target)
    return Considered(
        regions=catalogs,
        passed_over=tuple(PassedOver(str(version), *judge.why_not(version)) for version in sorted(above, reverse=True)),
    )


@dataclass(frozen=True, slots=True)
class _Judge:
    catalogs: Sequence[RegionCatalog]
    offers: _Offers
    rule: Regions
    soak: Soak
    target: Target | None

    def why_not(self, version: KubernetesVersion) -> _Why:
        plan = self.target.plan if self.target is not None else SupportPlan.KUBERNETES_OFFICIAL
        offering = [known.region for known in self.catalogs if known.offers(version, plan)]
        if not offering:
            return self._not_offered(version)
        lacking = [region for region in self.offers if region not in offering]
        if lacking and self.rule is Regions.COMMON:
            return CandidateReason.NOT_IN_EVERY_REGION, f"Not offered yet in {', '.join(lacking)}."
        ready = {region: self.soak.version_ready_at(region, version, plan) for region in offering}
        soaking = [region for region in offering if self.soak.is_in_force and ready[region] > self.soak.now]
        if soaking and (self.rule is Regions.COMMON or len(soaking) == len(offering)):
            last = max(ready[region] for region in soaking)
            return CandidateReason.STILL_SOAKING, f"Soaks in {', '.join(soaking)}, until {last:%Y-%m-%d %H:%M} UTC."
        unread = [known.region for known in self.catalogs if known.region not in self.offers]
        if unread:
            return CandidateReason.REGION_UNREADABLE, f"Could not be asked of {', '.join(unread)}."
        return self._not_asked_for(version)

    def _not_offered(self, version: KubernetesVersion) -> _Why:
        listed = [offer[version.minor_version] for offer in self.offers.values() if version.minor_version in offer]
        if any(version in minor.patches_on(SupportPlan.KUBERNETES_OFFICIAL) for minor in listed):
            return self._not_asked_for(version)  # by a target for the LTS plan, which does not offer it
        if any(minor.is_preview for minor in listed):
            return CandidateReason.PREVIEW, f"{version.minor_version} is a preview."
        if version.is_long_term_support_build:
            return CandidateReason.LONG_TERM_SUPPORT_BUILD, "A build for clusters on the LTS plan."
        return (
            CandidateReason.LONG_TERM_SUPPORT_PLAN_ONLY,
            f"{version.minor_version} is offered on the LTS plan only.",
        )

    def _not_asked_for(self, version: KubernetesVersion) -> _Why:
        towards = self.target.towards if self.target is not None else None
        if towards is not None and version <= towards:
            return CandidateReason.ONE_STEP_AT_A_TIME, "It comes after this step: one minor at a time."
        return CandidateReason.NOT_THE_CHANNELS_MINOR, f"The channel does not ask for {version.minor_version}."
