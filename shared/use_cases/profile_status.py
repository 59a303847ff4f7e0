"""Reads the last trigger and the last decision of one profile; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown
from shared.ports import RecordedDecision, Trigger
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class ProfileStatus:
    """The profile's last trigger and decision; None if there was none yet, `Unknown` if it cannot be read."""

    profile_id: ResourceId
    last_trigger: Trigger | Unknown | None
    last_decision: RecordedDecision | Unknown | None
    last_evaluated_at: datetime | None
    """When the last complete evaluation of everything began."""
    fleet_message: str = ""
    """What Fleet reports of the last trigger that it made; empty if it reports none."""


def read_status(services: Services, profile_id: ResourceId) -> ProfileStatus:
    """The status of the profile.

    Raises:
        NotFoundError: the profile does not exist.
    """
    profile = services.fleets.read_profile(profile_id)
    ledger = services.ledger
    return ProfileStatus(
        profile.id,
        ledger.last_trigger(profile.id),
        ledger.last_decision(profile.id),
        ledger.last_evaluation(),
        profile.last_trigger_message,
    )
