"""Reads one update run as it is now, with the app's record of it; writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.model.ids import ResourceId
from shared.core.model.run_record import RunRecord
from shared.core.runs.unreadable_records import known_records
from shared.overview.run_outline import RunOutline
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class RunView:
    """The run, and the app's record of it; None if the app did not generate it, or if its row cannot be read."""

    outline: RunOutline
    record: RunRecord | None


def read_run(services: Services, run_id: ResourceId) -> RunView:
    """The run.

    Raises:
        NotFoundError: it does not exist.
    """
    outline = services.outlines.read_outline(run_id)
    records = services.ledger.run_records([run_id.parent]).get(run_id.parent, {})
    return RunView(outline, known_records(records).get(run_id.name.lower()))
