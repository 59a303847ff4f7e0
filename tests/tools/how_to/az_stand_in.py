"""`python -m tests.tools.how_to.az_stand_in`: what the README does with `./dev az`, without the Azure CLI.

Two commands, with nothing but what Python brings, because the SDKs take 2 s to import; of `--query` only paths such
as `agentPoolProfiles[0].name`.
"""

from __future__ import annotations

import argparse
import json
import re
import ssl
import sys
from collections.abc import Sequence
from typing import cast
from urllib.request import Request, urlopen

from tools.json_value import Json
from tools.up.record import UpRecord, read_record

_AKS_VERSION = "2026-03-01"
_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and print what the CLI would; errors end it with their trace."""
    given = _parser().parse_args(arguments)
    record = read_record()
    if given.command == "rest":
        content = _send(record, given.method.upper(), given.url, given.body)
    else:
        group = f"/subscriptions/{record.subscription}/resourceGroups/{given.resource_group}"
        cluster = f"{group}/providers/Microsoft.ContainerService/managedClusters/{given.name}"
        content = _lifted(_send(record, "GET", f"{cluster}?api-version={_AKS_VERSION}"))
    print(json.dumps(_at(content, given.query), indent=2))  # noqa: T201 - it is a command
    return 0


def _send(record: UpRecord, method: str, path: str, body: str | None = None) -> Json:
    content = None if body is None else body.encode()
    headers = {"Authorization": f"Bearer {_token(record)}", "Content-Type": "application/json"}
    request = Request(f"{record.endpoint}{path}", content, headers, method=method)
    with urlopen(request, context=ssl.create_default_context(cafile=record.ca_bundle)) as response:
        return cast("Json", json.load(response))


def _token(record: UpRecord) -> str:
    """A token of the stack's managed identity."""
    url = f"{record.identity_endpoint}?api-version=2019-08-01&resource=https://management.azure.com"
    request = Request(url, headers={"X-IDENTITY-HEADER": record.identity_header})
    with urlopen(request, context=ssl.create_default_context(cafile=record.ca_bundle)) as response:
        return str(json.load(response)["access_token"])


def _lifted(cluster: Json) -> Json:
    """The CLI lifts what is below `properties` to the top."""
    assert isinstance(cluster, dict)
    below = cluster.pop("properties")
    assert isinstance(below, dict)
    return {**cluster, **below}


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
