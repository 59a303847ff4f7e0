"""A decision for people: the sentence, the target, each member, warnings, policies and rejected candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shared.core.decision import Decision
from shared.core.model.catalog import RegionCatalog
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.unknown import Absent, Unknown
from shared.core.policies.sources import DEFAULT_SOURCE

_UTC = "%Y-%m-%d %H:%M:%S"


def print_decision(decision: Decision, now: datetime) -> None:
    """Print everything that a person needs to see why.

    Args:
        decision: what was decided.
        now: the time that it was decided for.
    """
    console = Console()
    for line in _head(decision, now):
        console.print(line, highlight=False)
    for title, columns, rows in _tables(decision):
        if rows:
            console.print()
            console.print(_table(title, columns, rows))


def _head(decision: Decision, now: datetime) -> Iterator[str]:
    yield f"[bold]{escape(decision.sentence)}[/bold]"
    yield f"{decision.outcome}, {decision.reason}"
    yield ""
    yield f"Profile  {escape(decision.profile_id.name)} of fleet {escape(decision.profile_id.parent.name)}"
    yield f"Time     {now:{_UTC}} UTC"
    if decision.target is not None:
        yield f"Target   {escape(str(decision.target))}"
    run = decision.run_id.name if decision.run_id is not None else None
    if decision.specification is not None:
        yield f"Run      {escape(run or decision.specification.name)}{'' if run else ', not generated'}"


def _tables(decision: Decision) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
    yield (
        "Members",
        ("Member", "Action", "Reason", "Why"),
        [(member.member, member.action, member.reason, member.sentence) for member in decision.members],
    )
    yield "Warnings", ("Warning", "What"), [(notice.warning, notice.sentence) for notice in decision.warnings]
    yield (
        "Policies; the others have their defaults",
        ("Policy", "Value", "Source"),
        [(one.key, one.value, one.source) for one in decision.policies if one.source != DEFAULT_SOURCE],
    )
    yield (
        "Candidates that are not the target",
        ("Candidate", "Reason", "Why"),
        [(one.name, one.reason, one.sentence) for one in decision.considered.rejected],
    )
    yield (
        "Regions",
        ("Region", "Newest of each minor", "Newest node images"),
        [_region(region) for region in decision.considered.regions],
    )


def _region(region: RegionCatalog) -> tuple[str, str, str]:
    kubernetes = region.kubernetes
    if isinstance(kubernetes, Unknown):
        versions = kubernetes.why
    else:
        offered = sorted(kubernetes.items(), reverse=True)
        newest = (
            f"{max(offer.patches)}{' (preview)' if offer.is_preview else ''}" for _, offer in offered if offer.patches
        )
        versions = "\n".join(newest)
    images = (_image(family, region.node_images[family]) for family in sorted(region.node_images))
    return region.region, versions, "\n".join(images)


def _image(family: str, newest: NodeImageVersion | Absent | Unknown) -> str:
    if isinstance(newest, Unknown):
        return newest.why
    return f"{family}-{newest}" if isinstance(newest, NodeImageVersion) else f"{family} has no image any more"


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(escape(text) for text in row))
    return table
