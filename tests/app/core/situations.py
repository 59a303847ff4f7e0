"""Situations: any fleet, any catalog, any policies, any earlier runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, product
from typing import Protocol, TypeVar

from shared.core.facts import Facts
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.fleet import FixedPool, Member, NodePool, UnsupportedCluster
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Absent, Unknown, Unparsed
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.reasons import Outcome
from shared.core.releases.releases import releases_of
from tests.app.builders import (
    BOTH_PLANS,
    FLEET,
    LTS_ONLY,
    NOW,
    OFFICIAL,
    UBUNTU,
    WINDOWS,
    a_catalog,
    a_cluster,
    a_member,
    a_pool,
    a_profile,
    a_run,
    a_strategy,
    facts,
    run_of,
    with_runs,
)

Value = TypeVar("Value")

REGIONS = ("westus2", "eastus", "westeurope")
GROUP, OTHER_GROUP = "in", "out"
NO_ANSWER = Unknown("it did not answer")
NO_IMAGES: tuple[Absent | Unknown, ...] = (NO_ANSWER, Absent())
IMAGES = {
    UBUNTU: ("202606.08.1", "202607.02.0", "202607.09.0", "202603.18.0"),
    WINDOWS: ("26100.32995.260610", "26100.33158.260715", "26100.7462.251212"),
}
POLICIES = {
    "regions": ("common", "any"),
    "soak": ("PT0S", "P7D", "P1D", "PT0S"),
    "freeze": ("none", "2027-01-01/2027-01-05", "2026-08-01/2026-08-10", "none", "none", "none"),
    "active-run": ("replace", "wait", "ignore"),
    "stopped-clusters": ("skip", "fail", "skip"),
    "busy-clusters": ("skip", "upgrade"),
    "busy-wait": ("PT6H", "PT0S", "P1D"),
    "catch-up": ("stepwise", "off"),
    "split": ("control-plane-first", "off"),
    "retry": ("3", "2", "0", "3"),
    "start": ("auto", "auto", "manual", "auto"),
    "generator": ("compose", "compose", "compose", "native", "compose", "compose", "compose", "compose"),
}
ALL_POLICIES = tuple(key for key in POLICIES if key != "retry")
CALM_POLICIES = ("regions", "active-run", "catch-up", "split")
ODD_TAGS = tuple((f"auto-upgrade.{key}", "soon") for key in ("other.soak", "sok", "other.sok", "soak"))
ODDITIES = (
    "stopped",
    "Failed",
    "Deleting",
    "Updating",
    "auto-provisioning",
    "auto-provisioning",
    "Leaving",
    "unread",
    "odd",
    "unsupported",
    "fixed",
)
OPERATING_SYSTEMS = ("", "Ubuntu", "Windows2019", "Ubuntu", "")


class Pick(Protocol):
    """Picks one of several values; the first is the plainest, and what a failure is reduced to."""

    def __call__(self, values: Sequence[Value], /) -> Value:
        """One of the values."""


def once_in(times: int) -> tuple[bool, ...]:
    """True once in so many times."""
    return tuple(number == times // 2 for number in range(times))


IS_BEHIND, SELDOM, RARELY, NEVER = once_in(4), once_in(6), once_in(30), (False,)
EITHER = (False, True)
MINORS = range(29, 35)
CURRENT_MINORS = (33, 32, 30, 31, 33)
"""Where most of the fleet is."""
DISTANCES = (0, 1, 0, 0, 3)
"""How many minors a member is behind that."""
PATCHES = (2, 5, 9, 10, 0, 1)
LISTED_PATCHES = [set(chosen) for number in (1, 2, 3) for chosen in combinations(PATCHES, number)]
OFFERS = [*product(LISTED_PATCHES, (100, None, 101), (BOTH_PLANS, LTS_ONLY, OFFICIAL))]
"""The patches that are listed of a minor, one that is for the LTS plan alone, and the plans."""
AGES = (30.0, 8.0, 2.0, 0.5, None)
STATES = (UpdateState.COMPLETED, UpdateState.FAILED, UpdateState.NOT_STARTED, UpdateState.FAILED, *UpdateState)
NATIVE_STATES = (UpdateState.RUNNING, UpdateState.PENDING, UpdateState.RUNNING, *UpdateState)
ENDS = (UpdateState.COMPLETED, UpdateState.COMPLETED, UpdateState.FAILED, UpdateState.SKIPPED)
COMPLETED_AT = (NOW - timedelta(days=2), None, NOW - timedelta(minutes=20))


def _images(pick: Pick) -> dict[str, str]:
    return {family: pick(versions) for family, versions in IMAGES.items()}


def _policies(pick: Pick, keys: Sequence[str]) -> dict[str, str]:
    """Of these keys, some; and always a retry, so that failed runs are not all left to a person."""
    return {"retry": pick(POLICIES["retry"]), **{key: pick(POLICIES[key]) for key in keys if pick(EITHER)}}


def _without_newest(listed: set[int]) -> set[int]:
    return listed - {max(listed)} if len(listed) > 1 else listed


def _minor(minor: int, listed: set[int], lts_patch: int | None, plans: frozenset[SupportPlan]) -> OfferedMinor:
    """A minor as most regions list it: 1.34 may be a preview, and only 1.31 and older are for the LTS plan."""
    is_old, is_newest = minor <= 31, minor == 34
    numbers = {*listed, lts_patch} if is_old and lts_patch is not None else listed
    return OfferedMinor(
        MinorVersion(1, minor),
        plans if is_old else OFFICIAL,
        is_newest and plans == LTS_ONLY,
        frozenset(KubernetesVersion(1, minor, number) for number in numbers),
    )


def _catalog(pick: Pick, odd: Sequence[bool]) -> Catalog:
    """All regions offer much the same; an odd one is behind, has something else, or does not answer."""
    common = [pick(OFFERS) for _ in MINORS]
    newest = _images(pick)
    found = []
    for name in REGIONS:
        is_odd = pick(odd)
        own = list(common)
        if pick(IS_BEHIND):
            own = [(_without_newest(listed), lts_patch, plans) for listed, lts_patch, plans in common]
        if is_odd and pick(EITHER):
            own[pick(range(6))] = pick(OFFERS)
        minors_here = {MinorVersion(1, 29 + number): _minor(29 + number, *offer) for number, offer in enumerate(own)}
        if is_odd and pick(EITHER):
            del minors_here[MinorVersion(1, pick(MINORS))]
        texts = _images(pick) if is_odd else newest
        node_images: dict[str, NodeImageVersion | Absent | Unknown] = {
            family: pick(NO_IMAGES) if is_odd and pick(RARELY) else NodeImageVersion.parse(text)
            for family, text in texts.items()
        }
        found.append(RegionCatalog(name, NO_ANSWER if is_odd and pick(SELDOM) else minors_here, node_images))
    return a_catalog(*found)


def _pool(pick: Pick, number: int, minor: int, patch: int) -> NodePool:
    family = pick(tuple(IMAGES))
    image = f"{family}-{pick(IMAGES[family])}"
    return a_pool(
        Unparsed(image) if pick(RARELY) else image,
        name=f"p{number}",
        version=f"1.{minor - pick(SELDOM)}.{patch}",
        from_snapshot=pick(RARELY),
        os_sku=pick(OPERATING_SYSTEMS) if pick(SELDOM) else "",
    )


def _member(pick: Pick, number: int, current_minor: int, odd: Sequence[bool]) -> Member:
    name, minor, patch = f"m{number}", current_minor - pick(DISTANCES), pick(PATCHES)
    oddity = pick(ODDITIES) if pick(odd) else ""
    group = OTHER_GROUP if pick(odd) else GROUP
    if oddity == "unread":
        return a_member(NO_ANSWER, name=name, group=group)
    if oddity == "unsupported":
        return a_member(UnsupportedCluster("microsoft.kubernetes/connectedclusters"), name=name, group=group)
    cluster = a_cluster(
        Unparsed("odd") if oddity == "odd" else f"1.{minor}.{patch}",
        name=name,
        region=pick(REGIONS),
        plan=pick((SupportPlan.AKS_LONG_TERM_SUPPORT, SupportPlan.KUBERNETES_OFFICIAL)),
        stopped=oddity == "stopped",
        provisioning_state=oddity if oddity in {"Failed", "Deleting"} else "Succeeded",
        fixed_pools=[FixedPool("machines", "Machines")] if oddity == "fixed" else (),
        auto_provisioning=oddity == "auto-provisioning",
        upgrade_channel="stable" if pick(odd) else "",
        windows=() if pick(odd) else None,
        pools=[_pool(pick, index, minor, patch) for index in range(pick((1, 2)))],
    )
    return a_member(cluster, name=name, group=group, state="Leaving" if oddity == "Leaving" else "Succeeded")


def _profile(pick: Pick, current_minor: int) -> Profile:
    channel = pick((Channel.RAPID, Channel.TARGET_KUBERNETES_VERSION, *Channel))
    is_named = channel is Channel.TARGET_KUBERNETES_VERSION
    selections = (None, NodeImageSelection.LATEST, NodeImageSelection.CONSISTENT)
    return a_profile(
        channel,
        target=f"1.{current_minor + pick((0, 1, -1, 2))}" if is_named else None,
        long_term_support=is_named and not pick(SELDOM),
        selection=None if channel is Channel.NODE_IMAGE else pick(selections),
        strategy=pick((None, "strategy")),
    )


def _ages(pick: Pick) -> list[float | None]:
    return [pick(AGES) for _ in range(pick(range(1, 5)))]


def _first_seen(region: RegionCatalog, days_ago: list[float | None]) -> Mapping[str, datetime]:
    keys = sorted(release.key for release in releases_of(region))
    return {
        key: NOW - timedelta(days=days)
        for index, key in enumerate(keys)
        if (days := days_ago[index % len(days_ago)]) is not None
    }


def _fresh_situation(pick: Pick) -> Facts:
    """Without any update run; every other one is calm, so that upgrades are due and nothing holds them back."""
    odd, keys = (NEVER, CALM_POLICIES) if pick(EITHER) else (SELDOM, ALL_POLICIES)
    catalog = _catalog(pick, odd)
    current_minor = pick(CURRENT_MINORS)
    return facts(
        _profile(pick, current_minor),
        [_member(pick, number, current_minor, odd) for number in range(pick(range(1, 6)))],
        catalog,
        strategies=[a_strategy(GROUP)],
        other_profiles=[a_profile(name="other")],
        policy=_policies(pick, keys),
        tags=dict([pick(ODD_TAGS)]) if pick(odd) else {},
        first_seen={region.region: _first_seen(region, _ages(pick)) for region in catalog.regions.values()},
        waiting_since=NOW - timedelta(hours=pick((1, 8))) if pick(odd) else None,
        on_demand=pick(tuple(Intent)) if pick(odd) else None,
        is_preview=True,  # so that a strategy without members is an empty scope; test_scope.py has the other
    )


def a_situation(pick: Pick) -> Facts:
    """With a native run, runs by others, and a chain of our own runs for what was asked for, each in some state."""
    given = _fresh_situation(pick)
    wanted = decide(given).specification
    if wanted is not None and pick(SELDOM):
        alike = [replace(run_of(wanted, pick(STATES)), id=FLEET.child("updateRuns", name)) for name in ("a", "b")]
        given = with_runs(given, *alike)
    if pick(once_in(3)):
        native = a_run("native", pick(NATIVE_STATES), version="1.28.1", profile=given.profile)
        given = with_runs(given, *given.fleet.update_runs, native)
    for _ in range(pick((1, 2, 0, 1))):
        decision = decide(given)
        if decision.outcome is not Outcome.GENERATE or decision.specification is None:
            break
        completed_at = pick(COMPLETED_AT)
        in_run = {member.name: pick(ENDS) for member in given.fleet.members if not pick(SELDOM)}
        state = UpdateState.FAILED if pick(SELDOM) else pick(STATES)
        run = run_of(decision.specification, state, members=in_run, completed_at=completed_at)
        record = RunRecord(
            pick((Intent.UPGRADE, Intent.UPGRADE, Intent.REVIEW)),
            frozenset(decision.members_to_skip),
            pick((0, 1, 0, 2)),
            pick((None, completed_at)),
            generated=run.name if decision.specification.channel is Channel.SECURITY_PATCH else "",
        )
        records = {**given.run_records, run.name: record}
        given = replace(with_runs(given, *given.fleet.update_runs, run, records=records))
    return given
