"""What `./dev infra-check` is called with, and its help."""

from __future__ import annotations

import argparse

SOUND, PROBLEMS, NOT_CHECKED = 0, 1, 3

ABOUT = """\
Checks the templates that deploy the app, without Azure and without signing in.

With Microsoft's Bicep compiler, the one that BICEP names, else that on PATH, else that of `az bicep install`:
  - every .bicep and .bicepparam file builds and lints without a diagnostic, and is as `bicep format` writes it;
  - the snapshots in tests/infra/ways are what the templates give: one for each way of deploying, evaluated by Azure's
    own deployment engine, so that a changed template shows there as a difference to review;
  - names of deployments fit for every legal parameter, and what is deployed loads every file.
Always:
  - what the snapshots predict keeps the laws in local/infra/laws: names, tags, keys, networks, queries, settings;
  - Checkov finds nothing in it but what infra/checkov-skips.toml explains;
  - JSON, YAML and TOML files parse, and paths in azure.yaml exist."""

EPILOG = """\
exit codes: 0 it went well, 1 there are problems, 2 wrong usage, 3 no problem, but not all could be checked, for
example without a compiler: the last lines say what and why, 130 interrupted"""


def add_infra_check_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--renew-snapshots",
        action="store_true",
        help="write tests/infra/ways/*.snapshot.json anew, then check; review the difference as you would code",
    )
