"""Documents of the API as the page reads them, typed as the app's own."""

from __future__ import annotations

from shared.core.outlook import NextEvent
from shared.core.reasons import CandidateReason, DecisionWarning, MemberAction, MemberReason, Outcome, Reason
from shared.documents.decisions import DecisionDocument, MemberDocument
from shared.documents.fleets import FleetsDocument, LagDocument, ProfileDocument, ProfileSummary
from shared.documents.runs import GateDocument, RunSummary

FLEETS = "/subscriptions/s/resourceGroups/platform/providers/Microsoft.ContainerService/fleets"
EVALUATED = "2026-05-12T06:00:00Z"
IMAGE = "AKSUbuntu-2204gen2containerd"


def profile_id(profile: str = "stable", fleet: str = "retail") -> str:
    return f"{FLEETS}/{fleet}/autoUpgradeProfiles/{profile}"


def run_id(run: str = "auto-stable-1-34-6", fleet: str = "retail") -> str:
    return f"{FLEETS}/{fleet}/updateRuns/{run}"


def a_gate() -> GateDocument:
    return {
        "gateId": "gate-1",
        "displayName": "release manager",
        "stage": "everywhere",
        "group": "",
        "timing": "Before",
        "since": "2026-05-11T08:00:00Z",
        "isScheduled": False,
        "opensAt": None,
    }


def a_run(state: str = "Running", name: str = "auto-stable-1-34-6") -> RunSummary:
    return {
        "id": run_id(name),
        "name": name,
        "state": state,
        "upgradeType": "Full",
        "kubernetesVersion": "1.34.6",
        "nodeImages": [f"{IMAGE}-202604.24.0"],
        "startedAt": None if state == "NotStarted" else "2026-05-10T06:00:00Z",
        "completedAt": "2026-05-11T06:00:00Z" if state in ("Completed", "Failed") else None,
        "memberStates": {"Completed": 1, "Pending": 1},
        "stages": [{"name": "canary", "state": "Completed"}, {"name": "everywhere", "state": "Pending"}],
        "pendingGates": [a_gate()] if state == "Pending" else [],
        "waitsFor": [],
        "intent": "upgrade",
        "generatedBy": None,
        "generatedAt": None,
    }


def a_lag(behind: int = 1) -> LagDocument:
    return {
        "clusters": 3,
        "clustersBehind": behind,
        "versionsBehind": 2 if behind else 0,
        "behindSince": "2026-05-02T06:00:00Z" if behind else None,
        "clustersOutOfSupport": 0,
    }


def a_summary(profile: str = "stable", fleet: str = "retail") -> ProfileSummary:
    """A profile that waits in a freeze."""
    return {
        "profileId": profile_id(profile, fleet),
        "profile": profile,
        "fleetId": f"{FLEETS}/{fleet}",
        "fleet": fleet,
        "channel": "Stable",
        "disabled": False,
        "outcome": Outcome.WAITING,
        "reason": Reason.FREEZE,
        "sentence": "Frozen by policy until 2026-05-20.",
        "target": "1.34.6",
        "lag": a_lag(),
        "daysBehind": 10,
        "run": None,
        "next": {
            "what": NextEvent.FREEZE_ENDS,
            "at": "2026-05-20T00:00:00Z",
            "sentence": "The freeze ends at 2026-05-20 00:00 UTC.",
        },
        "needsPerson": False,
        "lastTriggerError": None,
    }


def blocked_summary(profile: str = "pinned", fleet: str = "retail") -> ProfileSummary:
    """A profile that a person has to correct."""
    return {
        **a_summary(profile, fleet),
        "outcome": Outcome.BLOCKED,
        "reason": Reason.CLUSTERS_STOPPED,
        "sentence": "stock-westeurope is stopped.",
        "next": {"what": NextEvent.PERSON_ACTS, "at": None, "sentence": "A person removes what blocks the profile."},
        "needsPerson": True,
    }


def running_summary(profile: str = "rapid", fleet: str = "lab") -> ProfileSummary:
    """A profile with a run in progress."""
    return {
        **a_summary(profile, fleet),
        "outcome": Outcome.GENERATED,
        "reason": Reason.RUN_IN_PROGRESS,
        "sentence": "The run auto-stable-1-34-6 is in progress.",
        "run": a_run(),
        "next": {"what": NextEvent.RUN_ENDS, "at": None, "sentence": "The run ends."},
    }


