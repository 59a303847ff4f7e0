"""Writes a world of any size, by default 100 clusters with 3 pools each to a fleet, spread over 10 regions.

.dev/venv/bin/python -m tools.benchmarks.large_world .dev/large.yaml --clusters 10000
./dev up --world .dev/large.yaml
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
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
      - {{ name: all, channel: {channel}, updateStrategy: group-by-group }}
    members:
"""
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
    file: Path, clusters: int, *, clusters_a_fleet: int = CLUSTERS_A_FLEET, full_clusters: bool = False
) -> None:
    """Write a world with so many clusters, whose properties are as large as those of real ones if that is wanted."""
    file.write_text("".join(_parts(clusters, clusters_a_fleet, full_clusters)), encoding="utf-8")


def _parts(clusters: int, clusters_a_fleet: int, full_clusters: bool) -> Iterator[str]:
    yield _HEAD.format(full_clusters=str(full_clusters).lower())
    stages = "\n".join(_STAGE.format(number=number, group=group) for number, group in enumerate(GROUPS))
    for number in range(-(-clusters // clusters_a_fleet)):
        yield _FLEET.format(number=number, stages=stages, channel=CHANNELS[number % len(CHANNELS)])
        for index in range(min(clusters_a_fleet, clusters - number * clusters_a_fleet)):
            yield _MEMBER.format(
                number=index,
                group=GROUPS[index % len(GROUPS)],
                region=REGIONS[index % len(REGIONS)],
                version=VERSIONS[index % len(VERSIONS)],
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
