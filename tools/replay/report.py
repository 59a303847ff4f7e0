"""The replay for people: what was replayed, each run, when the engine stood still and why, and a summary."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import datetime, timedelta

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.core.policies.sources import DEFAULT_SOURCE
from shared.core.reasons import Outcome
from shared.core.targets.channels import selection_of
from tools.releases import Timeline
from tools.replay.history import STANDING_STILL, GeneratedRun, History, Observation, Standstill
from tools.replay.levels import KUBERNETES, is_above
from tools.replay.scenario import Scenario

_LONGEST_SENTENCE = 300
_DAY = timedelta(days=1)


class ReportConsole(Console):
    """Leaves a closed pipe to the command."""

    def on_broken_pipe(self) -> None:
        """Pass the error on; rich itself would end the process here."""
        raise BrokenPipeError


def print_report(console: Console, name: str, scenario: Scenario, timeline: Timeline, history: History) -> None:
    """Print everything.

    Args:
        console: where to.
        name: the timeline's, as it was given.
        scenario: what was replayed.
        timeline: over which releases.
        history: what came of it.
    """
    for line in _header(name, scenario, timeline, history):
        console.print(escape(line), highlight=False)
    console.print()
    if history.runs:
        console.print(_runs(scenario, history))
    else:
        console.print("No run would have been generated.")
    standstills = history.standstills
    if standstills:
        console.print()
        console.print(_standstills(standstills))
    console.print()
    for line in _summary(history):
        console.print(escape(line), highlight=False)


def _header(name: str, scenario: Scenario, timeline: Timeline, history: History) -> Iterator[str]:
    yield f"{name}: {len(timeline.facts)} facts, {history.starts:%Y-%m-%d} to {_ends(timeline, history)}"
    yield f"Channel {_channel(scenario)}; node families: {_families(scenario)}"
    yield _regions(scenario)
    set_policies = [policy for policy in scenario.policies.in_force if policy.source != DEFAULT_SOURCE]
    if set_policies:
        yield "Policies: " + ", ".join(f"{policy.key}={policy.value}" for policy in set_policies)
    yield f"Clusters start on {history.start.version}: {history.start.why}"


def _ends(timeline: Timeline, history: History) -> str:
    """The end of the file, and that of the replay where it is later."""
    if timeline.ends is None or timeline.ends >= history.ends:
        return f"{history.ends:%Y-%m-%d}"
    return f"{timeline.ends:%Y-%m-%d}, played on to {history.ends:%Y-%m-%d}"


def _channel(scenario: Scenario) -> str:
    profile = scenario.profile
    parts = [str(profile.channel)]
    if profile.target_kubernetes_version is not None:
        parts.append(str(profile.target_kubernetes_version))
    if profile.long_term_support:
        parts.append("with long-term support")
    return f"{' '.join(parts)}, node images {selection_of(profile)}"


def _families(scenario: Scenario) -> str:
    return ", ".join(family.name for family in scenario.families) or "none, the timeline has no images of the default"


def _regions(scenario: Scenario) -> str:
    count, days = len(scenario.regions), scenario.rollout_days
    if count == 1:
        return "1 region, which has every release at once"
    if days == 0:
        return f"{count} regions, which have every release at once"
    return f"{count} regions; a release reaches the last one after {days} business day{'s' if days > 1 else ''}"


def _table(title: str) -> Table:
    """As narrow as it goes: images of two families have to fit beside the rest in 80 columns."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def _runs(scenario: Scenario, history: History) -> Table:
    only_family = scenario.families[0].name if len(scenario.families) == 1 else None
    table = _table("Runs")
    table.add_column("At (UTC)", no_wrap=True)
    table.add_column("Run", min_width=max(len(run.upgrade_type) for run in history.runs))
    table.add_column(escape(only_family or "Node images"), overflow="fold")
    table.add_column("Days\nlate", justify="right", no_wrap=True)
    table.add_column("Why", no_wrap=True)
    table.caption = "Days late: since the channel asks for more than the slowest cluster had."
    for run in history.runs:
        table.add_row(_minute(run.at), _what(run), _images(run, only_family), f"{_days(run.behind)}", run.reason.value)
    return table


def _what(run: GeneratedRun) -> str:
    version = f" [bold]{run.kubernetes_version}[/bold]" if run.kubernetes_version is not None else ""
    return f"{run.upgrade_type}{version}"


def _images(run: GeneratedRun, only_family: str | None) -> str:
    return "\n".join(
        version if family == only_family else f"{escape(family)} {version}"
        for family, version in run.node_images.items()
    )


def _standstills(standstills: list[Standstill]) -> Table:
    table = _table("Blocked or waiting")
    table.add_column("From (UTC)", no_wrap=True)
    table.add_column("To", no_wrap=True)
    table.add_column("Why")
    for standstill in standstills:
        colour = "red" if standstill.outcome is Outcome.BLOCKED else "yellow"
        until = standstill.span.until
        sentence = escape(textwrap.shorten(standstill.sentence, _LONGEST_SENTENCE, placeholder=" ..."))
        table.add_row(
            _minute(standstill.span.since),
            _minute(until) if until is not None else "the end",
            f"[{colour}]{standstill.reason}[/{colour}]: {sentence}",
        )
    return table


def _summary(history: History) -> Iterator[str]:
    whole = history.ends - history.starts
    behind = [span.lasts(history.ends) for span in history.behind]
    runs = f"{len(history.runs)} run{'' if len(history.runs) == 1 else 's'} in {_days(whole)} days"
    if any(behind):
        waits = [run.behind for run in history.runs]
        longest_wait = f"; longest until a run {_days(max(waits))} days" if waits else ""
        share = sum(behind, timedelta()) / whole
        yield (
            f"{runs}; the clusters were behind {share:.0%} of the time, at most {_days(max(behind))} days at a "
            f"stretch{longest_wait}."
        )
    else:
        yield f"{runs}; the clusters were never behind."
    yield _at_the_end(history.last, history)


def _at_the_end(last: Observation, history: History) -> str:
    why = f"{last.reason}: {last.sentence}"
    if last.is_behind:
        target = ", ".join(
            level.text if family == KUBERNETES else f"{family} {level.text}"
            for family, level in last.target.items()
            if is_above({family: level}, last.lowest)
        )
        return f"At the end they are still behind {target}, since {_minute(history.behind[-1].since)}. {why}"
    if last.outcome in STANDING_STILL:
        return f"At the end the engine stands still. {why}"
    return "At the end they are where the channel wants them."


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _days(length: timedelta) -> str:
    return f"{length / _DAY:.1f}"