def fleets(*profiles: ProfileSummary, age: int | None = 240) -> FleetsDocument:
    """The overview; in the order of the profiles given."""
    return {
        "value": list(profiles),
        "counts": {
            "fleets": len({one["fleet"] for one in profiles}),
            "profiles": len(profiles),
            "needsPerson": sum(one["needsPerson"] for one in profiles),
            "runsInProgress": sum(one["run"] is not None for one in profiles),
            "clustersBehind": sum(one["lag"]["clustersBehind"] for one in profiles if one["lag"] is not None),
        },
        "fleets": [
            {"id": f"{FLEETS}/{fleet}", "name": fleet, "members": 3, "profiles": 1}
            for fleet in sorted({one["fleet"] for one in profiles})
        ],
        "evaluatedAt": None if age is None else EVALUATED,
        "ageSeconds": age,
    }


def members() -> list[MemberDocument]:
    return [
        {
            "name": "shop-eastus",
            "action": MemberAction.UPGRADE,
            "reason": MemberReason.BELOW_TARGET,
            "sentence": "Below 1.34.6.",
        },
        {
            "name": "shop-westus2",
            "action": MemberAction.UP_TO_DATE,
            "reason": MemberReason.AT_TARGET,
            "sentence": "Runs 1.34.6.",
        },
        {
            "name": "stock-eastus",
            "action": MemberAction.SKIP,
            "reason": MemberReason.STOPPED,
            "sentence": "It is stopped; it is caught up once it runs again.",
        },
    ]


def a_decision(outcome: Outcome = Outcome.WAITING, reason: Reason = Reason.FREEZE) -> DecisionDocument:
    waits = outcome is Outcome.WAITING
    return {
        "profileId": profile_id(),
        "outcome": outcome,
        "reason": reason,
        "sentence": "Frozen by policy until 2026-05-20." if waits else "1 cluster is below 1.34.6.",
        "until": "2026-05-20T00:00:00Z" if waits else None,
        "target": {
            "kubernetesVersion": "1.34.6",
            "towards": None,
            "longTermSupport": False,
            "nodeImages": {IMAGE: "202604.24.0"},
        },
        "updateRun": {
            "name": "auto-stable-1-34-6",
            "id": None,
            "specification": {
                "name": "auto-stable-1-34-6",
                "upgradeType": "Full",
                "kubernetesVersion": "1.34.6",
                "nodeImageSelection": "Latest",
                "nodeImages": {IMAGE: "202604.24.0"},
                "updateStrategyId": None,
                "follows": None,
            },
            "runsToStop": [],
            "restart": None,
        },
        "members": members(),
        "warnings": [
            {"code": DecisionWarning.NO_MAINTENANCE_WINDOW, "sentence": "shop-eastus has no maintenance window."}
        ],
        "candidates": {
            "regions": {
                "eastus": {"kubernetesVersions": [], "nodeImages": {IMAGE: "202604.24.0"}},
                "westus2": {"kubernetesVersions": [], "nodeImages": {IMAGE: "202605.01.0"}},
            },
            "rejected": [],
        },
        "policies": {
            "freeze": {"value": "2026-05-01/2026-05-20", "source": "tag auto-upgrade.freeze"},
            "soak": {"value": "PT0S", "source": "default"},
            "start": {"value": "auto", "source": "default"},
        },
    }


def a_profile() -> ProfileDocument:
    return {
        "summary": a_summary(),
        "settings": {
            "channel": "Stable",
            "updateStrategyId": f"{FLEETS}/retail/updateStrategies/canary-first",
            "nodeImageSelection": "Latest",
            "targetKubernetesVersion": None,
            "longTermSupport": False,
            "disabled": False,
        },
        "decision": a_decision(),
        "decidedAt": "2026-05-11T06:00:00Z",
        "trigger": "reconcile timer",
        "matrix": [
            {
                "name": "1.35.1",
                "kind": "KubernetesVersion",
                "isTarget": False,
                "regions": {"eastus": "NotOffered", "westus2": "Offered"},
                "reason": CandidateReason.NOT_IN_EVERY_REGION,
                "sentence": "eastus does not offer it.",
            },
            {
                "name": "1.34.6",
                "kind": "KubernetesVersion",
                "isTarget": True,
                "regions": {"eastus": "Offered", "westus2": "Offered"},
                "reason": None,
                "sentence": None,
            },
            {
                "name": "1.33.9",
                "kind": "KubernetesVersion",
                "isTarget": False,
                "regions": {"eastus": "LongTermSupportOnly", "westus2": "Unknown"},
                "reason": None,
                "sentence": None,
            },
        ],
        "runs": [a_run(), a_run("Completed", "auto-stable-1-34-4"), a_run("NotStarted", "auto-stable-1-35-0")],
        "lastTrigger": {"at": "2026-05-10T06:00:00Z", "versions": ["1.34.6"], "error": None},
        "evaluatedAt": EVALUATED,
        "ageSeconds": 240,
    }
