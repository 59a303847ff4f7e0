"""The commands of `./dev`, by click: short to declare, and it checks options as carefully as argparse did."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from tools.arguments import FILE, MOMENT, NEW_FILE, POLICY, PORT, SETTING, WORLD, no_browser
from tools.click_classes import InOrder, Verbatim
from tools.help_texts import (
    EXIT_CODES,
    EXPLAIN_EXAMPLES,
    INFRA_EXIT_CODES,
    TEST_EXAMPLES,
    TIME_EXAMPLES,
    UP_EXAMPLES,
)
from tools.move_options import move_of, moves
from tools.paths import DEMO_WORLD, DEV, ROOT, TIMELINE
from tools.proofs import api, crash_test, fuzz, kill_test, simulate
from tools.run_module import run_module

_INTERRUPTED = 130


@click.group(
    cls=InOrder,
    invoke_without_command=True,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.pass_context
def cli(context: click.Context) -> int:
    """Run the auto-upgrade engine and its tests on this machine; nothing is sent to Azure.

    Everything needed is installed into .dev/ on first use.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    try:
        code: object = cli.main(arguments, prog_name="./dev", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return _INTERRUPTED
    return code if isinstance(code, int) else 0


@cli.command(epilog=EXIT_CODES)
@click.option("--full", is_flag=True, help="Play the whole timeline, from January 2025 on: about a minute.")
@click.option("--timeline", type=FILE, help="Play other releases, same format, in full.")
@click.option("--world", type=WORLD, help="Play with other fleets, in full: a file, or the name of a world.")
@click.option("--until", type=MOMENT, help="Stop early, for example at 2026-04-30.")
@click.option("--keep", is_flag=True, help="Leave the stack up at the end, and print its addresses.")
@click.option("--json", is_flag=True, help="Print the summary as one JSON document.")
@no_browser
def demo(*, full: bool, timeline: Path | None, world: Path | None, until: datetime | None, **flags: bool) -> int:
    """Play real AKS releases through the app and watch what it does.

    Two months in which 1.35 is released, with every kind of profile, a cluster that is stopped and caught up later,
    and a freeze. At the end the clusters are compared with what the releases ask for.
    """
    from tools.demo.command import run_demo
    from tools.demo.options import DemoOptions

    return run_demo(DemoOptions(full, world, timeline, until, **flags))


@cli.command(epilog=UP_EXAMPLES)
@click.option("--world", type=WORLD, default=DEMO_WORLD, help="Fleets: a file, or a name in tools/emulator/worlds.")
@click.option("--timeline", type=FILE, default=TIMELINE, help="Other releases, same format.")
@click.option("--start", type=MOMENT, help="When it begins; default: as the world or the timeline says.")
@moves
@click.option("--port", type=PORT, default=0, help="ARM's; the Function app gets the next one.")
@click.option("--request-log", type=NEW_FILE, help="Every request goes there, a line of JSON each.")
@click.option("--throttle", is_flag=True, help="Enforce ARM's rate limits.")
@click.option(
    "--telemetry", is_flag=True, help="The app sends telemetry; its rows go to a file, as Log Analytics has them."
)
@click.option("--setting", type=SETTING, multiple=True, help="An app setting; repeatable.")
@no_browser
def up(
    *,
    world: Path,
    timeline: Path,
    start: datetime | None,
    to: datetime | None,
    next_release: bool,
    speed: float | None,
    port: int,
    request_log: Path | None,
    throttle: bool,
    telemetry: bool,
    setting: Sequence[tuple[str, str]],
    browser: bool,
) -> int:
    """Start Azure and the app on this machine, to try things.

    It stays until Ctrl-C. It prints where ARM, the Function app and its key are, and lines to paste into a shell;
    `source .dev/up.env` in another terminal does the same. What happens is shown as it happens. Time stands still
    unless --speed lets it run or ./dev time moves it; the app's timers follow it.
    """
    from tools.up.command import run_up
    from tools.up.options import UpOptions

    move = move_of(to, speed, next_release=next_release)
    options = UpOptions(world, timeline, start, move, port, request_log, throttle, telemetry, dict(setting), browser)
    return run_up(options)


@cli.command(name="time", epilog=TIME_EXAMPLES)
@moves
def time_command(*, to: datetime | None, next_release: bool, speed: float | None) -> int:
    """Show the time of what is up, or move it.

    On the way everything happens when it is due: releases arrive, the app's timers run, upgrades end; each is waited
    for before time goes on, and shown.
    """
    from tools.up.time_command import run_time

    return run_time(move_of(to, speed, next_release=next_release))


@cli.command(cls=Verbatim)
def az(arguments: Sequence[str]) -> int:
    """Run the real Azure CLI (700 MB), signed in to what is up."""
    from tools.azure_cli.command import run_az

    return run_az(list(arguments))


@cli.command(epilog=EXIT_CODES)
def screenshots() -> int:
    """Write docs/images anew: the status page in the demo's world, in light and dark."""
    from tools.screenshots.command import run_screenshots

    return run_screenshots()


@cli.command(cls=Verbatim)
def replay(arguments: Sequence[str]) -> int:
    """List every run that dated AKS releases would have led to."""
    # from where the person is: files are meant from there, and `-P` keeps modules there out
    command = [sys.executable, "-P", "-m", "tools.replay", *arguments]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False).returncode


