"""A few hundred inputs break no law; and each law is broken by a function that does what it forbids."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import azure.functions as func
import pytest

from shared import composition
from shared.core.model.run_record import Intent, RunRecord
from tests.app.functions.index import app_functions
from tests.app.fuzz.campaign import input_number, run_campaign
from tests.app.fuzz.inputs import KEY, Input, inputs_of
from tests.app.fuzz.laws import LONGEST_LINE, LONGEST_RESPONSE, Outcome, fuzzed_app, outcome_of
from tests.app.fuzz.values import SENT
from tests.app.use_cases.scene import FLEET, NOW, PROFILE

INPUTS = 600
A_NUMBER = 7


def test_random_inputs_break_no_law() -> None:
    report = run_campaign(seed=2026, numbers=range(INPUTS))

    assert report.findings == []
    assert report.inputs == INPUTS


def test_every_function_but_the_timers_is_fuzzed() -> None:
    with_input = {one.name for one in app_functions() if one.kind != "timerTrigger"}

    assert set(inputs_of()) == with_input == set(run_campaign(1, range(len(with_input))).results)


def test_an_input_of_a_number_is_always_the_same_and_another_seed_has_others() -> None:
    shown = [input_number(1, A_NUMBER).shown, input_number(1, A_NUMBER).shown]

    assert shown[0] == shown[1]
    assert input_number(2, A_NUMBER).shown != shown[0]


def outcome_with(handler: Callable[[], object], kind: str = "httpTrigger", *, reads_only: bool = False) -> Outcome:
    """The outcome of a function that does this."""
    function = replace(next(app_functions()), kind=kind)
    with fuzzed_app() as log:
        return outcome_of(Input(function, handler, "", reads_only), log)


def respond(status: int = 200, body: str = "") -> func.HttpResponse:
    return func.HttpResponse(body, status_code=status)


def claim() -> func.HttpResponse:
    run = FLEET.child("updateRuns", "auto-1")
    composition.services().ledger.claim_run(run, PROFILE, RunRecord(Intent.UPGRADE), NOW, lambda: True)
    return respond(404)


def log(text: str) -> func.HttpResponse:
    logging.getLogger("library").debug("%s", text)
    return respond()


def log_much() -> func.HttpResponse:
    for _ in range(100):
        log("x" * 1000)
    return respond()


def stumble() -> object:
    raise ZeroDivisionError("a bug")


@pytest.mark.parametrize(
    ("handler", "kind", "broken"),
    [
        (lambda: respond(500), "httpTrigger", "status 500"),
        (lambda: None, "httpTrigger", "no response"),
        (stumble, "httpTrigger", "raised ZeroDivisionError"),
        (stumble, "eventGridTrigger", "raised ZeroDivisionError"),
        (stumble, "queueTrigger", "raised ZeroDivisionError"),
        (claim, "httpTrigger", "refused, and wrote: claim_run"),
        (lambda: log(f"x{KEY}"), "httpTrigger", "the key in a log"),
        (lambda: log(SENT), "httpTrigger", "the caller's text in a log"),
        (lambda: log("x" * LONGEST_LINE), "httpTrigger", "a line of"),
        (log_much, "httpTrigger", "a log of"),
        (lambda: respond(body=KEY), "httpTrigger", "the key in the response"),
        (lambda: respond(body="x" * LONGEST_RESPONSE), "httpTrigger", "a response of"),
    ],
)
def test_what_a_law_forbids_is_found(handler: Callable[[], object], kind: str, broken: str) -> None:
    assert any(found.startswith(broken) for found in outcome_with(handler, kind).broken)


def test_a_request_that_must_write_nothing_and_writes_is_found() -> None:
    def evaluate() -> func.HttpResponse:
        composition.services().queues.evaluate_estate()
        return respond()

    assert outcome_with(evaluate).broken == []
    assert outcome_with(evaluate, reads_only=True).broken == ["a GET, and wrote: evaluate_estate"]
