"""`./dev crash-test`: plays the cases, and shows those that end otherwise than undisturbed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from tools.simulation.crashes.cases import Case, play_cases
from tools.simulation.crashes.flows import FLOWS
from tools.simulation.crashes.local_azure import LocalAzure


def run_crash_test(names: Sequence[str], every: int) -> int:
    """Play every n-th case of the flows, of all without names; 0 if all end as they do undisturbed, otherwise 1."""
    console = Console(highlight=False, soft_wrap=True)
    began, played, wrong = time.perf_counter(), 0, list[Case]()
    with tempfile.TemporaryDirectory(prefix="crash-test-") as directory, LocalAzure(Path(directory)) as azure:
        for flow in FLOWS:
            if names and flow.name not in names:
                continue
            cases = list(play_cases(azure, flow, every))
            different = [case for case in cases if case.difference]
            console.print(f"{flow.name}: {len(cases)} cases, {len(different)} end otherwise", markup=False)
            for case in different:
                console.print(f"{case}{case.difference}", markup=False)
            played, wrong = played + len(cases), [*wrong, *different]
    console.print(f"{played} cases in {time.perf_counter() - began:.0f} s; {len(wrong)} end otherwise than undisturbed")
    return 1 if wrong else 0
