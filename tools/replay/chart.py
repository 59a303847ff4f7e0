"""The replay drawn: time across, versions up; what was asked for, what the clusters had, runs, and days behind.

The same replay gives the same file, byte for byte. Imported only when a chart is asked for.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from shared.core.model.profile import Profile
from tools.replay.history import History
from tools.replay.levels import KUBERNETES, Level, Levels
from tools.replay.scenario import Scenario

_TARGET, _HAD, _RUN, _BEHIND = "#1f6feb", "#24292f", "#1a7f37", "#ffb000"
_WIDTH = 10.0
_HEIGHT_OF_A_VERSION, _HEIGHT_OF_A_FAMILY, _HEIGHT_OF_THE_REST = 0.2, 2.4, 1.7
_LEAST_HEIGHT = 2.2
_LONGEST_LINE = 110

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_Place = Callable[[Level], float]
"""How far up a level is."""


def draw_chart(file: Path, scenario: Scenario, history: History) -> None:
    """Draw the replay into a file in SVG.

    Raises:
        OSError: the file cannot be written.
    """
    settings = mpl.rc_context(
        {
            "svg.hashsalt": "replay",
            "svg.fonttype": "path",
            "font.size": 9,
            "date.converter": "concise",
            "text.parse_math": False,
        }
    )
    with settings:
        _draw(scenario, history).savefig(file, format="svg", metadata={"Date": None, "Creator": "./dev replay"})


def _draw(scenario: Scenario, history: History) -> Figure:
    levels = history.levels()
    families = sorted(levels)
    heights = [_height(family, levels[family]) for family in families] or [_LEAST_HEIGHT]
    figure = Figure(figsize=(_WIDTH, sum(heights) + _HEIGHT_OF_THE_REST), layout="constrained")
    panels = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    for panel, family in zip(panels, families, strict=False):
        _draw_panel(panel, family, levels[family], history)
    panels[-1].xaxis_date()
    panels[-1].set_xlim(_day(history.starts), _day(history.ends))
    figure.suptitle(_title(scenario))
    handles, labels = panels[0].get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside lower center", ncols=len(handles), frameon=False)
    return figure


def _title(scenario: Scenario) -> str:
    regions = len(scenario.regions)
    where = "1 region" if regions == 1 else f"{regions} regions, rollout over {scenario.rollout_days} business days"
    policies = [f"{key}={value}" for key, value in scenario.policy_sources.overrides.items()]
    what = textwrap.shorten("; ".join([where, *policies]), _LONGEST_LINE, placeholder=" ...")
    return f"{_title_of(scenario.profile)}: what would have been generated\n{what}"


def _title_of(profile: Profile) -> str:
    target = profile.target_kubernetes_version
    return f"Channel {profile.channel}" + (f" {target}" if target is not None else "")


def _height(family: str, levels: Sequence[Level]) -> float:
    if family != KUBERNETES:
        return _HEIGHT_OF_A_FAMILY
    return max(_LEAST_HEIGHT, len(levels) * _HEIGHT_OF_A_VERSION)


def _draw_panel(panel: Axes, family: str, levels: Sequence[Level], history: History) -> None:
    place = _by_rank(panel, levels) if family == KUBERNETES else _by_date(panel, family)
    observations = history.observations
    moments = [observation.at for observation in observations]
    for number, span in enumerate(history.behind):
        label = "clusters behind" if number == 0 else "_nolegend_"
        until = span.until or history.ends
        panel.axvspan(_day(span.since), _day(until), color=_BEHIND, alpha=0.25, linewidth=0, label=label)
    targets = [observation.target for observation in observations]
    had = [observation.lowest for observation in observations]
    _draw_steps(panel, history.ends, moments, _places(targets, family, place), _TARGET, "target", dashed=True)
    _draw_steps(panel, history.ends, moments, _places(had, family, place), _HAD, "slowest cluster", dashed=False)
    marked = [run for run in history.runs if family in run.reached]
    heights = [place(run.reached[family]) for run in marked]
    panel.scatter([_day(run.at) for run in marked], heights, s=26, color=_RUN, zorder=3, label="run")
    panel.grid(axis="both", linewidth=0.4, alpha=0.5)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)


def _by_rank(panel: Axes, levels: Sequence[Level]) -> _Place:
    """Kubernetes versions are at equal distances, each with its name."""
    ranks = {level: float(rank) for rank, level in enumerate(levels)}
    panel.set_yticks(list(ranks.values()), [level.text for level in levels])
    panel.set_ylim(-0.7, max(len(levels) - 0.3, 0.7))
    panel.set_ylabel("Kubernetes version")
    return ranks.__getitem__


def _by_date(panel: Axes, family: str) -> _Place:
    """Images are at the dates in their versions."""
    panel.yaxis_date()
    panel.set_ylabel("image date")
    panel.set_title(family, loc="left", fontsize=9)
    return _date_of


def _date_of(level: Level) -> float:
    if level.released is None:
        return float("nan")
    return _day(datetime.combine(level.released, time.min, UTC))


def _day(moment: datetime) -> float:
    """Days since 1970, which matplotlib's axes of dates count in."""
    return (moment - _EPOCH) / timedelta(days=1)


def _places(levels: Sequence[Levels], family: str, place: _Place) -> list[float]:
    """How far up each is; a gap where there is none."""
    found: Sequence[Mapping[str, Level]] = levels
    return [place(at[family]) if family in at else float("nan") for at in found]


def _draw_steps(
    panel: Axes,
    ends: datetime,
    moments: Sequence[datetime],
    heights: Sequence[float],
    colour: str,
    label: str,
    *,
    dashed: bool,
) -> None:
    """A line that stays at its height until the next moment, and the last one until the end."""
    style = (0, (4, 2)) if dashed else "solid"
    panel.step(
        [_day(moment) for moment in (*moments, ends)],
        [*heights, *heights[-1:]],
        where="post",
        color=colour,
        linestyle=style,
        linewidth=1.4,
        label=label,
    )
