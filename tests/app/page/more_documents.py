"""Documents of update runs, releases and the app's health."""

from __future__ import annotations

from shared.core.model.profile import Channel
from shared.core.reasons import Outcome
from shared.documents.health import HealthDocument
from shared.documents.members import FoundMember, MemberProfile, MembersDocument
from shared.documents.profiles import CapabilitiesDocument, StoredProfileDocument, StrategiesDocument
from shared.documents.releases import ReleasesDocument
from shared.documents.runs import RunDetail
from tests.app.page.documents import EVALUATED, FLEETS, IMAGE, a_profile, members, profile_id, run_id


def a_run_detail() -> RunDetail:
    """A run whose second stage waits for an approval."""
    return {
        "id": run_id(),
        "name": "auto-stable-1-34-6",
        "profileId": profile_id(),
        "state": "Pending",
        "upgradeType": "Full",
        "kubernetesVersion": "1.34.6",
        "nodeImages": [f"{IMAGE}-202604.24.0"],
        "startedAt": "2026-05-10T06:00:00Z",
        "completedAt": None,
        "sentence": "It waits for: approval of release manager before everywhere.",
        "intent": "upgrade",
        "generatedBy": {"name": "Ada", "id": "00000000-0000-0000-0000-00000000000a"},
        "generatedAt": "2026-05-10T05:59:00Z",
        "restarts": 1,
        "stages": [
            {
                "name": "canary",
                "state": "Completed",
                "startedAt": "2026-05-10T06:00:00Z",
                "completedAt": "2026-05-11T06:00:00Z",
                "waitSeconds": 86400,
                "gates": [],
                "groups": [
                    {
                        "name": "canary",
                        "state": "Completed",
                        "gates": [],
                        "members": [
                            {
                                "name": "shop-westus2",
                                "clusterId": None,
                                "state": "Completed",
                                "message": "",
                                "startedAt": "2026-05-10T06:00:00Z",
                                "completedAt": "2026-05-10T06:40:00Z",
                            }
                        ],
                    }
                ],
            },
            {
                "name": "everywhere",
                "state": "Pending",
                "startedAt": None,
                "completedAt": None,
                "waitSeconds": 0,
                "gates": [
                    {
                        "gateId": "gate-1",
                        "displayName": "release manager",
                        "timing": "Before",
                        "state": "Pending",
                        "startedAt": "2026-05-11T08:00:00Z",
                        "completedAt": None,
                    }
                ],
                "groups": [{"name": "shop", "state": "NotStarted", "gates": [], "members": []}],
            },
        ],
    }


def releases() -> ReleasesDocument:
    return {
        "value": [
            {
                "kind": "KubernetesVersion",
                "name": "1.35.1",
                "supportPlan": "KubernetesOfficial",
                "firstSeen": "2026-05-09T06:00:00Z",
                "regions": {"westus2": "2026-05-09T06:00:00Z"},
            },
            {
                "kind": "NodeImage",
                "name": f"{IMAGE}-202605.01.0",
                "supportPlan": None,
                "firstSeen": "2026-05-08T06:00:00Z",
                "regions": {"westus2": "2026-05-08T06:00:00Z", "eastus": "2026-05-10T06:00:00Z"},
            },
        ],
        "regions": ["eastus", "westus2"],
        "detectedAt": EVALUATED,
        "ageSeconds": 60,
    }


def health() -> HealthDocument:
    """An app that could not read a cluster, and that has a poison message."""
    return {
        "detection": {"at": EVALUATED, "ageSeconds": 240},
        "evaluation": {"at": EVALUATED, "ageSeconds": 240},
        "watch": {"at": None, "ageSeconds": None},
        "wanted": None,
        "inProgress": {"trigger": "reconcile timer", "since": EVALUATED},
        "unreadable": [
            {
                "where": "evaluation",
                "at": EVALUATED,
                "sentences": ["The fleet old could not be read: access denied."],
                "count": 1,
            }
        ],
        "queues": [{"name": "evaluate-estate", "messages": 2, "poisonMessages": 1}],
    }


def found_members() -> MembersDocument:
    """A member that a profile upgrades, and one of a fleet without profiles."""
    of_profile: MemberProfile = {
        "profileId": profile_id(),
        "profile": "stable",
        "outcome": Outcome.WAITING,
        "sentence": "Frozen by policy until 2026-05-20.",
        "member": members()[0],
    }
    one: FoundMember = {
        "name": "shop-eastus",
        "cluster": "shop-eastus",
        "fleetId": f"{FLEETS}/retail",
        "fleet": "retail",
        "profiles": [of_profile],
    }
    lab = f"{FLEETS}/lab"
    other: FoundMember = {
        "name": "shop-europe",
        "cluster": "cluster-7",
        "fleetId": lab,
        "fleet": "lab",
        "profiles": [],
    }
    return {"value": [one, other], "isComplete": False, "evaluatedAt": EVALUATED, "ageSeconds": 240}


def stored_profile() -> StoredProfileDocument:
    """The profile as Fleet has it now."""
    return {"id": profile_id(), "eTag": '"7"', "settings": a_profile()["settings"]}


def capabilities(*, writes: bool = True) -> CapabilitiesDocument:
    """An app on Fleet's stable API."""
    channels: list[Channel] = [each for each in Channel if each is not Channel.SECURITY_PATCH]
    return {
        "writesProfiles": writes,
        "channels": channels,
        "fleetApiVersion": "2026-06-01",
        "detectionOldAfterSeconds": 7800,
        "evaluationOldAfterSeconds": 93600,
    }


def strategies(fleet: str) -> StrategiesDocument:
    """Two strategies."""
    return {
        "value": [
            {"id": f"{FLEETS}/{fleet}/updateStrategies/{name}", "name": name, "stages": ["canary", "everywhere"]}
            for name in ("canary-first", "careful")
        ]
    }
