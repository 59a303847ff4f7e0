"""The runs for machines: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from tools.replay.history import GeneratedRun


def json_lines(runs: Iterable[GeneratedRun]) -> Iterator[str]:
    """A line for each run, without its end."""
    for run in runs:
        yield json.dumps(
            {
                "at": in_zulu_time(run.at),
                "type": run.upgrade_type,
                "kubernetesVersion": run.kubernetes_version,
                "nodeImages": run.node_images,
                "reason": run.reason,
            },
            ensure_ascii=False,
        )


def in_zulu_time(moment: datetime) -> str:
    """The moment as `2025-01-18T02:06:04Z`."""
    return moment.isoformat().removesuffix("+00:00") + "Z"
