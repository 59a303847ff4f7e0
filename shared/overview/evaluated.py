"""What an evaluation found of its fleets, in the form that the ledger keeps for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shared.core.decision import Decision
from shared.core.lag import Lag
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.run_record import RunRecords
from shared.core.model.update_run import UpdateRun
from shared.core.runs.unreadable_records import known_records
from shared.core.runs.wanted_run import runs_of
from shared.overview.decision_summary import summarize
from shared.overview.run_summary import run_summary, text_of, time_text
from shared.overview.store import FleetMembers

if TYPE_CHECKING:
    from shared.documents.fleets import DecisionSummary, LagDocument, ProfileSettings, StoredFleet, StoredProfile
    from shared.documents.runs import RunSummary

RUNS_OF_A_PROFILE = 50
"""How many runs are kept of a profile: the newest."""


@dataclass(slots=True)
class EvaluatedFleets:
    """The fleets of one evaluation, with the runs of their profiles."""

    fleets: list[StoredFleet] = field(default_factory=list)
    runs: dict[str, Sequence[RunSummary]] = field(default_factory=dict)
    """By the profile's id in lower case."""
    members: list[FleetMembers] = field(default_factory=list)

    def add(self, fleet: Fleet, evaluated: Iterable[tuple[Decision, Lag]], records: RunRecords) -> None:
        """Add a fleet with the decisions on its profiles, and their lags."""
        known = known_records(records)
        decided = {decision.profile_id: (decision, lag) for decision, lag in evaluated}
        profiles: list[StoredProfile] = []
        for profile in fleet.profiles:
            decision, lag = decided.get(profile.id, (None, None))
            runs = _runs_of(profile, fleet)
            self.runs[profile.id.key] = [
                run_summary(run, known.get(run.name.lower())) for run in runs[:RUNS_OF_A_PROFILE]
            ]
            current = _current(decision, runs, fleet)
            run = run_summary(current, known.get(current.name.lower())) if current is not None else None
            profiles.append(
                {
                    "id": profile.id.text,
                    "name": profile.name,
                    "settings": settings_of(profile),
                    "lag": _lag(lag) if lag is not None and decision is not None and decision.target else None,
                    "run": run,
                    "decision": _decision(decision, run) if decision is not None else None,
                }
            )
        names = tuple(sorted((member.name, member.cluster_id.name) for member in fleet.members))
        self.members.append(FleetMembers(fleet.id, tuple(profile.name for profile in fleet.profiles), names))
        self.fleets.append(
            {"id": fleet.id.text, "name": fleet.id.name, "members": len(fleet.members), "profiles": profiles}
        )


def settings_of(profile: Profile) -> ProfileSettings:
    """The profile as Fleet has it; what the app does not know is shown as Fleet wrote it."""
    strategy, selection, target = (
        None if value is None else text_of(value)
        for value in (profile.update_strategy_id, profile.node_image_selection, profile.target_kubernetes_version)
    )
    return {
        "channel": text_of(profile.channel),
        "updateStrategyId": strategy,
        "nodeImageSelection": selection,
        "targetKubernetesVersion": target,
        "longTermSupport": profile.long_term_support,
        "disabled": profile.disabled,
    }


def _runs_of(profile: Profile, fleet: Fleet) -> list[UpdateRun]:
    """Those in progress first, then the newest."""
    return sorted(runs_of(profile.id, fleet.update_runs), key=_order, reverse=True)


def _order(run: UpdateRun) -> tuple[bool, str, str]:
    moment = run.completed_at or run.progress.started_at
    return run.is_unfinished, time_text(moment) or "", run.name


def _current(decision: Decision | None, runs: Sequence[UpdateRun], fleet: Fleet) -> UpdateRun | None:
    """The profile's run in progress, or else the one that the decision is about."""
    if runs and runs[0].is_unfinished:
        return runs[0]
    about: ResourceId | None = decision.run_id if decision is not None else None
    return next((run for run in fleet.update_runs if run.id == about), None)


def _decision(decision: Decision, run: RunSummary | None) -> DecisionSummary | None:
    target = str(decision.target) if decision.target is not None else ""
    return summarize(decision.outcome, decision.reason, decision.sentence, target, decision.until, run)


def _lag(lag: Lag) -> LagDocument:
    return {
        "clusters": lag.clusters,
        "clustersBehind": lag.clusters_behind,
        "versionsBehind": lag.versions_behind,
        "behindSince": time_text(lag.since),
        "clustersOutOfSupport": lag.out_of_support,
    }
