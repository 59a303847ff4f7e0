"""The end of the demo: what was seen, what was generated, where the clusters are, and whether that is right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table

from tools.demo.checks import Check, ClusterVersions
from tools.demo.observations import Observations, ObservedRun, names_in


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the demo has to say at its end."""

    observations: Observations
    before: Mapping[str, ClusterVersions]
    after: Mapping[str, ClusterVersions]
    checks: Sequence[Check]
    days: float
    seconds: float

    @property
    def succeeded(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)

    def runs_by_profile(self) -> dict[str, list[ObservedRun]]:
        """The runs of each profile, in the order of their creation."""
        by_profile: dict[str, list[ObservedRun]] = {}
        for run_id in self.observations.created:
            run = self.observations.run(run_id)
            by_profile.setdefault(run.profile or "others", []).append(run)
        return dict(sorted(by_profile.items()))


def as_json(summary: Summary) -> str:
    """One JSON document."""
    return json.dumps(
        {
            "succeeded": summary.succeeded,
            "simulatedDays": round(summary.days, 1),
            "seconds": round(summary.seconds, 1),
            "releases": [
                {
                    "at": release["at"],
                    "region": release["region"],
                    "kubernetesVersions": names_in(release["kubernetes_versions"]),
                    "nodeImages": names_in(release["node_images"]),
                }
                for release in summary.observations.releases
            ],
            "runs": {
                profile: [
                    {"name": run.name, "target": run.target, "state": run.state, "days": run.days} for run in runs
                ]
                for profile, runs in summary.runs_by_profile().items()
            },
            "clusters": {
                key: {
                    "before": summary.before[key].kubernetes_version if key in summary.before else None,
                    "after": after.kubernetes_version,
                    "nodeImages": dict(after.node_images),
                }
                for key, after in summary.after.items()
            },
            "checks": [
                {"name": check.name, "holds": check.holds, "deviations": check.deviations} for check in summary.checks
            ],
        },
        indent=2,
    )


def show(summary: Summary, console: Console) -> None:
    """Tables for a person."""
    console.print()
    console.print(_runs_table(summary))
    console.print(_clusters_table(summary))
    for check in summary.checks:
        mark = "[green]ok[/]    " if check.holds else "[bold red]FAILED[/]"
        console.print(f"{mark}  {check.name}")
        for deviation in check.deviations:
            console.print(f"        {deviation}", markup=False)
    seen = len(summary.observations.releases)
    made = len(summary.observations.created)
    console.print(
        f"\n{summary.days:.0f} days in {summary.seconds:.0f} s: {seen} releases seen in their regions, "
        f"{summary.observations.decisions} changed decisions, {made} runs generated."
    )


def _runs_table(summary: Summary) -> Table:
    table = Table(
        "profile", "run", "target", "state", "days", title="Update runs", box=box.SIMPLE_HEAD, title_justify="left"
    )
    for profile, runs in summary.runs_by_profile().items():
        for number, run in enumerate(runs):
            days = f"{run.days:.1f}" if run.days is not None else ""
            target = (
                run.target
                if len(run.target) <= 12
                else _count(run.target.count(",") + 1, "image family", "image families")
            )
            table.add_row(profile if number == 0 else "", run.name, target, run.state, days)
    return table


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _clusters_table(summary: Summary) -> Table:
    table = Table(
        "cluster", "before", "after", "node images", title="Clusters", box=box.SIMPLE_HEAD, title_justify="left"
    )
    for key, after in summary.after.items():
        before = summary.before.get(key)
        images = "\n".join(after.node_images.values())
        table.add_row(key, before.kubernetes_version if before else "not there", after.kubernetes_version, images)
    return table
