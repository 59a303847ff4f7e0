"""The command's options, as they are written; `scenario_options.py` says what they mean."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.core.model.profile import Channel
from shared.core.policies.rules import POLICY_RULES
from tools.releases import ROLLOUT_DAYS
from tools.replay.node_families import DEFAULT_FAMILY

_MOST = 1000
"""More regions or days than this are a slip of the keyboard."""

_DESCRIPTION = """\
Replays dated releases of AKS through the engine's own core, with no server, and
prints every update run that it would have generated: when, why, to which version
and images, and how long the clusters had been behind by then. A generated run is
applied at once. One cluster is in each region, with a pool a node family."""

_EPILOG = """\
examples:
  what channel Stable would have done, releases reaching four regions over ten
  business days:
    ./dev replay tools/data/aks-release-timeline.json --channel Stable --regions 4

  what it costs to wait a week, drawn:
    ./dev replay tools/data/aks-release-timeline.json --channel Rapid \\
      --policy soak=P7D --chart rapid.svg

  node images of two families, for a program to read:
    ./dev replay tools/data/aks-release-timeline.json --channel NodeImage --json \\
      --node-family AKSUbuntu-2404 --node-family AKSWindows-2022

  clusters far behind, taken to 1.33 one minor at a time:
    ./dev replay tools/data/aks-release-timeline.json --start-version 1.29.7 \\
      --channel TargetKubernetesVersion --target-kubernetes-version 1.33 \\
      --policy catch-up=stepwise

tools/data/README.md describes the form of a timeline, docs/configuration.md the policies.
No run is ever unfinished, stopped or failed in a replay, and each is applied at once:
the policies about that (active-run, stopped-clusters, retry, start) change nothing.

exit codes: 0 replayed, also if the clusters are behind at the end; 2 wrong usage"""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was written on the command line."""

    timeline: Path
    channel: str
    target_kubernetes_version: str | None
    long_term_support: bool
    node_image_selection: str | None
    regions: int
    rollout_days: int
    policies: tuple[str, ...]
    start_version: str | None
    node_families: tuple[str, ...]
    chart: Path | None
    as_json: bool


def read_arguments(arguments: Sequence[str]) -> Arguments:
    """Read the command line; wrong usage ends the process with exit code 2."""
    options = _parser().parse_args(arguments)
    return Arguments(
        timeline=options.timeline,
        channel=options.channel,
        target_kubernetes_version=options.target_kubernetes_version,
        long_term_support=options.long_term_support,
        node_image_selection=options.node_image_selection,
        regions=options.regions,
        rollout_days=options.rollout_days,
        policies=tuple(options.policy),
        start_version=options.start_version,
        node_families=tuple(options.node_family),
        chart=options.chart,
        as_json=options.json,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./dev replay",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "timeline", type=Path, metavar="TIMELINE", help="releases, such as tools/data/aks-release-timeline.json"
    )
    _add_profile(parser)
    _add_surroundings(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--chart", type=_svg_file, metavar="FILE.svg", help="draw versions over time into this file")
    output.add_argument("--json", action="store_true", help="print one JSON object a run, and nothing else")
    return parser


def _add_profile(parser: argparse.ArgumentParser) -> None:
    profile = parser.add_argument_group("the profile")
    replayed = (channel for channel in Channel if channel is not Channel.SECURITY_PATCH)
    profile.add_argument("--channel", required=True, metavar="CHANNEL", help=", ".join(replayed))
    profile.add_argument(
        "--target-kubernetes-version",
        metavar="MINOR",
        help="such as 1.33, for channel TargetKubernetesVersion",
    )
    profile.add_argument(
        "--long-term-support",
        action="store_true",
        help="longTermSupport of the profile, and clusters on the LTS plan",
    )
    profile.add_argument(
        "--node-image-selection", metavar="SELECTION", help="Latest (as without it) or Consistent; not on NodeImage"
    )
    profile.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=f"may be given several times; keys: {', '.join(POLICY_RULES)}",
    )


def _add_surroundings(parser: argparse.ArgumentParser) -> None:
    surroundings = parser.add_argument_group("regions and clusters")
    surroundings.add_argument("--regions", type=_regions, default=1, metavar="N", help="how many regions (1)")
    surroundings.add_argument(
        "--rollout-days",
        type=_days,
        default=ROLLOUT_DAYS,
        metavar="DAYS",
        help=f"business days a release takes to reach the last region ({ROLLOUT_DAYS}); 0: everywhere at once",
    )
    surroundings.add_argument(
        "--start-version",
        metavar="VERSION",
        help="what the clusters are on at the start, such as 1.29.9; without it, what the channel asks for then",
    )
    surroundings.add_argument(
        "--node-family",
        action="append",
        default=[],
        metavar="FAMILY",
        help=f"of the timeline, or as pools report it; may be given several times ({DEFAULT_FAMILY})",
    )


def _days(text: str) -> int:
    return _whole_number(text, 0)


def _regions(text: str) -> int:
    return _whole_number(text, 1)


def _whole_number(text: str, least: int) -> int:
    if not (text.isascii() and text.isdecimal()) or not least <= int(text[:9]) <= _MOST:
        raise argparse.ArgumentTypeError(f"'{text}'; expected a whole number from {least} to {_MOST}")
    return int(text)


def _svg_file(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".svg":
        raise argparse.ArgumentTypeError(f"'{text}'; expected the name of a file that ends in .svg")
    return path
