"""What the channels for Kubernetes versions share: the candidates, their soak, and how runs select node images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from shared.core.facts import Facts
from shared.core.model.profile import NodeImageSelection, Profile
from shared.core.model.update_run import UpgradeType
from shared.core.policies.policy import Policy
from shared.core.reasons import Outcome, Reason, Verdict
from shared.core.scope import Scope
from shared.core.targets.candidates import Candidates, find_candidates, unread_regions
from shared.core.targets.choice import TargetChoice, soak_in_force, soaks
from shared.core.targets.target import Considered, Target

VersionRule = Callable[[Profile, Candidates], Target | Verdict]
"""The target among the candidates, or the verdict why there is none."""

NO_COMMON_VERSION = Verdict(
    Outcome.BLOCKED,
    Reason.NO_COMMON_VERSION,
    "The regions of the profile's clusters have no generally available Kubernetes version in common.",
)
"""The verdict of every Kubernetes channel where N does not exist."""


@dataclass(frozen=True, slots=True)
class KubernetesChannel:
    """A channel whose runs upgrade Kubernetes, and node images as the profile says."""

    upgrade_type: ClassVar[UpgradeType] = UpgradeType.FULL
    prescribed_selection: ClassVar[NodeImageSelection | None] = None

    choose_version: VersionRule

    def choose(self, facts: Facts, scope: Scope, policy: Policy) -> TargetChoice:
        """The version that the channel asks for."""
        catalogs = tuple(facts.catalog.of(region) for region in scope.regions)
        candidates = find_candidates(catalogs, policy.regions, soak_in_force(facts, policy))
        unread = unread_regions(catalogs)
        if unread is not None:
            return TargetChoice(unread, Considered(catalogs, candidates.rejected_above(None)))
        target = self.choose_version(facts.profile, candidates)
        chosen = target if isinstance(target, Target) else None
        soaking = self._soaking(facts.profile, candidates, chosen)
        return TargetChoice(
            target=soaking if soaking is not None and chosen is None else target,
            considered=Considered(catalogs, candidates.rejected_above(chosen)),
            candidates=candidates,
            soaking=soaking,
        )

    def _soaking(self, profile: Profile, candidates: Candidates, chosen: Target | None) -> Verdict | None:
        """The verdict on what the target would be without the soak; None if that is the target anyway."""
        ends = candidates.soak_ends
        target = self.choose_version(profile, candidates.without_soak()) if ends else chosen
        if not isinstance(target, Target) or target == chosen:
            return None
        until = next(end for end in ends if self.choose_version(profile, candidates.at(end)) == target)
        return soaks(str(target), until)
