"""What is up, written down for the other commands: `.dev/up.json`, and `.dev/up.env` for shells."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import psutil

from tools.paths import UP

RECORD = UP / "up.json"
"""Everything about the stack that is up."""

SHELL = UP / "up.env"
"""The same for shells: `source .dev/up.env`."""


class NotUpError(Exception):
    """No stack is up."""

    def __init__(self) -> None:
        super().__init__("no stack is up; start one with ./dev up in another terminal")


@dataclass(frozen=True, slots=True)
class UpRecord:
    """Where everything is. The identity header is in here, so the file is for its owner alone."""

    pid: int
    started_at: float
    """When the process began, in Unix seconds: with `pid`, distinguishes it from a later process with that number."""
    endpoint: str
    ca_bundle: str
    identity_endpoint: str
    identity_header: str
    identity_header_file: str
    function_app_url: str
    function_key_file: str
    subscription: str
    tenant: str
    world: str
    host_log: str

    @property
    def is_alive(self) -> bool:
        """Whether the process that wrote this still runs."""
        try:
            return psutil.Process(self.pid).create_time() == self.started_at
        except psutil.NoSuchProcess:
            return False


def read_record() -> UpRecord:
    """The stack that is up.

    Raises:
        NotUpError: none is. A record that a killed process left behind does not count.
    """
    try:
        content = json.loads(RECORD.read_text())
        record = UpRecord(**{field.name: content[_name(field.name)] for field in fields(UpRecord)})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        raise NotUpError from None
    if not record.is_alive:
        raise NotUpError
    return record


def write_record(record: UpRecord) -> None:
    """Write both files, readable for their owner alone."""
    write_private(RECORD, json.dumps({_name(name): value for name, value in asdict(record).items()}, indent=2))
    write_private(SHELL, exports(record))


def remove_record() -> None:
    """Remove both files."""
    RECORD.unlink(missing_ok=True)
    SHELL.unlink(missing_ok=True)


def exports(record: UpRecord) -> str:
    """Lines for a shell. Secrets are read from their files when the lines run, so the lines hold none themselves."""
    plain = {
        "ARM_ENDPOINT": record.endpoint,
        "SUB": record.subscription,
        "TENANT": record.tenant,
        "APP_URL": record.function_app_url,
        "CURL_CA_BUNDLE": record.ca_bundle,
        "REQUESTS_CA_BUNDLE": record.ca_bundle,
        "IDENTITY_ENDPOINT": record.identity_endpoint,
    }
    lines = [f"export {name}={shlex.quote(value)}" for name, value in plain.items()]
    secret = {"IDENTITY_HEADER": record.identity_header_file, "KEY": record.function_key_file}
    lines += [f'export {name}="$(cat {shlex.quote(file)})"' for name, file in secret.items()]
    lines.append('export NO_PROXY="127.0.0.1,localhost${NO_PROXY:+,$NO_PROXY}"')
    return "\n".join(lines) + "\n"


def write_private(file: Path, content: str) -> None:
    """Write a file that only its owner can read, not even while it is being written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(content)


def _name(field: str) -> str:
    """A field's name as JSON has it."""
    first, *others = field.split("_")
    return first + "".join(part.capitalize() for part in others)
