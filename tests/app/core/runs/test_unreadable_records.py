"""A record that cannot be read blocks the profile that it may be about, and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.profile import Channel
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from tests.app.builders import a_profile, a_run, facts
from tests.app.core.reading import specification_of

UNKNOWN = Unknown("row 'a' of the ledger's partition 'b' is not readable (its date)")
OTHER = a_profile(name="other")


def name_of(given: Facts) -> str:
    return specification_of(decide(given)).name


def with_record(given: Facts, name: str) -> Decision:
    return decide(replace(given, run_records={"auto-older": RunRecord(Intent.UPGRADE), name: UNKNOWN}))


def test_the_sentence_names_the_run_and_the_row_and_says_what_to_do() -> None:
    given = facts()
    name = name_of(given)
    decision = with_record(given, name)

    assert (decision.outcome, decision.reason) == (Outcome.BLOCKED, Reason.LEDGER_UNREADABLE)
    assert decision.sentence == (
        f"What the app recorded of update run {name} is unknown: row 'a' of the ledger's partition 'b' is not readable"
        " (its date). Correct or delete that row; without it, the run counts as created for review."
    )


@pytest.mark.parametrize("intent", list(Intent))
def test_it_blocks_on_demand_too(intent: Intent) -> None:
    given = facts()

    assert with_record(replace(given, on_demand=intent), name_of(given)).reason is Reason.LEDGER_UNREADABLE


def test_the_record_of_another_profiles_run_blocks_only_that_profile() -> None:
    given = facts(other_profiles=[OTHER])
    name = name_of(replace(given, profile=OTHER))

    assert with_record(given, name).outcome is Outcome.GENERATE
    assert with_record(replace(given, profile=OTHER), name).reason is Reason.LEDGER_UNREADABLE


def test_the_record_of_a_native_run_blocks_the_profile_that_it_was_generated_from() -> None:
    given = facts(runs=[a_run("native", UpdateState.COMPLETED, profile=OTHER)], other_profiles=[OTHER])

    assert with_record(given, "native").outcome is Outcome.GENERATE
    assert with_record(replace(given, profile=OTHER), "native").reason is Reason.LEDGER_UNREADABLE


def test_the_record_of_a_run_that_is_no_profiles_blocks_all_while_the_run_exists() -> None:
    given = facts(runs=[a_run("by-hand", UpdateState.COMPLETED)], other_profiles=[OTHER])

    assert with_record(given, "by-hand").reason is Reason.LEDGER_UNREADABLE
    assert with_record(replace(given, profile=OTHER), "by-hand").reason is Reason.LEDGER_UNREADABLE
    assert with_record(given, "deleted").outcome is Outcome.GENERATE


def test_a_record_of_the_profile_under_another_channel_blocks_it_too() -> None:
    given = facts()
    before = replace(specification_of(decide(given)), channel=Channel.STABLE)

    assert with_record(given, before.name).reason is Reason.LEDGER_UNREADABLE


def test_a_profile_that_is_disabled_needs_no_record() -> None:
    given = facts()
    disabled = replace(given.profile, disabled=True, channel=Channel.RAPID)

    assert with_record(replace(given, profile=disabled), name_of(given)).reason is Reason.PROFILE_DISABLED
