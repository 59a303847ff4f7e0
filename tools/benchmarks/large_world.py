"""Writes a world of any size, by default 100 clusters with 3 pools each to a fleet, spread over 10 regions.

.dev/venv/bin/python -m tools.benchmarks.large_world .dev/large.yaml --clusters 10000
./dev up --world .dev/large.yaml
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

CLUSTERS_A_FLEET = 100
REGIONS = tuple(f"region{number}" for number in range(10))
GROUPS = tuple(f"group{number}" for number in range(5))
VERSIONS = ("1.30.3", "1.30.4", "1.30.5")
CHANNELS = ("Stable", "Rapid", "NodeImage")

_HEAD = f"""\
regions: [{", ".join(REGIONS)}]
subscription: 00000000-0000-0000-0000-000000000001
tenant: 11111111-1111-1111-1111-111111111111
fullClusters: {{full_clusters}}
fleets:
"""
_FLEET = """\
  - name: fleet{number}
    resourceGroup: group{number}
    region: region0
    tags: {{ owner: team{number} }}
    strategies:
      - name: group-by-group
        stages:
{stages}
    profiles:
{profiles}
    members:
"""
_PROFILE = "      - {{ name: {name}, channel: {channel}, updateStrategy: group-by-group }}"
_STAGE = '          - {{ name: stage{number}, groups: [{{ name: {group}, maxConcurrency: "50%" }}] }}'
_MEMBER = """\
      - name: cluster{number}
        group: {group}
        region: {region}
        kubernetesVersion: {version}
        pools:
          - {{ name: system, family: AKSUbuntu-2204gen2containerd }}
          - {{ name: work, family: AKSUbuntu-2204gen2containerd, mode: User, count: 12 }}
          - {{ name: win, family: AKSWindows-2022-containerd, mode: User }}
"""


def write_world(
    file: Path,
    clusters: int,
    *,
    clusters_a_fleet: int = CLUSTERS_A_FLEET,
    channels: Sequence[str] = CHANNELS,
    profiles_a_fleet: int = 1,
    full_clusters: bool = False,
) -> None:
    """Write a world.

    Args:
        file: where to.
        clusters: how many it has.
        clusters_a_fleet: how many of them are in a fleet.
        channels: of the fleets' profiles, in turn.
        profiles_a_fleet: how many profiles a fleet has; they differ in nothing but the channel.
        full_clusters: whether their properties are as large as those of real ones.
    """
    head = _HEAD.format(full_clusters=str(full_clusters).lower())
    fleets = "".join(_fleets(clusters, clusters_a_fleet, channels, profiles_a_fleet))
    file.write_text(head + fleets, encoding="utf-8")


def _fleets(clusters: int, clusters_a_fleet: int, channels: Sequence[str], profiles_a_fleet: int) -> Iterator[str]:
    stages = "\n".join(_STAGE.format(number=number, group=group) for number, group in enumerate(GROUPS))
    for number in range(-(-clusters // clusters_a_fleet)):
        yield _FLEET.format(number=number, stages=stages, profiles=_profiles(number, channels, profiles_a_fleet))
        for index in range(min(clusters_a_fleet, clusters - number * clusters_a_fleet)):
            yield _MEMBER.format(
                number=index,
                group=GROUPS[index % len(GROUPS)],
                region=REGIONS[index % len(REGIONS)],
                version=VERSIONS[index % len(VERSIONS)],
            )


def _profiles(fleet: int, channels: Sequence[str], count: int) -> str:
    names = ("all", *(f"all{number}" for number in range(2, count + 1)))
    return "\n".join(
        _PROFILE.format(name=name, channel=channels[(fleet + index) % len(channels)])
        for index, name in enumerate(names)
    )


def main() -> int:
    """Write the file that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmarks.large_world", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--clusters", type=int, default=10_000)
    parser.add_argument("--clusters-a-fleet", type=int, default=CLUSTERS_A_FLEET)
    parser.add_argument("--full-clusters", action="store_true", help="with properties as large as those of real ones")
    options = parser.parse_args()
    write_world(
        options.file,
        options.clusters,
        clusters_a_fleet=options.clusters_a_fleet,
        full_clusters=options.full_clusters,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
