"""Captured facts for tests: a fleet of one cluster, below the version that its region offers."""

from __future__ import annotations

import copy
from typing import Any

from tests.app.azure.bodies import PROFILE, UBUNTU, cluster, fleet, member, minor, profile, strategy

Facts = dict[str, Any]
NOW = "2026-03-20T06:00:00Z"


def facts(**changes: object) -> Facts:
    """The facts, with parts replaced; None removes one."""
    whole: Facts = {
        "schemaVersion": 1,
        "profileId": PROFILE,
        "now": NOW,
        "fleet": fleet(),
        "autoUpgradeProfiles": [profile()],
        "members": [member()],
        "updateStrategies": [strategy("rapid")],
        "updateRuns": [],
        "managedClusters": [cluster(currentKubernetesVersion="1.33.4")],
        "regions": {
            "westus2": {
                "kubernetesVersions": {
                    "values": [minor("1.34", "1.34.1", isPreview=True), minor("1.33", "1.33.4", "1.33.5")]
                },
                "upgradeProfiles": {UBUNTU: {"properties": {"latestNodeImageVersion": f"{UBUNTU}-202603.09.0"}}},
            }
        },
        **changes,
    }
    return {name: copy.deepcopy(value) for name, value in whole.items() if value is not None}


def changed(*path: str | int, to: object) -> Facts:
    """The facts with the value at the path replaced."""
    whole: Any = facts()
    place = whole
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return dict(whole)


def in_envelope(content: Facts, name: str, *parts: str) -> Facts:
    """The facts with lists in the envelope of ARM or of Resource Graph."""
    return {**content, **{part: {name: content[part]} for part in parts}}
