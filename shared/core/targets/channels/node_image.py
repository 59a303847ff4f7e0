"""NodeImage: per family, the newest node image that every region with such a pool offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.core.facts import Facts
from shared.core.model.profile import NodeImageSelection
from shared.core.model.update_run import UpgradeType
from shared.core.policies.policy import Policy
from shared.core.reasons import DecisionWarning, Notice, Verdict
from shared.core.scope import Scope
from shared.core.targets.choice import TargetChoice, soak_in_force, soaks
from shared.core.targets.node_images import NodeImageCandidates, find_node_images
from shared.core.targets.target import Considered, Target


@dataclass(frozen=True, slots=True)
class NodeImageChannel:
    """The channel whose runs upgrade node images alone, to the same ones in every region."""

    upgrade_type: ClassVar[UpgradeType] = UpgradeType.NODE_IMAGE_ONLY
    prescribed_selection: ClassVar[NodeImageSelection | None] = NodeImageSelection.CONSISTENT

    def choose(self, facts: Facts, scope: Scope, policy: Policy) -> TargetChoice:
        """The images that the channel asks for."""
        catalogs = tuple(facts.catalog.of(region) for region in scope.regions)
        found = find_node_images(scope.clusters, facts.catalog, soak_in_force(facts, policy))
        return TargetChoice(
            target=Target(node_images=found.accepted),
            considered=Considered(catalogs, found.rejected),
            warnings=_age_warnings(found),
            soaking=_soaking(found),
            names_images=bool(found.soaking),  # Fleet knows no soak, and would select what still soaks
            unread_images=found.unread,
        )


def _age_warnings(found: NodeImageCandidates) -> tuple[Notice, ...]:
    return tuple(
        Notice(DecisionWarning.NODE_IMAGE_TOO_OLD, f"{image} is older than 90 days and no target.")
        for image in found.too_old
    )


def _soaking(found: NodeImageCandidates) -> Verdict | None:
    ends = [rejection.until for rejection in found.soaking if rejection.until is not None]
    return soaks(", ".join(rejection.name for rejection in found.soaking), max(ends)) if ends else None


NODE_IMAGE = NodeImageChannel()
