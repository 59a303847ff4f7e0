"""Random situations: any fleet, any catalog, any policies, and whatever runs came before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, product

from hypothesis import strategies as st

from shared.core.facts import Facts
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.fleet import Member, NodePool
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown, Unparsed
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

REGIONS = ("westus2", "eastus", "westeurope")
GROUP, OTHER_GROUP = "in", "out"
NO_ANSWER = Unknown("it did not answer")
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
    "catch-up": ("stepwise", "off"),
    "split": ("control-plane-first", "off"),
    "retry": ("3", "2", "0", "3"),
    "start": ("auto", "auto", "manual", "auto"),
    "generator": ("compose", "compose", "compose", "native", "compose", "compose", "compose", "compose"),
}
ALL_POLICIES = tuple(key for key in POLICIES if key != "retry")
CALM_POLICIES = ("regions", "active-run", "catch-up", "split")
ODD_TAGS = tuple((f"auto-upgrade.{key}", "soon") for key in ("other.soak", "sok", "other.sok", "soak"))
ODDITIES = ("stopped", "Failed", "Deleting", "auto-provisioning", "auto-provisioning", "Leaving", "unread", "odd")


def once_in(times: int) -> st.SearchStrategy[bool]:
    return st.sampled_from([number == times // 2 for number in range(times)])


is_behind, seldom, rarely, never = once_in(4), once_in(6), once_in(30), st.just(value=False)
minors = st.integers(29, 34)
current_minors = st.sampled_from([33, 32, 30, 31, 33])
"""Where most of the fleet is."""
distances = st.sampled_from([0, 1, 0, 0, 3])
"""How many minors a member is behind that."""
PATCHES = (2, 5, 9, 10, 0, 1)
patches = st.sampled_from(PATCHES)
listed_patches = [set(chosen) for number in (1, 2, 3) for chosen in combinations(PATCHES, number)]
an_offer = st.sampled_from([*product(listed_patches, (100, None, 101), (BOTH_PLANS, LTS_ONLY, OFFICIAL))])
"""The patches that are listed, one that is for the LTS plan alone, and the plans; one choice, as many take long."""
offers = st.tuples(*[an_offer] * 6)
"""What is on offer of the minors from 1.29 to 1.34."""
images = st.fixed_dictionaries({family: st.sampled_from(versions) for family, versions in IMAGES.items()})
ages = st.lists(st.sampled_from([30.0, 8.0, 2.0, 0.5, None]), min_size=1, max_size=4)
states = st.sampled_from(
    [UpdateState.COMPLETED, UpdateState.FAILED, UpdateState.NOT_STARTED, UpdateState.FAILED, *UpdateState]
)
native_states = st.sampled_from([UpdateState.RUNNING, UpdateState.PENDING, UpdateState.RUNNING, *UpdateState])
ends = st.sampled_from([UpdateState.COMPLETED, UpdateState.COMPLETED, UpdateState.FAILED, UpdateState.SKIPPED])


def policies(*keys: str) -> st.SearchStrategy[dict[str, str]]:
    """Of these keys, some; and always a retry, so that failed runs are not all left to a person."""
    by_key = {key: st.sampled_from(POLICIES[key]) for key in keys}
    return st.fixed_dictionaries({"retry": st.sampled_from(POLICIES["retry"])}, optional=by_key)


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


@st.composite
def catalogs(draw: st.DrawFn, odd: st.SearchStrategy[bool]) -> Catalog:
    """All regions offer much the same; an odd one is behind, has something else, or does not answer."""
    common = draw(offers)
    newest = draw(images)
    found = []
    for name in REGIONS:
        is_odd = draw(odd)
        own = list(common)
        if draw(is_behind):
            own = [(_without_newest(listed), lts_patch, plans) for listed, lts_patch, plans in common]
        if is_odd and draw(st.booleans()):
            own[draw(st.integers(0, 5))] = draw(an_offer)
        minors_here = {MinorVersion(1, 29 + number): _minor(29 + number, *offer) for number, offer in enumerate(own)}
        if is_odd and draw(st.booleans()):
            del minors_here[MinorVersion(1, draw(minors))]
        texts = draw(images) if is_odd else newest
        node_images: dict[str, NodeImageVersion | Unknown] = {
            family: NO_ANSWER if is_odd and draw(rarely) else NodeImageVersion.parse(text)
            for family, text in texts.items()
        }
        found.append(RegionCatalog(name, NO_ANSWER if is_odd and draw(seldom) else minors_here, node_images))
    return a_catalog(*found)


@st.composite
def pools(draw: st.DrawFn, number: int, minor: int, patch: int) -> NodePool:
    family = draw(st.sampled_from(list(IMAGES)))
    image = f"{family}-{draw(st.sampled_from(IMAGES[family]))}"
    return a_pool(
        Unparsed(image) if draw(rarely) else image,
        name=f"p{number}",
        version=f"1.{minor - draw(seldom)}.{patch}",
        from_snapshot=draw(rarely),
    )


@st.composite
def members(draw: st.DrawFn, number: int, current_minor: int, odd: st.SearchStrategy[bool]) -> Member:
    name, minor, patch = f"m{number}", current_minor - draw(distances), draw(patches)
    oddity = draw(st.sampled_from(ODDITIES)) if draw(odd) else ""
    group = OTHER_GROUP if draw(odd) else GROUP
    if oddity == "unread":
        return a_member(NO_ANSWER, name=name, group=group)
    cluster = a_cluster(
        Unparsed("odd") if oddity == "odd" else f"1.{minor}.{patch}",
        name=name,
        region=draw(st.sampled_from(REGIONS)),
        plan=draw(st.sampled_from([SupportPlan.AKS_LONG_TERM_SUPPORT, SupportPlan.KUBERNETES_OFFICIAL])),
        stopped=oddity == "stopped",
        provisioning_state=oddity if oddity in {"Failed", "Deleting"} else "Succeeded",
        auto_provisioning=oddity == "auto-provisioning",
        upgrade_channel="stable" if draw(odd) else "",
        windows=() if draw(odd) else None,
        pools=[draw(pools(index, minor, patch)) for index in range(draw(st.integers(1, 2)))],
    )
    return a_member(cluster, name=name, group=group, state="Leaving" if oddity == "Leaving" else "Succeeded")


@st.composite
def profiles(draw: st.DrawFn, current_minor: int) -> Profile:
    channel = draw(st.sampled_from([Channel.RAPID, Channel.TARGET_KUBERNETES_VERSION, *Channel]))
    is_named = channel is Channel.TARGET_KUBERNETES_VERSION
    selections = (None, NodeImageSelection.LATEST, NodeImageSelection.CONSISTENT)
    return a_profile(
        channel,
        target=f"1.{current_minor + draw(st.sampled_from([0, 1, -1, 2]))}" if is_named else None,
        long_term_support=is_named and not draw(seldom),
        selection=None if channel is Channel.NODE_IMAGE else draw(st.sampled_from(selections)),
        strategy=draw(st.sampled_from([None, "strategy"])),
    )


def _first_seen(region: RegionCatalog, days_ago: list[float | None]) -> Mapping[str, datetime]:
    keys = sorted(release.key for release in releases_of(region))
    return {
        key: NOW - timedelta(days=days)
        for index, key in enumerate(keys)
        if (days := days_ago[index % len(days_ago)]) is not None
    }


@st.composite
def fresh_situations(draw: st.DrawFn) -> Facts:
    """Without any update run; every other one is calm, so that upgrades are due and nothing holds them back."""
    odd, keys = (never, CALM_POLICIES) if draw(st.booleans()) else (seldom, ALL_POLICIES)
    catalog = draw(catalogs(odd))
    current_minor = draw(current_minors)
    return facts(
        draw(profiles(current_minor)),
        [draw(members(number, current_minor, odd)) for number in range(draw(st.integers(1, 5)))],
        catalog,
        strategies=[a_strategy(GROUP)],
        other_profiles=[a_profile(name="other")],
        policy=draw(policies(*keys)),
        tags=dict([draw(st.sampled_from(ODD_TAGS))]) if draw(odd) else {},
        first_seen={region.region: _first_seen(region, draw(ages)) for region in catalog.regions.values()},
        on_demand=draw(odd),
    )


@st.composite
def situations(draw: st.DrawFn) -> Facts:
    """With a native run, runs by others, and a chain of our own runs for what was asked for, each in some state."""
    given = draw(fresh_situations())
    wanted = decide(given).specification
    if wanted is not None and draw(seldom):
        alike = [replace(run_of(wanted, draw(states)), id=FLEET.child("updateRuns", name)) for name in ("a", "b")]
        given = with_runs(given, *alike)
    if draw(once_in(3)):
        native = a_run("native", draw(native_states), version="1.28.1", profile=given.profile)
        given = with_runs(given, *given.fleet.update_runs, native)
    for _ in range(draw(st.sampled_from([1, 2, 0, 1]))):
        decision = decide(given)
        if decision.outcome is not Outcome.GENERATE or decision.specification is None:
            break
        completed_at = draw(st.sampled_from([NOW - timedelta(days=2), None, NOW - timedelta(minutes=20)]))
        in_run = {member.name: draw(ends) for member in given.fleet.members if not draw(seldom)}
        state = UpdateState.FAILED if draw(seldom) else draw(states)
        run = run_of(decision.specification, state, members=in_run, completed_at=completed_at)
        record = RunRecord(
            draw(st.sampled_from([Intent.UPGRADE, Intent.UPGRADE, Intent.REVIEW])),
            frozenset(decision.members_to_skip),
            draw(st.sampled_from([0, 1, 0, 2])),
            draw(st.sampled_from([None, completed_at])),
        )
        records = {**given.run_records, run.name: record}
        given = replace(with_runs(given, *given.fleet.update_runs, run, records=records))
    return given
