"""Builders of timelines and scenarios: everything has a default, so that a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.policies.sources import PolicySources, read_policies
from shared.core.reasons import Verdict
from tools.releases import Fact, ImageFact, MinorFact, MinorKind, PatchFact, Tier, Timeline, minor_of
from tools.replay.node_families import NodeFamily
from tools.replay.scenario import PROFILE, Scenario, region_names

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
    return PatchFact(at=moment(at), kind="patch", version=text, preview=preview)


def patch_removed(at: str, text: str) -> Fact:
    return PatchFact(at=moment(at), kind="patch_removed", version=text)


def minor_is(at: str, kind: MinorKind, text: str, tier: Tier = "standard") -> Fact:
    """The state of a minor changes."""
    return MinorFact(at=moment(at), kind=kind, version=text, tier=tier)


def ga(at: str, text: str) -> Fact:
    return minor_is(at, "minor_ga", text)


def image(at: str, text: str, family: str = UBUNTU) -> Fact:
    """An image is offered."""
    return ImageFact(at=moment(at), kind="node_image", family=family, version=text)


def image_withdrawn(at: str, text: str, family: str = UBUNTU) -> Fact:
    return ImageFact(at=moment(at), kind="node_image_withdrawn", family=family, version=text)


def a_timeline(
    *facts: Fact,
    ga_minors: Iterable[str] = ("1.29", "1.30"),
    patches: Iterable[str] = ("1.29.1", "1.30.1"),
    images: Mapping[str, str] | None = None,
    ends: str | None = None,
) -> Timeline:
    """A timeline from 2025 on, with two minors and one family at its start."""
    by_minor: dict[str, list[str]] = {}
    for text in patches:
        by_minor.setdefault(minor_of(text), []).append(text)
    state = {
        "ga_minors": [*ga_minors],
        "patches": by_minor,
        "node_images": {UBUNTU: "202412.20.0"} if images is None else {**images},
    }
    return Timeline.model_validate({"from": STARTS, "to": ends, "state_at_start": state, "facts": [*facts]})


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
