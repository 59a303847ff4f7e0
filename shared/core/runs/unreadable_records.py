"""Records of runs that cannot be read: a profile that one of them may be about is blocked.

Such a record may be that a run is for review, or that its last restart was made; neither may be guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.core.facts import Facts
from shared.core.model.profile import Profile
from shared.core.model.run_record import RunRecord, RunRecords
from shared.core.model.unknown import Unknown
from shared.core.reasons import Outcome, Reason, Verdict
from shared.core.runs.specification import is_name_under_any_channel
from shared.core.runs.wanted_run import runs_of


def unreadable_record(facts: Facts) -> Verdict | None:
    """The verdict if a record of one of the profile's runs cannot be read.

    A run that belongs to no profile of the fleet counts for all of them, as long as it exists: each may take it over.
    """
    others = [profile for profile in facts.fleet.profiles if profile.id != facts.profile.id]
    names = {run.name.lower() for run in facts.fleet.update_runs}
    for name, record in sorted(_unknown(facts.run_records)):
        is_of_another = any(_has_run(profile, name, facts) for profile in others)
        if _has_run(facts.profile, name, facts) or (name in names and not is_of_another):
            sentence = (
                f"What the app recorded of update run {name} is unknown: {record.why}. Correct or delete that row;"
                " without it, the run counts as created for review."
            )
            return Verdict(Outcome.BLOCKED, Reason.LEDGER_UNREADABLE, sentence)
    return None


def known_records(records: RunRecords) -> Mapping[str, RunRecord]:
    """The records that can be read."""
    return {name: record for name, record in records.items() if isinstance(record, RunRecord)}


def _unknown(records: RunRecords) -> Iterator[tuple[str, Unknown]]:
    return ((name, record) for name, record in records.items() if isinstance(record, Unknown))


def _has_run(profile: Profile, name: str, facts: Facts) -> bool:
    runs = runs_of(profile.id, facts.fleet.update_runs)
    return is_name_under_any_channel(profile.id, name) or name in {run.name.lower() for run in runs}
