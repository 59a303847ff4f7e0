"""The oracle: where every cluster must be at the end, worked out from the timeline and the world alone.

It shares nothing with the engine: it walks the facts in order and moves each cluster by the channel's rule, one minor
at a time, never back. Regions come into it only in that all of them have every fact at the end.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.demo.timeline import Fact, Offers, Patch, Timeline, image_date, minor, patch
from tools.demo.world import World, WorldMember, WorldProfile

_STANDARD_SUPPORT_MINORS = 2
_MAXIMUM_IMAGE_AGE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A member's versions at the end; None where the demo does not fix them."""

    kubernetes_version: str
    node_images: dict[str, str] | None
    """By pool, if a NodeImage profile looks after them or nobody does."""


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
    version = patch(member.kubernetes_version)
    for profile in profiles:
        version = max(version, _walk(member, profile, timeline, facts))
    follows_images = any(profile.channel == "NodeImage" for profile in profiles)
    images = None
    if follows_images:
        images = {
            pool: f"{family}-{_newest_image(family, timeline, facts)}" for pool, family in member.pool_families.items()
        }
    return Expectation(".".join(map(str, version)), images)


def _walk(member: WorldMember, profile: WorldProfile, timeline: Timeline, facts: list[Fact]) -> Patch:
    version = patch(member.kubernetes_version)
    offers = Offers(set(timeline.ga_minors), set(timeline.patches))
    for at, together in itertools.groupby(facts, key=lambda fact: fact.at):
        if member.joins is not None and at >= member.joins:
            version = _move(version, _target(profile, offers))  # what was there when it joined
        for fact in together:
            offers.apply(fact)
        if member.joins is None or at >= member.joins:
            version = _move(version, _target(profile, offers))
    return _move(version, _target(profile, offers))


def _move(version: Patch, target: Patch | None) -> Patch:
    if target is None or target <= version or target[1] - version[1] > 1:
        return version
    return target


def _target(profile: WorldProfile, offers: Offers) -> Patch | None:
    newest = offers.newest_patches()
    if not newest:
        return None
    major, top = max(newest)
    if profile.channel == "Rapid":
        return newest[(major, top)]
    if profile.channel == "Stable":
        return newest.get((major, top - 1))
    if profile.channel == "TargetKubernetesVersion":
        wanted = minor(profile.target_minor)
        return newest.get(wanted) if wanted[1] >= top - _STANDARD_SUPPORT_MINORS else None
    return None


def _newest_image(family: str, timeline: Timeline, facts: Iterable[Fact]) -> str:
    """The newest image of the family that was not too old when it came out."""
    folder = max((name for name in _folders(timeline) if family.startswith(name)), key=len)
    versions = [timeline.node_images[folder]] if folder in timeline.node_images else []
    versions += [
        fact.version
        for fact in facts
        if fact.kind == "node_image"
        and fact.family == folder
        and fact.at.date() - image_date(fact.version) <= _MAXIMUM_IMAGE_AGE
    ]
    withdrawn = {fact.version for fact in facts if fact.kind == "node_image_withdrawn" and fact.family == folder}
    usable = [version for version in versions if version not in withdrawn]
    return max(usable, key=lambda version: [int(part) for part in version.split(".")])


def _folders(timeline: Timeline) -> set[str]:
    return {*timeline.node_images, *(fact.family for fact in timeline.facts if fact.family)}
