"""The oracle: where every cluster must be at the end, worked out from the timeline and the world alone.

It shares no code with the app: it walks the facts in order and moves each cluster by the channel's rule, one minor at
a time, never back. Of regions it needs only that all of them have every fact at the end.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tools.demo.world import World, WorldMember, WorldProfile
from tools.releases import OFFICIAL, Catalog, Fact, ImageFact, Timeline, folder_of, numbers

_STANDARD_SUPPORT_MINORS = 2
_MAXIMUM_IMAGE_AGE = timedelta(days=90)


Version = tuple[int, ...]
"""A minor or a patch as integers."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A member's versions at the end; None where the demo does not fix them."""

    kubernetes_version: str
    node_images: dict[str, str] | None
    """By pool, if a NodeImage profile manages them, or none."""


def expect(world: World, timeline: Timeline, until: datetime) -> dict[str, Expectation]:
    """The expectation for each member there is by then, by its key; facts after `until` do not count."""
    facts = [fact for fact in timeline.facts if fact.at <= until]
    return {
        key: _expect_member(member, world, timeline, facts)
        for key, member in world.members.items()
        if member.joins is None or member.joins <= until
    }


def _expect_member(member: WorldMember, world: World, timeline: Timeline, facts: list[Fact]) -> Expectation:
    profiles = [
        profile for profile in world.profiles.values() if member.key in profile.members and not profile.disabled
    ]
    version: Version = numbers(member.kubernetes_version)
    for profile in profiles:
        version = max(version, _walk(member, profile, timeline, facts))
    follows_images = any(profile.channel == "NodeImage" for profile in profiles)
    images = None
    if follows_images:
        images = {
            pool: f"{family}-{_newest_image(family, timeline, facts)}" for pool, family in member.pool_families.items()
        }
    return Expectation(".".join(map(str, version)), images)


def _walk(member: WorldMember, profile: WorldProfile, timeline: Timeline, facts: list[Fact]) -> Version:
    version: Version = numbers(member.kubernetes_version)
    offers = Catalog(timeline)
    for at, together in itertools.groupby(facts, key=lambda fact: fact.at):
        if member.joins is not None and at >= member.joins:
            version = _move(version, _target(profile, offers))  # what was there when it joined
        for fact in together:
            offers.apply(fact)
        if member.joins is None or at >= member.joins:
            version = _move(version, _target(profile, offers))
    return _move(version, _target(profile, offers))


def _move(version: Version, target: Version | None) -> Version:
    if target is None or target <= version or target[1] - version[1] > 1:
        return version
    return target


def _target(profile: WorldProfile, offers: Catalog) -> Version | None:
    newest = _newest_patches(offers)
    if not newest:
        return None
    major, top = max(newest)
    if profile.channel == "Rapid":
        return newest[(major, top)]
    if profile.channel == "Stable":
        return newest.get((major, top - 1))
    if profile.channel == "TargetKubernetesVersion":
        wanted = numbers(profile.target_minor)
        return newest.get(wanted) if wanted[1] >= top - _STANDARD_SUPPORT_MINORS else None
    return None


def _newest_patches(offers: Catalog) -> dict[Version, Version]:
    """The highest patch of each minor on the standard support plan."""
    on_plan = ((minor.minor, minor.patches_for(OFFICIAL)) for minor in offers.minors())
    return {numbers(minor): numbers(patches[-1]) for minor, patches in on_plan if patches}


def _newest_image(family: str, timeline: Timeline, facts: Iterable[Fact]) -> str:
    """The newest image of the family that was not too old when it came out."""
    folder = folder_of(family, timeline.families)
    published = [fact for fact in facts if isinstance(fact, ImageFact) and fact.family == folder]
    at_start = timeline.state_at_start.node_images
    versions = {at_start[folder]} if folder in at_start else set()
    versions |= {
        fact.version
        for fact in published
        if fact.kind == "node_image" and fact.at.date() - image_date(fact.version) <= _MAXIMUM_IMAGE_AGE
    }
    versions -= {fact.version for fact in published if fact.kind == "node_image_withdrawn"}
    return max(versions, key=numbers)


def image_date(version: str) -> date:
    """The day in an image's version: `202607.09.0`, `2022.10.03` or `20348.5386.260715`."""
    first, second, third = version.split(".")
    if len(third) == len("260715"):
        return date(2000 + int(third[:2]), int(third[2:4]), int(third[4:]))
    if len(first) == len("202607"):
        return date(int(first[:4]), int(first[4:]), int(second))
    return date(int(first), int(second), int(third))
