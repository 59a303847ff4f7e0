"""Releases by region over time as JSON."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from functions.http.paging import Page, age_seconds
from shared.core.model.times import instant_text
from shared.core.releases.releases import KUBERNETES_VERSION, FirstSeen

if TYPE_CHECKING:
    from shared.documents.releases import ReleasesDocument, SeenRelease


def releases_json(seen: FirstSeen, detected_at: datetime | None, now: datetime, page: Page) -> ReleasesDocument:
    """A page of releases, the newest first."""
    by_key: dict[str, dict[str, datetime]] = defaultdict(dict)
    for region in sorted(seen):
        for key, moment in seen[region].items():
            by_key[key][region] = moment
    ordered = sorted(by_key.items(), key=lambda item: (min(item[1].values()), item[0]), reverse=True)
    document: ReleasesDocument = {
        "value": [_release(key, moments) for key, moments in ordered[page.skip : page.end]],
        "regions": sorted(seen),
        "detectedAt": None if detected_at is None else instant_text(detected_at),
        "ageSeconds": age_seconds(detected_at, now),
    }
    if page.end < len(ordered):
        document["nextLink"] = page.next_link
    return document


def _release(key: str, moments: dict[str, datetime]) -> SeenRelease:
    kind, _, rest = key.partition(" ")
    name, _, plan = rest.partition(" ")
    return {
        "kind": "KubernetesVersion" if kind == KUBERNETES_VERSION else "NodeImage",
        "name": name,
        "supportPlan": plan or None,
        "firstSeen": instant_text(min(moments.values())),
        "regions": {region: instant_text(moment) for region, moment in moments.items()},
    }
