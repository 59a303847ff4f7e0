"""How the text of each policy is read: every valid form, and what is said about any other."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from shared.core.policies.policy import (
    DEFAULT_POLICY,
    ActiveRun,
    BusyClusters,
    CatchUp,
    DateRange,
    Generator,
    Policy,
    Regions,
    Split,
    Start,
    StoppedClusters,
)
from shared.core.policies.rules import POLICY_RULES, find_policy_rule
from shared.errors import InvalidInputError

HOLIDAYS = DateRange(date(2026, 12, 15), date(2027, 1, 5))
ONE_DAY = DateRange(date(2026, 11, 27), date(2026, 11, 27))


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("regions", "common", Regions.COMMON),
        ("regions", "any", Regions.ANY),
        ("regions", " Any ", Regions.ANY),
        ("soak", "PT0S", timedelta(0)),
        ("soak", "P7D", timedelta(days=7)),
        ("soak", "P1W", timedelta(days=7)),
        ("soak", "P1DT12H", timedelta(days=1, hours=12)),
        ("soak", "PT36H", timedelta(hours=36)),
        ("soak", " PT90M ", timedelta(minutes=90)),
        ("soak", "P0.5D", timedelta(hours=12)),
        ("soak", "P365D", timedelta(days=365)),
        ("freeze", "none", ()),
        ("freeze", "None", ()),
        ("freeze", "2026-12-15/2027-01-05", (HOLIDAYS,)),
        ("freeze", "2026-11-27/2026-11-27", (ONE_DAY,)),
        ("freeze", "2026-12-15/2027-01-05, 2026-11-27/2026-11-27", (ONE_DAY, HOLIDAYS)),
        ("freeze", "2026-11-27/2026-11-27,2026-12-15/2027-01-05", (ONE_DAY, HOLIDAYS)),
        ("freeze", "2026-12-15/9999-12-31", (DateRange(date(2026, 12, 15), date.max),)),
        ("active-run", "wait", ActiveRun.WAIT),
        ("active-run", "replace", ActiveRun.REPLACE),
        ("active-run", "IGNORE", ActiveRun.IGNORE),
        ("stopped-clusters", "skip", StoppedClusters.SKIP),
        ("stopped-clusters", "fail", StoppedClusters.FAIL),
        ("busy-clusters", "skip", BusyClusters.SKIP),
        ("busy-clusters", "Upgrade", BusyClusters.UPGRADE),
        ("busy-wait", "PT0S", timedelta(0)),
        ("busy-wait", "P30D", timedelta(days=30)),
        ("catch-up", "off", CatchUp.OFF),
        ("catch-up", "stepwise", CatchUp.STEPWISE),
        ("split", "off", Split.OFF),
        ("split", "control-plane-first", Split.CONTROL_PLANE_FIRST),
        ("retry", "0", 0),
        ("retry", "3", 3),
        ("retry", "10", 10),
        ("retry", " 2 ", 2),
        ("start", "auto", Start.AUTO),
        ("start", "manual", Start.MANUAL),
        ("generator", "compose", Generator.COMPOSE),
        ("generator", "native", Generator.NATIVE),
    ],
)
def test_each_valid_form_is_read(key: str, text: str, value: object) -> None:
    assert POLICY_RULES[key].read(text, "somewhere") == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("regions", ""),
        ("regions", "all"),
        ("regions", "common,any"),
        ("soak", ""),
        ("soak", "7d"),
        ("soak", "7"),
        ("soak", "P1M"),
        ("soak", "P1Y"),
        ("soak", "-P1D"),
        ("soak", "P366D"),
        ("soak", "P999999999D"),
        ("soak", "P99999999999D"),
        ("soak", "P2026-13-45T99:99:99"),
        ("busy-clusters", "wait"),
        ("busy-wait", ""),
        ("busy-wait", "6h"),
        ("busy-wait", "P1M"),
        ("busy-wait", "P31D"),
        ("freeze", ""),
        ("freeze", "2026-12-15"),
        ("freeze", "2026-12-15/"),
        ("freeze", "2026-12-15/2026-12-14"),
        ("freeze", "2026-02-30/2026-03-01"),
        ("freeze", "2026-12-15/2027-01-05,"),
        ("freeze", "2026-12-15 / 2027-01-05"),
        ("freeze", "15.12.2026/05.01.2027"),
        ("freeze", "none,2026-12-15/2027-01-05"),
        ("active-run", "stop"),
        ("stopped-clusters", "start"),
        ("catch-up", "on"),
        ("catch-up", "true"),
        ("split", "nodes-first"),
        ("split", "control_plane_first"),
        ("retry", ""),
        ("retry", "-1"),
        ("retry", "+1"),
        ("retry", "1.0"),
        ("retry", "11"),
        ("retry", "\u0663"),
        ("retry", "\u00b2"),
        ("retry", "often"),
        ("retry", "9" * 5000),
        ("start", "yes"),
        ("generator", "fleet"),
    ],
)
def test_any_other_form_is_refused_with_the_field_the_value_and_what_is_valid(key: str, text: str) -> None:
    rule = POLICY_RULES[key]

    with pytest.raises(InvalidInputError) as caught:
        rule.read(text, "tag auto-upgrade.x")

    error = caught.value
    assert (error.field, error.value, error.expected) == ("tag auto-upgrade.x", text, rule.expected)


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("regions", "common or any"),
        ("soak", "P7D or PT1H, and no longer than 365 days"),
        ("freeze", "2026-12-15/2027-01-05, separated by commas, or none"),
        ("active-run", "wait or replace or ignore"),
        ("stopped-clusters", "skip or fail"),
        ("busy-clusters", "skip or upgrade"),
        ("busy-wait", "P7D or PT1H, and no longer than 30 days"),
        ("catch-up", "off or stepwise"),
        ("split", "off or control-plane-first"),
        ("retry", "from 0 to 10"),
        ("start", "auto or manual"),
        ("generator", "compose or native"),
    ],
)
def test_what_is_valid_is_said_in_words_a_person_can_use(key: str, word: str) -> None:
    assert word in POLICY_RULES[key].expected


def test_the_default_of_each_as_text_is_the_default_of_the_policy() -> None:
    read = {rule.attribute: rule.read(rule.default, "default") for rule in POLICY_RULES.values()}

    assert Policy(**read) == DEFAULT_POLICY  # type: ignore[arg-type] # each rule parses into its field's type


def test_every_policy_has_a_key_and_every_key_a_policy() -> None:
    assert {rule.attribute for rule in POLICY_RULES.values()} == {field.name for field in fields(Policy)}


@pytest.mark.parametrize(
    ("moment", "is_covered"),
    [
        (datetime(2026, 12, 14, 23, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 15, tzinfo=UTC), True),
        (datetime(2027, 1, 5, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 6, tzinfo=UTC), False),
        (datetime(2027, 1, 6, 0, 30, tzinfo=timezone(timedelta(hours=1))), True),
    ],
)
def test_a_range_covers_whole_days_in_utc_the_last_included(moment: datetime, *, is_covered: bool) -> None:
    assert HOLIDAYS.covers(moment) is is_covered


def test_a_range_reads_back_as_it_was_written() -> None:
    assert str(HOLIDAYS) == "2026-12-15/2027-01-05"


def test_a_key_is_found_in_any_case() -> None:
    assert find_policy_rule("Active-Run", "tag").key == "active-run"


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInputError, match=r"^policy key is not valid; .*; the nearest is soak$") as caught:
        find_policy_rule("sook", "policy.sook")

    assert caught.value.explanation.startswith("policy.sook is 'sook'; expected one of ")
