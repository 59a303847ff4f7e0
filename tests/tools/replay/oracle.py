"""An independent reading of a timeline's file: which runs the rules ask for, worked out from scratch at each moment.

It shares no code with the replay or the core; business days are numpy's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

TIMELINE = Path(__file__).resolve().parents[3] / "tools" / "data" / "aks-release-timeline.json"

Run = tuple[str, str | None, dict[str, str]]
"""When, to which version, with which images."""


Choose = Callable[[set[str]], str | None]
"""Picks a channel's target from the versions that all regions have."""


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def image_day(text: str) -> date:
    """The day in an image's version, Linux or Windows."""
    if linux := re.fullmatch(r"(\d{4})(\d\d)\.(\d\d)\.\d+", text):
        return date(int(linux[1]), int(linux[2]), int(linux[3]))
    windows = text.split(".")[2]
    return date(2000 + int(windows[:2]), int(windows[2:4]), int(windows[4:]))


@cache
def days_later(at: str, days: int) -> datetime:
    """So many business days after a moment, at the same time of day."""
    published = datetime.fromisoformat(at)
    if days == 0:
        return published
    day = np.busday_offset(published.date(), days, roll="backward").astype(date)
    return datetime.combine(day, published.timetz())


@dataclass(frozen=True)
class Oracle:
    """The regions of one replay; facts before the last region has them are not common."""

    regions: int = 1
    rollout_days: int = 10

    @cached_property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(TIMELINE.read_text())
        return content

    def arrives(self, at: str, region: int) -> datetime:
        return days_later(at, -(-region * self.rollout_days // (self.regions - 1)) if region else 0)

    def moments(self) -> list[datetime]:
        every = {self.arrives(fact["at"], region) for fact in self.content["facts"] for region in range(self.regions)}
        return sorted(every)

    def known(self, moment: datetime, region: int) -> list[Any]:
        return [fact for fact in self.content["facts"] if self.arrives(fact["at"], region) <= moment]

    def official(self, moment: datetime, region: int) -> set[str]:
        """The patches on the standard plan in a region."""
        start, facts = self.content["state_at_start"], self.known(moment, region)
        ga = {*start["ga_minors"], *(fact["version"] for fact in facts if fact["kind"] == "minor_ga")}
        over = ("minor_deprecated", "minor_lts_only", "minor_removed")
        ga -= {fact["version"] for fact in facts if fact["kind"] in over}
        patches = {patch for listed in start["patches"].values() for patch in listed}
        patches |= {
            fact["version"]
            for fact in facts
            if fact["kind"] == "patch" and not fact["preview"] and not fact["lts_patch"]
        }
        return {patch for patch in patches if patch.rpartition(".")[0] in ga}

    def common(self, moment: datetime) -> set[str]:
        return set.intersection(*(self.official(moment, region) for region in range(self.regions)))

    def newest_image(self, moment: datetime, region: int, family: str) -> str | None:
        first = self.content["state_at_start"]["node_images"].get(family)
        images = [fact["version"] for fact in self.known(moment, region) if fact.get("family") == family]
        return max([*images, *([first] if first else [])], key=numbers, default=None)

    def versions(self, start: str, choose: Choose, family: str) -> list[Run]:
        """Runs of a Kubernetes channel with each region's newest images; `choose` picks from the common versions."""
        runs: list[Run] = []
        current = start
        for moment in self.moments():
            target = choose(self.common(moment))
            if target is None or numbers(target) <= numbers(current):
                continue
            assert numbers(target)[1] - numbers(current)[1] <= 1, "the oracle knows no gaps"
            current = target
            images = [self.newest_image(moment, region, family) for region in range(self.regions)]
            newest = max((image for image in images if image), key=numbers)
            runs.append((zulu(moment), target, {family: newest}))
        return runs

    def images(self, *families: str) -> list[Run]:
        """Runs of channel NodeImage."""
        runs: list[Run] = []
        slowest: dict[str, str] = {}
        for moment in [datetime.fromisoformat(f"{self.content['from']}T00:00:00Z"), *self.moments()]:
            target: dict[str, str] = {}
            for family in families:
                seen = [self.newest_image(moment, region, family) for region in range(self.regions)]
                offered = [image for image in seen if image]
                if not offered:
                    continue
                common = min(offered, key=numbers)
                slowest.setdefault(family, common)
                if moment.date() - image_day(common) <= timedelta(days=90):
                    target[family] = common
            if any(numbers(image) > numbers(slowest[family]) for family, image in target.items()):
                slowest |= target
                runs.append((zulu(moment), None, target))
        return runs


def zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rapid(versions: set[str]) -> str | None:
    return max(versions, key=numbers, default=None)


def stable(versions: set[str]) -> str | None:
    major, newest = numbers(max(versions, key=numbers))[:2]
    return rapid({version for version in versions if numbers(version)[:2] == (major, newest - 1)})


def minor(text: str) -> Choose:
    """Channel TargetKubernetesVersion, while the minor is in standard support."""
    return lambda versions: rapid({version for version in versions if version.rpartition(".")[0] == text})
