"""Reads one update run as it is now, with the app's record of it; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.model.ids import ResourceId
from shared.core.model.run_record import RunRecord
from shared.core.model.update_run import UpdateRun
from shared.core.runs.specification import is_name_under_any_channel
from shared.core.runs.unreadable_records import known_records
from shared.overview.run_outline import RunOutline
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class RunView:
    """One update run."""

    outline: RunOutline
    record: RunRecord | None
    """The app's record of it; None if the app did not generate it, or if its row cannot be read."""
    profile_id: ResourceId | None
    """The profile it was generated from; None if Fleet reports none, and no known profile gives it its name."""


def read_run(services: Services, run_id: ResourceId) -> RunView:
    """The run.

    Raises:
        NotFoundError: it does not exist.
    """
    outline = services.outlines.read_outline(run_id)
    records = services.ledger.run_records([run_id.parent]).get(run_id.parent, {})
    return RunView(outline, known_records(records).get(run_id.name.lower()), _profile_id(services, outline.run))


def _profile_id(services: Services, run: UpdateRun) -> ResourceId | None:
    """As Fleet reports it, which it does for the runs it generates itself; for one by this app from the run's name."""
    reported = run.auto_upgrade_profile_id
    if reported is not None:
        return reported if isinstance(reported, ResourceId) else None
    fleet_id = run.id.parent
    stored = services.overview.read_fleet(fleet_id, evaluated_at=None)
    profiles = (profile for fleet in (stored.fleets if stored is not None else ()) for profile in fleet["profiles"])
    profile_ids = (ResourceId.parse(profile["id"]) for profile in profiles)
    return next((each for each in profile_ids if is_name_under_any_channel(each, run.name)), None)
