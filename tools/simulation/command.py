"""`./dev simulate`: plays seeds, and shows the schedule of one that breaks a law."""

from __future__ import annotations

import gc
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track

_A_CHUNK = 20


@dataclass(frozen=True)
class SimulateOptions:
    """What to play."""

    seeds: int
    first: int
    only: int | None
    verbose: bool
    jobs: int
    mutants: bool = False


@dataclass(frozen=True)
class _Result:
    seed: int
    law: str
    how: str
    calls: int
    faults: int


def run_simulate(options: SimulateOptions) -> int:
    """Play; 0 if no law is broken, otherwise 1."""
    console = Console(highlight=False, soft_wrap=True)
    if options.mutants:
        return _play_mutants(console, options)
    if options.only is not None:
        return _play_one(console, options.only, verbose=options.verbose)
    began = time.perf_counter()
    broken: list[_Result] = []
    calls = faults = 0
    seeds = range(options.first, options.first + options.seeds)
    for result in track(
        _play(seeds, options.jobs), "playing", len(seeds), console=Console(stderr=True), transient=True
    ):
        calls, faults = calls + result.calls, faults + result.faults
        if result.law:
            broken.append(result)
            console.print(f"seed {result.seed}: {result.how}", markup=False)
    console.print(
        f"{len(seeds)} seeds from {seeds.start} on: {calls:,} calls to Azure, {faults:,} faults, "
        f"{time.perf_counter() - began:.0f} s; {len(broken)} seeds broke a law"
    )
    for law, count in Counter(result.law for result in broken).most_common():
        console.print(f"  {count:>5}  {law}", markup=False)
    if broken:
        console.print(f"The schedule of the first: ./dev simulate --seed {broken[0].seed}")
    return 1 if broken else 0


def _play(seeds: range, jobs: int) -> Iterator[_Result]:
    if jobs <= 1:
        yield from map(_result, seeds)
        return
    with multiprocessing.get_context("spawn").Pool(jobs, _set_up) as pool:
        yield from pool.imap(_result, seeds, _A_CHUNK)


def _set_up() -> None:
    """Lets other programs of the machine go first; what is imported by then is never searched for garbage again."""
    os.nice(10)
    gc.freeze()


def _result(seed: int) -> _Result:
    from tools.simulation.simulated import simulate

    try:
        outcome = simulate(seed)
    except Exception as error:  # noqa: BLE001 - it is shown, and the other seeds are played
        return _Result(seed, "the simulation itself works", f"{type(error).__name__}: {error}", 0, 0)
    law, how = (outcome.broken.law, str(outcome.broken)) if outcome.broken is not None else ("", "")
    return _Result(seed, law, how, outcome.calls, len(outcome.faults))


def _play_one(console: Console, seed: int, *, verbose: bool) -> int:
    from tools.simulation.shrink import shrink
    from tools.simulation.simulated import simulate

    outcome = simulate(seed)
    if outcome.broken is not None and not verbose:
        with console.status("shortening the schedule"):
            outcome = shrink(outcome)
    lines = outcome.schedule if verbose else [line for line in outcome.schedule if not _is_detail(line)]
    for line in lines:
        console.print(line, markup=False)
    if outcome.broken is None:
        console.print(f"seed {seed} breaks no law: {outcome.calls} calls to Azure, {len(outcome.faults)} faults")
        return 0
    console.print(f"seed {seed} breaks a law; the whole schedule: ./dev simulate --seed {seed} --verbose")
    return 1


def _play_mutants(console: Console, options: SimulateOptions) -> int:
    """Play each mutant until a law is broken; 0 if the simulation finds all that it is known to find, otherwise 1."""
    from tools.simulation.mutants import MUTANTS

    seeds = range(options.first, options.first + options.seeds)
    lost = 0
    with multiprocessing.get_context("spawn").Pool(options.jobs, _set_up) as pool:
        killers = pool.imap(_killer, [(number, seeds) for number in range(len(MUTANTS))])
        for mutant, killer in zip(MUTANTS, killers, strict=True):
            found = f"seed {killer.seed}: {killer.law}" if killer is not None else f"survives. {mutant.survives}"
            console.print(f"without {mutant.rule}: {found}", markup=False)
            lost += killer is None and not mutant.survives
    return 1 if lost else 0


def _killer(played: tuple[int, range]) -> _Result | None:
    """The first of the seeds that finds the mutant, by its number."""
    from tools.simulation.mutants import MUTANTS

    number, seeds = played
    with MUTANTS[number].applied():
        return next((result for seed in seeds if (result := _result(seed)).law), None)


def _is_detail(line: str) -> bool:
    """Writes to the ledger and to queues that went well."""
    return any(f" {word} row" in line for word in ("put", "insert", "replace", "delete")) and ":" not in line[40:]