@cli.command(epilog=EXPLAIN_EXAMPLES)
@click.argument("facts")
@click.option("--at", type=MOMENT, help="Decide for this date, or time in ISO 8601, instead of that of the facts.")
@click.option("--policy", type=POLICY, multiple=True, help="Replace a policy, such as freeze=none; repeatable.")
@click.option("--json", is_flag=True, help="Print the decision as the preview returns it.")
def explain(*, facts: str, at: datetime | None, policy: Sequence[tuple[str, str]], json: bool) -> int:
    """Decide a profile again from captured facts, offline.

    FACTS is a file, or - for standard input: the response of a preview with facts=true, or only its facts.
    docs/facts.md describes the format, and how to assemble facts with `az rest`. The same facts give the same decision.
    """
    from tools.explain.command import ExplainOptions, run_explain

    return run_explain(ExplainOptions(facts, at, tuple(policy), json))


@cli.command(epilog=TEST_EXAMPLES, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--quick", is_flag=True, help="Only lint and the tests that need no stack, without slow files.")
@click.argument("pytest", nargs=-1, type=click.UNPROCESSED)
def test(pytest: Sequence[str], *, quick: bool) -> int:
    """Check everything; with options of pytest, run pytest alone.

    Lint, types, all tests, and that the tests of the core take every branch of it; side by side, as far as the cores
    of the machine go.
    """
    from tools.checks.everything import QUICK, run_everything, run_quick

    if pytest:
        return run_module("pytest", *(QUICK if quick else ()), *pytest)
    return run_quick() if quick else run_everything()


@cli.command(epilog=EXIT_CODES)
@click.argument("pattern", required=False)
def mutate(pattern: str | None) -> int:
    """Change the core in small ways; list what no test notices.

    PATTERN limits it to some mutants, for example 'shared.core.targets.channels.*'.
    """
    from tools.checks.mutation import run_mutation

    return run_mutation(pattern)


for proof in (api, fuzz, simulate, crash_test, kill_test):
    cli.add_command(proof)


@cli.command(epilog=EXIT_CODES)
def core() -> int:
    """Run the core's tests; they must take every branch of it."""
    from tools.checks.everything import run_core

    return run_core()


@cli.command(epilog=EXIT_CODES)
def rooms() -> int:
    """List the rooms of the core by floor, and what imports what."""
    return run_module("tools.checks.rooms")


@cli.command(epilog=INFRA_EXIT_CODES)
@click.option(
    "--renew-snapshots",
    "renew",
    is_flag=True,
    help="Write tests/infra/ways/*.snapshot.json anew, then check. Review the difference as you review code.",
)
def infra_check(*, renew: bool) -> int:
    """Check the templates that deploy the app, without Azure and without signing in.

    With Microsoft's Bicep compiler (the one that BICEP names, else on PATH, else of `az bicep install`): every .bicep
    and .bicepparam file builds, lints without a diagnostic and is formatted; the snapshots in tests/infra/ways are what
    the templates evaluate to, one for each way of deploying; names of deployments fit for every legal parameter.

    Always: the snapshots keep the laws in tools/checks/infra/laws (names, tags, keys, networks, queries, settings);
    Checkov (190 MB on first use) finds nothing but what infra/checkov-skips.toml explains; JSON, YAML and TOML files
    parse, and paths in azure.yaml exist.
    """
    from tools.checks.infra.command import run_infra_check

    return run_infra_check(renew=renew)


@cli.command(epilog=EXIT_CODES)
def kql_check() -> int:
    """Check the alerts' queries with Microsoft's own parser."""
    from tools.checks.kusto.command import run_kql_check

    return run_kql_check()


@cli.command(epilog=EXIT_CODES)
def lint() -> int:
    """Check style and format with ruff; change nothing."""
    return run_module("ruff", "check", "--quiet", ".") or run_module("ruff", "format", "--quiet", "--check", ".")


@cli.command(name="format", epilog=EXIT_CODES)
def format_command() -> int:
    """Format all code, and correct what ruff can correct."""
    return run_module("ruff", "check", "--quiet", "--fix", ".") or run_module("ruff", "format", "--quiet", ".")


@cli.command(epilog=EXIT_CODES)
def types() -> int:
    """Check types with mypy, strict."""
    return run_module("mypy")


@cli.command(epilog=EXIT_CODES)
def lock() -> int:
    """Lock the newest versions of all packages."""
    compile_lock = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
    compile_lock += ["--python-version", "3.11", "--upgrade", "--custom-compile-command", "./dev lock"]
    project = [*compile_lock, "pyproject.toml"]
    azure_cli = "tools/azure_cli/requirements"
    return (
        run_module(*project, "-o", "requirements.txt")
        or run_module(*project, "--extra", "dev", "-c", "requirements.txt", "-o", "requirements-dev.txt")
        or run_module(*compile_lock, f"{azure_cli}.in", "-o", f"{azure_cli}.txt")
    )


@cli.command(epilog=EXIT_CODES)
def clean() -> int:
    """Remove .dev/: all that was installed and written."""
    shutil.rmtree(DEV, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
