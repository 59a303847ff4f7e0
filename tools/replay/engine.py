"""The replay itself: at each moment, decide and carry out until nothing more follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from shared.core.decision import Decision
from shared.core.model.update_run import UpgradeType
from shared.core.planner import decide
from shared.core.reasons import Outcome
from shared.core.runs.specification import RunSpecification
from shared.errors import InternalError
from tools.releases import Arrivals, Timeline, find_arrivals
from tools.replay.agenda import Agenda
from tools.replay.estate import Estate
from tools.replay.history import GeneratedRun, History, Observation
from tools.replay.ideal import Ideal
from tools.replay.levels import lowest_levels
from tools.replay.scenario import Scenario
from tools.replay.start_version import StartVersion

MAXIMUM_ROUNDS = 200
"""More runs than this at one moment are a loop: stepwise, split and catching up give a few each."""

_ACTING = frozenset({Outcome.GENERATE, Outcome.START, Outcome.RETRY})


def replay(scenario: Scenario, timeline: Timeline) -> History:
    """Play the timeline to its end, and on until every release has reached every region and has soaked.

    Raises:
        InvalidInputError: the timeline offers no version for the clusters to start on.
        InternalError: the core decides without end.
    """
    return _Replay(scenario, timeline).history()


class _Replay:
    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self._scenario = scenario
        self._timeline = timeline
        self._arrivals: Arrivals = find_arrivals(timeline.facts, scenario.regions, scenario.rollout_days)
        self._agenda = Agenda([timeline.starts, *(at for at in self._arrivals if at > timeline.starts)])
        self._estate = Estate(scenario, timeline)
        self._runs: list[GeneratedRun] = []
        self._start, self._ideal = self._begin()

    def history(self) -> History:
        observations = [self._observe(at) for at in self._agenda]
        said = [self._timeline.ends or self._timeline.starts, self._timeline.starts]
        ends = max([*said, *self._arrivals, *(run.at for run in self._runs)])
        return History(
            starts=self._timeline.starts,
            ends=ends,
            start=self._start,
            runs=self._runs,
            observations=[observation for observation in observations if observation.at <= ends],
        )

    def _begin(self) -> tuple[StartVersion, Ideal]:
        starts = self._timeline.starts
        for at in self._arrivals:
            if at <= starts:
                self._arrive(at)
        start = self._estate.found_fleet(starts)
        ideal = Ideal(self._scenario, self._timeline, start.version)
        ideal.publish([fact for fact in self._timeline.facts if fact.at <= starts], starts)
        for period in self._scenario.policies.policy.freeze:
            if starts.date() <= period.last < date.max:
                self._agenda.add(datetime.combine(period.last + timedelta(days=1), time.min, UTC))
        return start, ideal

    def _observe(self, at: datetime) -> Observation:
        if at > self._timeline.starts and at in self._arrivals:
            self._arrive(at)
            published = self._arrivals[at].get(self._scenario.regions[0])
            if published:
                self._ideal.publish(published, at)
        before = len(self._runs)
        decision = self._settle(at)
        return Observation(
            at=at,
            outcome=decision.outcome,
            reason=decision.reason,
            sentence=decision.sentence,
            target=self._ideal.target,
            lowest=lowest_levels(self._scenario.profile, self._estate.members),
            has_run=len(self._runs) > before,
        )

    def _arrive(self, at: datetime) -> None:
        soak = self._scenario.policies.policy.soak
        if self._estate.arrive(self._arrivals[at], at) and soak > timedelta(0):
            self._agenda.add(max(at + soak, self._timeline.starts))

    def _settle(self, at: datetime) -> Decision:
        for _ in range(MAXIMUM_ROUNDS):
            decision = decide(self._estate.facts(at))
            if decision.outcome not in _ACTING or decision.specification is None:
                return decision
            self._carry_out(decision, decision.specification, at)
        raise InternalError(f"the core still generates runs after {MAXIMUM_ROUNDS} at {at}")

    def _carry_out(self, decision: Decision, specification: RunSpecification, at: datetime) -> None:
        had = lowest_levels(self._scenario.profile, self._estate.members)
        upgraded = self._estate.carry_out(decision, specification, at)
        images = {family: version.text for family, version in upgraded.node_images.items()}
        if specification.upgrade_type is UpgradeType.NODE_IMAGE_ONLY:
            images = {image.family: image.version.text for image in specification.node_images}
        version = specification.kubernetes_version
        self._runs.append(
            GeneratedRun(
                at=at,
                upgrade_type=specification.upgrade_type,
                kubernetes_version=str(version) if version is not None else None,
                node_images=self._in_order(images),
                reason=decision.reason,
                behind=at - (self._ideal.above_since(had) or at),
                reached=lowest_levels(self._scenario.profile, self._estate.members),
            )
        )

    def _in_order(self, images: dict[str, str]) -> dict[str, str]:
        names: Iterable[str] = (family.name for family in self._scenario.families)
        return {name: images[name] for name in names if name in images}
