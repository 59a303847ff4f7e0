"""`python -m tests.tools.how_to.az_stand_in`: what the README does with `./dev az`, without the Azure CLI.

Two commands, through Microsoft's SDK; of `--query` only paths such as `agentPoolProfiles[0].name`.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from typing import cast

from azure.core.rest import HttpRequest

from tests.tools.emulator.sdk_clients import SdkClients, sdk_clients
from tools.json_value import Json
from tools.up.record import read_record

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and print what the CLI would; errors end it with their trace."""
    given = _parser().parse_args(arguments)
    record = read_record()
    identity = {"IDENTITY_ENDPOINT": record.identity_endpoint, "IDENTITY_HEADER": record.identity_header}
    with sdk_clients(record.endpoint, record.ca_bundle, identity, record.subscription) as clients:
        content = _rest(clients, given) if given.command == "rest" else _show_cluster(clients, given)
    print(json.dumps(_at(content, given.query), indent=2))  # noqa: T201 - it is a command
    return 0


def _rest(clients: SdkClients, given: argparse.Namespace) -> Json:
    body: Json = json.loads(given.body) if given.body else None
    response = clients.fleet.send_request(HttpRequest(given.method.upper(), given.url, json=body))
    response.raise_for_status()
    return cast("Json", response.json())


def _show_cluster(clients: SdkClients, given: argparse.Namespace) -> Json:
    """The CLI lifts what is below `properties` to the top."""
    shown: dict[str, Json] = clients.aks.managed_clusters.get(given.resource_group, given.name).as_dict()
    below = shown.pop("properties")
    assert isinstance(below, dict)
    return {**shown, **below}


def _at(content: Json, query: str) -> Json:
    for step in query.split("."):
        parts = _STEP.fullmatch(step)
        assert parts is not None, f"{query} is more than this can do"
        assert isinstance(content, dict)
        content = content[parts[1]]
        if parts[2]:
            assert isinstance(content, list)
            content = content[int(parts[2])]
    return content


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="az", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    rest = commands.add_parser("rest", allow_abbrev=False)
    rest.add_argument("--method", required=True)
    rest.add_argument("--url", required=True)
    rest.add_argument("--body")
    rest.add_argument("--query", required=True)
    show = commands.add_parser("aks").add_subparsers(required=True).add_parser("show", allow_abbrev=False)
    show.add_argument("--resource-group", required=True)
    show.add_argument("--name", required=True)
    show.add_argument("--query", required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
