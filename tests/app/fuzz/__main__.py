"""Runs a campaign; `./dev fuzz` starts it."""

from __future__ import annotations

import sys
import time

import click

from tests.app.fuzz.campaign import Report, run_campaign

SHOWN_EVERY_SECONDS = 10.0


@click.command()
@click.option("--inputs", type=click.IntRange(1), default=10_000)
@click.option("--seed", type=int, default=1)
@click.option("--input", "only", type=click.IntRange(0))
def main(*, inputs: int, seed: int, only: int | None) -> None:
    """Try random inputs; exit 1 if one breaks a law."""
    numbers = range(inputs) if only is None else range(only, only + 1)
    shown_at = time.monotonic()

    def progress(report: Report) -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at > SHOWN_EVERY_SECONDS:
            shown_at = time.monotonic()
            click.echo(f"{report.inputs} of {len(numbers)}, {len(report.findings)} broken laws", err=True)

    report = run_campaign(seed, numbers, progress)
    for line in report.lines():
        click.echo(line)
    sys.exit(1 if report.findings else 0)


if __name__ == "__main__":
    main(prog_name="./dev fuzz")
