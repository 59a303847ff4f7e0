"""Commands of `./dev` that try the app under fire: random inputs, faults and crashes; and one that describes it."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from tools.help_texts import CRASH_TEST_EXAMPLES, EXIT_CODES, FUZZ_EXAMPLES, SIMULATE_EXAMPLES
from tools.run_module import run_module


@click.command(epilog=FUZZ_EXAMPLES)
@click.option("--inputs", type=click.IntRange(1), default=10_000, show_default=True, help="How many inputs to try.")
@click.option("--seed", type=int, default=1, show_default=True, help="Other numbers, other inputs.")
@click.option("--input", "only", type=click.IntRange(0), help="Try the input of that number alone.")
def fuzz(*, inputs: int, seed: int, only: int | None) -> int:
    """Try random inputs, structured and raw, on every function that takes one.

    In this process, on a world in memory. No input may cause a server error, a write where it is refused, a secret or
    its text in a log, or a long log or response. What breaks a law is shown with the number that repeats it.
    """
    alone = () if only is None else ("--input", str(only))
    return run_module("tests.app.fuzz", "--inputs", str(inputs), "--seed", str(seed), *alone)


@click.command(epilog=SIMULATE_EXAMPLES)
@click.option("--seeds", type=click.IntRange(1), default=200, show_default=True, help="How many seeds to play.")
@click.option("--first", type=click.IntRange(0), default=1, show_default=True, help="The first of them.")
@click.option("--seed", type=click.IntRange(0), help="Play this one alone, and show what everyone does.")
@click.option("--verbose", is_flag=True, help="With --seed: every write, and the schedule as it is, not shortened.")
@click.option("--jobs", type=click.IntRange(1), help="Seeds at a time; default: as many as the machine has cores.")
@click.option("--mutants", is_flag=True, help="Play the app without one rule after the other, until a law is broken.")
def simulate(*, seeds: int, first: int, seed: int | None, verbose: bool, jobs: int | None, mutants: bool) -> int:
    """Play the app against an Azure that fails, and people who interfere.

    Each seed is a fleet, its policies, people and faults: processes die between any two calls, answers are lost,
    Azure throttles, Resource Graph lags, messages come twice, late and in any order, clocks differ. The app is real
    down to its adapters; time and Azure are simulated. Laws are checked at every write, and at the end, when the
    faults are over, that every cluster is at its target. docs/reliability.md lists them.

    A seed always gives the same schedule. One that breaks a law is shortened to what matters.
    """
    from tools.simulation.command import SimulateOptions, run_simulate

    return run_simulate(SimulateOptions(seeds, first, seed, verbose, jobs or os.cpu_count() or 1, mutants))


@click.command(epilog=CRASH_TEST_EXAMPLES)
@click.option("--flow", "flows", multiple=True, help="Only this flow; repeatable. Default: all of them.")
@click.option("--every", type=click.IntRange(1), default=1, show_default=True, help="Play every n-th case only.")
def crash_test(*, flows: Sequence[str], every: int) -> int:
    """Let the app die at every HTTP request of every flow.

    A case is a flow (detect, evaluate, generate, restart, a request, an alert and others), one of its requests, and
    what happens there: the process dies before it, dies after it, or the answer is lost. Then a message or a caller
    comes again, the timers run, and the clusters and runs must be as they are undisturbed. The app talks to the
    emulator and to Azurite with its real adapters. All cases take about half an hour.
    """
    from tools.simulation.crashes.command import run_crash_test

    return run_crash_test(flows, every)


@click.command(epilog=EXIT_CODES)
def api() -> int:
    """Describe the HTTP API: make functions/openapi.json and docs/api.md from the code.

    Tests compare both with the code, and hold every response against the description.
    """
    return run_module("tests.app.api")


@click.command(epilog=EXIT_CODES)
@click.option("--hosts", type=click.IntRange(1), default=8, show_default=True, help="Hosts at a time.")
@click.option("--copies", type=click.IntRange(1), default=80, show_default=True, help="Requests at once.")
@click.option("--kills", type=click.IntRange(0), default=8, show_default=True, help="How many hosts are killed.")
@click.option("--seed", type=int, default=1, show_default=True, help="Other numbers, other hosts and moments.")
def kill_test(*, hosts: int, copies: int, kills: int, seed: int) -> int:
    """Race real hosts for the same runs, and kill them at random moments.

    All copies request the run of a profile at once, to start it or for review, each from some host. Killed hosts are
    replaced. At the end each run was created once, and started once or, for review, not at all.
    """
    from tools.simulation.crashes.kill_test import KillOptions, run_kill_test

    return run_kill_test(KillOptions(hosts, copies, kills, seed))
