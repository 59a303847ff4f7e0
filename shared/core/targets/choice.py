"""What the profile's channel asks for, from what the regions of its scope offer, and how that came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.core.facts import Facts
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unparsed
from shared.core.policies.policy import Policy
from shared.core.reasons import DecisionWarning, Notice, Outcome, Reason, Verdict
from shared.core.releases.soak import Soak
from shared.core.scope import Scope
from shared.core.targets.candidates import NO_CANDIDATES, Candidates, find_candidates
from shared.core.targets.channels import choose_version
from shared.core.targets.considered_images import consider_images
from shared.core.targets.considered_versions import consider_versions
from shared.core.targets.node_image_choice import NodeImageChoice, choose_node_images
from shared.core.targets.target import NOTHING_CONSIDERED, Considered, Target
from shared.errors import InternalError


@dataclass(frozen=True, slots=True)
class Choice:
    """The target, or why there is none."""

    target: Target | Verdict
    considered: Considered = NOTHING_CONSIDERED
    warnings: tuple[Notice, ...] = ()
    candidates: Candidates = NO_CANDIDATES
    """The versions a step towards the target may use."""
    soaking: Verdict | None = None
    """What to say when nothing is due, but only because something newer still soaks."""
    names_images: bool = False
    """Whether the run has to name its images, because Fleet would pick others."""


def soak_in_force(facts: Facts, policy: Policy) -> Soak:
    """The soak that a policy asks for, on what is known of the releases."""
    return Soak(policy.soak, facts.now, facts.first_seen)


def choose_target(facts: Facts, scope: Scope, policy: Policy) -> Choice:
    """What the channel asks for.

    Raises:
        InternalError: the profile was not validated first.
    """
    channel = facts.profile.channel
    if isinstance(channel, Unparsed):
        raise InternalError(f"profile {facts.profile.id} was not validated before its channel was asked")
    soak = soak_in_force(facts, policy)
    if channel is Channel.NODE_IMAGE:
        return _choose_images(facts, scope, soak)
    return _choose_version(facts, channel, scope, policy, soak)


def _choose_version(facts: Facts, channel: Channel, scope: Scope, policy: Policy, soak: Soak) -> Choice:
    candidates = find_candidates(facts.catalog, scope.regions, policy.regions, soak)
    if isinstance(candidates, Verdict):
        return Choice(candidates, consider_versions(facts.catalog, scope.regions, policy.regions, soak, None))
    target = choose_version(channel, facts.profile, candidates)
    chosen = target if isinstance(target, Target) else None
    soaking = _soaking_version(facts, channel, scope, policy, soak, chosen) if soak.is_in_force else None
    return Choice(
        target=soaking if soaking is not None and chosen is None else target,
        considered=consider_versions(facts.catalog, scope.regions, policy.regions, soak, chosen),
        candidates=candidates,
        soaking=soaking,
    )


def _soaking_version(
    facts: Facts, channel: Channel, scope: Scope, policy: Policy, soak: Soak, chosen: Target | None
) -> Verdict | None:
    """What would be the target without the soak, if it is another one."""

    def asked_for(soak: Soak) -> Target | Verdict:
        candidates = find_candidates(facts.catalog, scope.regions, policy.regions, soak)
        return candidates if isinstance(candidates, Verdict) else choose_version(channel, facts.profile, candidates)

    target = asked_for(soak.without_waiting())
    if isinstance(target, Verdict) or target == chosen:
        return None
    until = next(moment for moment in soak.turning_points(scope.regions) if asked_for(soak.as_of(moment)) == target)
    return _soaks(str(target), until)


def _choose_images(facts: Facts, scope: Scope, soak: Soak) -> Choice:
    images = choose_node_images(scope.clusters, facts.catalog, soak)
    if isinstance(images, Verdict):
        return Choice(images, consider_images(scope.clusters, scope.regions, facts.catalog, None))
    return Choice(
        target=Target(node_images=images.images),
        considered=consider_images(scope.clusters, scope.regions, facts.catalog, images),
        warnings=_age_warnings(images),
        soaking=_soaking_images(facts, images, scope, soak),
        names_images=images.differs_from_fleets,
    )


def _age_warnings(choice: NodeImageChoice) -> tuple[Notice, ...]:
    return tuple(
        Notice(DecisionWarning.NODE_IMAGE_TOO_OLD, f"{image} is older than 90 days and no target.")
        for image in choice.too_old
    )


def _soaking_images(facts: Facts, choice: NodeImageChoice, scope: Scope, soak: Soak) -> Verdict | None:
    if not choice.soaking:
        return None

    def chosen(soak: Soak) -> NodeImageChoice | Verdict:
        return choose_node_images(scope.clusters, facts.catalog, soak)

    wanted = chosen(soak.without_waiting())
    until = next(moment for moment in soak.turning_points(scope.regions) if chosen(soak.as_of(moment)) == wanted)
    return _soaks(", ".join(str(image) for image in choice.soaking), until)


def _soaks(what: str, until: datetime) -> Verdict:
    sentence = f"{what} would be next; by the soak it is used from {until:%Y-%m-%d %H:%M} UTC on."
    return Verdict(Outcome.WAITING, Reason.SOAKING, sentence)
