"""A campaign: inputs by number, each reproducible alone, and what they led to."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.app.fuzz.inputs import Input, inputs_of
from tests.app.fuzz.laws import Outcome, fuzzed_app, outcome_of

FINDINGS = 20
"""After so many broken laws a campaign ends."""


@dataclass
class Report:
    """The figures of a campaign."""

    inputs: int = 0
    results: dict[str, Counter[str]] = field(default_factory=dict)
    """How often each result came, by function."""
    findings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """Of the processor, in the app."""
    slowest: float = 0.0
    longest_log: int = 0
    longest_response: int = 0

    def add(self, name: str, outcome: Outcome) -> None:
        """Count one outcome."""
        self.inputs += 1
        self.results.setdefault(name, Counter())[outcome.result] += 1
        self.seconds += outcome.seconds
        self.slowest = max(self.slowest, outcome.seconds)
        self.longest_log = max(self.longest_log, outcome.logged)
        self.longest_response = max(self.longest_response, outcome.responded)

    def lines(self) -> Iterable[str]:
        """For people."""
        for name, results in sorted(self.results.items()):
            counts = ", ".join(f"{count} {result}" for result, count in sorted(results.items()))
            yield f"{name}: {counts}"
        yield (
            f"{self.inputs} inputs, {self.seconds:.0f} s of CPU in the app; at most {self.slowest * 1000:.0f} ms,"
            f" {self.longest_log} characters of log and {self.longest_response} bytes of response for one input"
        )
        yield from self.findings


def input_number(seed: int, number: int) -> Input:
    """The input of that number: always the same for the same code."""
    chance = random.Random(f"{seed} {number}")
    makers = inputs_of_app()
    return makers[number % len(makers)](chance)


_MAKERS: list[Callable[[random.Random], Input]] = []


def inputs_of_app() -> list[Callable[[random.Random], Input]]:
    """By function, in the order of their names; indexed once."""
    if not _MAKERS:
        _MAKERS.extend(make for _, make in sorted(inputs_of().items()))
    return _MAKERS


def run_campaign(seed: int, numbers: Iterable[int], progress: Callable[[Report], None] = lambda _: None) -> Report:
    """Try the inputs of these numbers."""
    report = Report()
    with fuzzed_app() as log:
        for number in numbers:
            given = input_number(seed, number)
            outcome = outcome_of(given, log)
            report.add(given.function.name, outcome)
            for broken in outcome.broken:
                where = f"--seed {seed} --input {number} ({given.function.name})"
                report.findings.append(f"{where}: {broken}\n    {given.shown[:600]}")
            progress(report)
            if len(report.findings) >= FINDINGS:
                break
    return report
