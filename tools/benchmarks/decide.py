"""Deciding 1,000 profiles over 100,000 clusters with 3 pools each takes under 2 s and 600 MB on one core.

Time must grow no faster than the number of clusters: shown at 1,000, 10,000 and 100,000 clusters under the same 1,000
profiles, each size in a separate process. Compared with a bare loop over the same clusters and pools that does
nothing but compare each version with one target: what no decision can do without.

    .dev/venv/bin/python -m tools.benchmarks.decide
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from shared.core.facts import Facts
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.fleet import Cluster, Fleet, Member, NodePool
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel, Profile
from shared.core.planner import decide

PROFILES = 1_000
SIZES = (1_000, 10_000, 100_000)
RUNS = 5
LIMIT_SECONDS, LIMIT_MEGABYTES = 2.0, 600.0

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
REGIONS = tuple(f"region{number}" for number in range(10))
FAMILIES = ("AKSUbuntu-2204gen2containerd", "AKSAzureLinux-V3gen2", "AKSWindows-2022-containerd")
IMAGES = ("202607.09.0", "202607.09.0", "20348.5386.260715")
OLDER_IMAGES = ("202606.30.0", "202606.30.0", "20348.5300.260610")
CHANNELS = (Channel.RAPID, Channel.STABLE, Channel.TARGET_KUBERNETES_VERSION, Channel.NODE_IMAGE)
TAGS = {"owner": "platform", "auto-upgrade.active-run": "replace", "auto-upgrade.freeze": "2026-12-15/2027-01-05"}


def a_catalog() -> Catalog:
    """Ten regions with five minors of eight patches each, one of them a preview, and three families."""
    official, both = frozenset({SupportPlan.KUBERNETES_OFFICIAL}), frozenset(SupportPlan)
    minors = {
        MinorVersion(1, minor): OfferedMinor(
            MinorVersion(1, minor),
            both if minor < 35 else official,
            minor == 37,
            frozenset(KubernetesVersion(1, minor, patch) for patch in range(8)),
        )
        for minor in range(33, 38)
    }
    images = {
        family: NodeImage.parse(f"{family}-{version}").version for family, version in zip(FAMILIES, IMAGES, strict=True)
    }
    return Catalog({region: RegionCatalog(region, minors, images) for region in REGIONS})


def an_estate(clusters: int) -> list[Fleet]:
    """A fleet a profile, the clusters spread over them; versions and images as shared values, as a parser has them."""
    versions = [KubernetesVersion(1, minor, patch) for minor in (34, 35, 36) for patch in (3, 7)]
    images = [
        [NodeImage.parse(f"{family}-{version}") for version in pair]
        for family, *pair in zip(FAMILIES, IMAGES, OLDER_IMAGES, strict=True)
    ]
    return [_a_fleet(number, clusters // PROFILES, versions, images) for number in range(PROFILES)]


def _a_fleet(
    number: int, members: int, versions: Sequence[KubernetesVersion], images: Sequence[Sequence[NodeImage]]
) -> Fleet:
    provider = f"/subscriptions/s{number}/resourceGroups/platform/providers/Microsoft.ContainerService"
    fleet_id = ResourceId.parse(f"{provider}/fleets/fleet{number}")
    channel = CHANNELS[number % len(CHANNELS)]
    target = MinorVersion(1, 35) if channel is Channel.TARGET_KUBERNETES_VERSION else None
    profile = Profile(fleet_id.child("autoUpgradeProfiles", "main"), channel, target_kubernetes_version=target)
    built = []
    for index in range(members):
        cluster_id = ResourceId.parse(f"{provider}/managedClusters/cluster{index}")
        version = versions[(number + index) % len(versions)]
        pools = tuple(
            NodePool(f"pool{place}", version, images[place][(index + place) % 2]) for place in range(len(FAMILIES))
        )
        cluster = Cluster(
            cluster_id, REGIONS[index % len(REGIONS)], version, is_stopped=index % 50 == 49, node_pools=pools
        )
        built.append(Member(f"cluster{index}", None, "Succeeded", cluster_id, cluster))
    return Fleet(fleet_id, TAGS, tuple(built), profiles=(profile,))


def decide_all(fleets: Sequence[Fleet], catalog: Catalog) -> int:
    """Decide every profile; how many outcomes there were, so that nothing is optimised away."""
    return len({decide(Facts(profile, fleet, catalog, NOW)).outcome for fleet in fleets for profile in fleet.profiles})


def compare_all(fleets: Sequence[Fleet]) -> int:
    """The bare loop: each cluster's and pool's version against one target."""
    target, behind = KubernetesVersion(1, 36, 7), 0
    for fleet in fleets:
        for member in fleet.members:
            cluster = member.cluster
            if isinstance(cluster, Cluster) and isinstance(cluster.kubernetes_version, KubernetesVersion):
                behind += cluster.kubernetes_version < target
                for pool in cluster.node_pools:
                    if isinstance(pool.kubernetes_version, KubernetesVersion):
                        behind += pool.kubernetes_version < target
    return behind


def measure(clusters: int) -> dict[str, float]:
    """Best seconds of deciding and of the bare loop, and the process's peak memory, facts included."""
    fleets, catalog = an_estate(clusters), a_catalog()
    deciding = [_timed(lambda: decide_all(fleets, catalog)) for _ in range(RUNS)]
    comparing = [_timed(lambda: compare_all(fleets)) for _ in range(RUNS)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "median": sorted(deciding)[RUNS // 2],
        "least": min(deciding),
        "loop": min(comparing),
        "megabytes": peak,
    }


def _timed(work: Callable[[], int]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    """Measure each size on one core in a separate process; 1 if a limit is passed."""
    if len(sys.argv) > 1:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        print(json.dumps(measure(int(sys.argv[1]))))
        return 0
    print(f"{PROFILES:,} profiles, 3 pools a cluster, one core, {RUNS} runs, Python {sys.version.split()[0]}")
    print(f"{'clusters':>10} {'median s':>9} {'least s':>9} {'MB':>7} {'µs/cluster':>11} {'x bare loop':>12}")
    figures = {}
    for size in SIZES:
        command = [sys.executable, "-m", "tools.benchmarks.decide", str(size)]
        figures[size] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        f = figures[size]
        per_cluster = f["median"] / size * 1e6
        print(
            f"{size:>10,} {f['median']:9.3f} {f['least']:9.3f} {f['megabytes']:7.0f} {per_cluster:11.1f} "
            f"{f['least'] / f['loop']:12.1f}"
        )
    growth = [figures[large]["least"] / figures[small]["least"] for small, large in itertools.pairwise(SIZES)]
    print("ten times the clusters take " + " and then ".join(f"{ratio:.1f}" for ratio in growth) + " times as long")
    last = figures[SIZES[-1]]
    holds = (
        last["median"] < LIMIT_SECONDS and last["megabytes"] < LIMIT_MEGABYTES and all(ratio <= 10 for ratio in growth)
    )
    claim = f"under {LIMIT_SECONDS:.0f} s and {LIMIT_MEGABYTES:.0f} MB, and growing no faster than the clusters"
    print(f"{claim}: {'yes' if holds else 'NO'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
