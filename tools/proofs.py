"""Commands of `./dev` that try the app with random inputs, on a world in memory."""

from __future__ import annotations

import click

from tools.help_texts import FUZZ_EXAMPLES
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
