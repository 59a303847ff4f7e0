"""Which of the app's records is about which run: runs are deleted and generated anew, and Fleet names its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, NativeCall, RunRecord, RunRecords
from shared.core.model.update_run import UpdateRun

NOT_RECORDED = RunRecord(Intent.REVIEW)
"""Of a run that this app knows nothing of: someone else's."""


def of_these_runs(records: RunRecords, runs: Iterable[UpdateRun]) -> RunRecords:
    """The records without those of runs that were deleted and generated anew under the same name."""
    older = {
        name
        for run in runs
        for name in [run.name.lower()]
        for record in [records.get(name)]
        if isinstance(record, RunRecord) and is_of_another_run(record.created_at, run.created_at)
    }
    return {name: record for name, record in records.items() if name not in older} if older else records


def is_of_another_run(recorded: datetime | None, created_at: datetime | None) -> bool:
    """Whether a record is about an earlier run than the one that was created then. An unknown time says nothing."""
    return recorded is not None and created_at is not None and recorded != created_at


def record_of(run: UpdateRun, records: Mapping[str, RunRecord], profile_id: ResourceId) -> RunRecord:
    """The record of a run of the profile: its own one, or for a run that Fleet generated, that of the call for it.

    The latter counts where the process stopped before it recorded the answer. The call may have been for another
    version than Fleet then chose. Where calls with both intents are unanswered, the run is for review.
    """
    own = records.get(run.name.lower())
    if own is not None or run.auto_upgrade_profile_id != profile_id:
        return own or NOT_RECORDED
    intents = {
        record.intent
        for record in records.values()
        if record.call is not None and record.call.profile_id == profile_id and may_answer(run, record)
    }
    return RunRecord(Intent.UPGRADE) if intents == {Intent.UPGRADE} else NOT_RECORDED


def may_answer(run: UpdateRun, record: RunRecord) -> bool:
    """Whether Fleet may have generated the run at the recorded call, whose answer was not recorded."""
    call = record.call
    if call is None or record.generated or key_of(run) in call.beside:
        return False
    return run.created_at is None or run.created_at <= call.until


def beside_both(earlier: RunRecord, call: NativeCall) -> frozenset[str]:
    """What was there before the call, and before an earlier one for the same run that may not have been answered."""
    before = earlier.call
    if before is None or earlier.generated:
        return call.beside
    until = before.until.isoformat()
    return frozenset(key for key in call.beside if key in before.beside or key.rpartition(" ")[2] > until)


def key_of(run: UpdateRun) -> str:
    """The run's name and when it was created: not the same again if it is deleted and generated anew."""
    return f"{run.name.lower()} {run.created_at.isoformat() if run.created_at is not None else ''}"
