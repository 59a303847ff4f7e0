"""A target choice: the target of a channel, or the verdict why there is none, with what it was chosen from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.facts import Facts
from shared.core.policies.policy import Policy
from shared.core.reasons import Notice, Outcome, Reason, Verdict
from shared.core.releases.soak import Soak
from shared.core.targets.candidates import NO_CANDIDATES, Candidates
from shared.core.targets.target import NOTHING_CONSIDERED, Considered, Target


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """The target of a channel, or the verdict why there is none."""

    target: Target | Verdict
    considered: Considered = NOTHING_CONSIDERED
    warnings: tuple[Notice, ...] = ()
    candidates: Candidates = NO_CANDIDATES
    """The versions that a step towards the target may use."""
    soaking: Verdict | None = None
    """The verdict for clusters that are all at the target while something newer soaks."""
    names_images: bool = False
    """Whether the run must name its images, because Fleet would select others."""
    unread_images: Mapping[str, str] = field(default_factory=dict)
    """The families of images that no target is chosen for, since they could not be read; each with a sentence."""


def soak_in_force(facts: Facts, policy: Policy) -> Soak:
    """The soak of a policy, with the releases that the facts know."""
    return Soak(policy.soak, facts.now, facts.first_seen)


def soaks(name: str, until: datetime) -> Verdict:
    """The verdict that the named target is used from a later moment on."""
    sentence = f"{name} would be next; by the soak it is used from {until:%Y-%m-%d %H:%M} UTC on."
    return Verdict(Outcome.WAITING, Reason.SOAKING, sentence, until)
