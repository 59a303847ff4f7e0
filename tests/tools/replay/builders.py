"""Builders of timelines and scenarios: everything has a default, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from shared.core.decision import Verdict
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.policies.sources import PolicySources, read_policies
from tools.replay.node_families import NodeFamily
from tools.replay.scenario import PROFILE, Scenario, region_names
from tools.replay.timeline import Fact, ImageFact, ImageKind, MinorFact, MinorKind, PatchFact, PatchKind, Tier, Timeline

STARTS = "2025-01-01"
UBUNTU = "AKSUbuntu-2204"


def moment(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def version(text: str) -> KubernetesVersion:
    return KubernetesVersion.parse(text)


def minor(text: str) -> MinorVersion:
    return MinorVersion.parse(text)


def patch(at: str, text: str, *, preview: bool = False) -> Fact:
    """A patch is offered."""
    return PatchFact(moment(at), PatchKind.OFFERED, version(text), is_preview=preview)


def patch_removed(at: str, text: str) -> Fact:
    return PatchFact(moment(at), PatchKind.REMOVED, version(text))


def minor_is(at: str, kind: MinorKind, text: str, tier: Tier = Tier.STANDARD) -> Fact:
    """The state of a minor changes."""
    return MinorFact(moment(at), kind, minor(text), tier)


def ga(at: str, text: str) -> Fact:
    return minor_is(at, MinorKind.GENERALLY_AVAILABLE, text)


def image(at: str, text: str, family: str = UBUNTU) -> Fact:
    """An image is offered."""
    return ImageFact(moment(at), ImageKind.OFFERED, family, NodeImageVersion.parse(text))


def image_withdrawn(at: str, text: str, family: str = UBUNTU) -> Fact:
    return ImageFact(moment(at), ImageKind.WITHDRAWN, family, NodeImageVersion.parse(text))


def a_timeline(
    *facts: Fact,
    ga_minors: Iterable[str] = ("1.29", "1.30"),
    patches: Iterable[str] = ("1.29.1", "1.30.1"),
    images: Mapping[str, str] | None = None,
    ends: str | None = None,
) -> Timeline:
    """A timeline from 2025 on, with two minors and one family at its start."""
    at_start = {UBUNTU: "202412.20.0"} if images is None else images
    return Timeline(
        starts=moment(STARTS),
        ends=moment(ends) if ends is not None else None,
        ga_minors=tuple(minor(text) for text in ga_minors),
        patches=tuple(version(text) for text in patches),
        node_images={family: NodeImageVersion.parse(text) for family, text in at_start.items()},
        facts=tuple(sorted(facts, key=lambda fact: fact.at)),
    )


def a_scenario(
    channel: Channel = Channel.RAPID,
    *,
    regions: int = 1,
    rollout_days: int = 10,
    policies: Mapping[str, str] | None = None,
    selection: NodeImageSelection | None = None,
    target: str | None = None,
    long_term_support: bool = False,
    start: str | None = None,
    families: Mapping[str, str] | None = None,
) -> Scenario:
    """A scenario; families by name, with the folder each belongs to."""
    sources = PolicySources(overrides=policies or {})
    read = read_policies({}, PROFILE.name, sources)
    assert not isinstance(read, Verdict), read
    profile = Profile(
        id=PROFILE,
        channel=channel,
        node_image_selection=selection,
        target_kubernetes_version=minor(target) if target is not None else None,
        long_term_support=long_term_support,
    )
    return Scenario(
        profile=profile,
        policy_sources=sources,
        policies=read,
        regions=region_names(regions),
        rollout_days=rollout_days,
        families=tuple(NodeFamily(*pair) for pair in ({UBUNTU: UBUNTU} if families is None else families).items()),
        start_version=version(start) if start is not None else None,
    )
