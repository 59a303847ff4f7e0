"""Candidates: the versions that the regions of a scope offer, per support plan, and N."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.core.model.catalog import Catalog, OfferedMinor, SupportPlan
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.unknown import Unknown
from shared.core.policies.policy import Regions
from shared.core.reasons import Outcome, Reason, Verdict
from shared.core.releases.soak import Soak

_Offers = tuple[tuple[str, Mapping[MinorVersion, OfferedMinor]], ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The highest usable patch of each minor."""

    official: Mapping[MinorVersion, KubernetesVersion]
    """On the plan every cluster has, KubernetesOfficial."""
    long_term_support: Mapping[MinorVersion, KubernetesVersion]
    """On the LTS plan, LTS builds counted."""

    @property
    def newest(self) -> MinorVersion | None:
        """N: the highest candidate minor on KubernetesOfficial; None if there is none."""
        return max(self.official, default=None)


NO_CANDIDATES = Candidates({}, {})


def find_candidates(catalog: Catalog, regions: Iterable[str], rule: Regions, soak: Soak) -> Candidates | Verdict:
    """What the regions offer: each of them (`common`) or at least one (`any`); refused if one could not be read."""
    offers: list[tuple[str, Mapping[MinorVersion, OfferedMinor]]] = []
    for region in regions:
        kubernetes = catalog.of(region).kubernetes
        if isinstance(kubernetes, Unknown):
            return Verdict(
                Outcome.BLOCKED,
                Reason.CATALOG_UNKNOWN,
                f"What {region} offers could not be read: {kubernetes.why}.",
            )
        offers.append((region, kubernetes))
    if not offers:
        sentence = "None of the profile's clusters could be read, so it is not known which regions to ask."
        return Verdict(Outcome.BLOCKED, Reason.CATALOG_UNKNOWN, sentence)
    seen = tuple(offers)
    return Candidates(
        official=_highest(seen, SupportPlan.KUBERNETES_OFFICIAL, rule, soak),
        long_term_support=_highest(seen, SupportPlan.AKS_LONG_TERM_SUPPORT, rule, soak),
    )


def _highest(offers: _Offers, plan: SupportPlan, rule: Regions, soak: Soak) -> dict[MinorVersion, KubernetesVersion]:
    highest: dict[MinorVersion, KubernetesVersion] = {}
    for minor in {minor for _, offer in offers for minor in offer}:
        listed = [
            soak.soaked_versions(region, offer[minor].patches_on(plan), plan)
            if minor in offer
            else frozenset[KubernetesVersion]()
            for region, offer in offers
        ]
        usable = frozenset.intersection(*listed) if rule is Regions.COMMON else frozenset.union(*listed)
        if usable:
            highest[minor] = max(usable)
    return highest


def no_common_version() -> Verdict:
    """No minor is generally available, on the standard plan, in the regions of the scope."""
    return Verdict(
        Outcome.BLOCKED,
        Reason.NO_COMMON_VERSION,
        "The regions of the profile's clusters have no generally available Kubernetes version in common.",
    )
