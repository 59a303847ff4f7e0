"""Scope: the members a run of a profile would touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.core.model.fleet import Cluster, Fleet, Member, clusters_of
from shared.core.model.profile import Profile
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.reasons import PREVIEW_SETTING, Outcome, Reason, Verdict


@dataclass(frozen=True, slots=True)
class Scope:
    """The members selected by a profile's strategy, or all members of its fleet without one."""

    members: tuple[Member, ...]

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters of joined members that could be read."""
        return clusters_of(self.members)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions those clusters are in, sorted."""
        return tuple(sorted({cluster.region for cluster in self.clusters}))


def find_scope(profile: Profile, fleet: Fleet) -> Scope | Verdict:
    """The scope of the profile, or the verdict if its update strategy is missing or unreadable."""
    strategy_id = profile.update_strategy_id
    if strategy_id is None:
        return _scope(fleet.members)
    if isinstance(strategy_id, Unparsed):
        return _not_found(strategy_id.text)
    strategy = fleet.strategies.get(strategy_id)
    if strategy is None:
        return _not_found(strategy_id.text)
    if isinstance(strategy, Unknown):
        return Verdict(
            Outcome.BLOCKED,
            Reason.STRATEGY_UNREADABLE,
            f"The update strategy {strategy_id.name} could not be read: {strategy.why}.",
        )
    selected = [member for member in fleet.members if strategy.selects(member)]
    if not selected and not fleet.is_preview and any(member.is_joined for member in fleet.members):
        return _selectors_not_visible(strategy_id.name)
    return _scope(selected)


def _scope(members: Iterable[Member]) -> Scope:
    """Sorted, so that no decision depends on the order in which members are listed."""
    return Scope(tuple(sorted(members, key=lambda member: (member.name.lower(), member.name))))


def _selectors_not_visible(strategy: str) -> Verdict:
    """UNVERIFIED: what the stable api-version shows of a strategy with selectors; it may be groups without members."""
    empty = f"No member is in a group of the update strategy {strategy}."
    advice = f"If it selects members by labels, {PREVIEW_SETTING} shows that; if not, correct its groups."
    return Verdict(Outcome.BLOCKED, Reason.SELECTORS_NOT_VISIBLE, f"{empty} {advice}")


def _not_found(strategy_id: str) -> Verdict:
    return Verdict(
        Outcome.INVALID,
        Reason.STRATEGY_NOT_FOUND,
        f"The profile's updateStrategyId names {strategy_id}, which does not exist in its fleet.",
    )
