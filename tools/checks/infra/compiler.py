"""Finds Microsoft's Bicep compiler and asks it: its JSON-RPC interface answers many requests in one process.

The interface is `bicep jsonrpc`; its methods are those of `ICliJsonRpcProtocol` in the Azure/bicep repository.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from tools.json_value import mapping_of, sequence_of
from tools.paths import ROOT

OLDEST = (0, 49, 2)
"""The version that the templates and the snapshots were written with."""

HOW_TO_GET = (
    "Install it with `az bicep install`, or from https://aka.ms/bicep-install, and put it on PATH, "
    "or name the file in the environment variable BICEP."
)


_FOR_A_SHORT_LIFE = {"DOTNET_TieredCompilation": "0"}
"""The compiler runs on .NET, which else compiles in two steps: fast at first, and again what runs often."""


class CompilerError(Exception):
    """There is no usable compiler, or it failed; the message says why."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A compiler, and where it was found."""

    path: Path
    found_by: str
    """`BICEP`, `PATH` or `az bicep`."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """An error, a warning or a note of the compiler or its linter."""

    path: Path
    line: int
    """From 1."""
    column: int
    """From 1."""
    level: str
    code: str
    message: str

    def __str__(self) -> str:
        path = self.path.relative_to(ROOT) if self.path.is_relative_to(ROOT) else self.path
        return f"{path}({self.line},{self.column}): {self.level.lower()} {self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class Compiled:
    """What became of a file."""

    template: Mapping[str, object]
    """An ARM template; empty if the file has errors."""
    diagnostics: Sequence[Diagnostic]


PLACE: Mapping[str, str] = {
    "tenantId": "99999999-9999-9999-9999-999999999999",
    "subscriptionId": "00000000-0000-0000-0000-000000000000",
    "managementGroupId": "platform",
    "resourceGroup": "rg-fleets",
    "location": "westeurope",
    "deploymentName": "deployment",
}
"""Where a deployment that is only evaluated is said to happen: always the same, so that snapshots are."""

_NEEDED_AT = {
    "managementGroupDeploymentTemplate": ("tenantId", "managementGroupId", "location", "deploymentName"),
    "subscriptionDeploymentTemplate": ("tenantId", "subscriptionId", "location", "deploymentName"),
    "deploymentTemplate": ("tenantId", "subscriptionId", "resourceGroup", "location", "deploymentName"),
}
"""What of it a template takes, by the schema of its target scope; the compiler refuses anything more."""

_HAS_ERRORS = "Compilation failed"
"""What the compiler answers if it is asked for the snapshot of a file with errors."""
_USING = re.compile(r"^using '(.+)'$", re.MULTILINE)


def find_installed(environment: Mapping[str, str] = os.environ) -> Installed | None:
    """The compiler that BICEP names, else the one on PATH, else the one that `az bicep install` installed.

    Raises:
        CompilerError: BICEP names a file that is not there.
    """
    if named := environment.get("BICEP"):
        if not Path(named).is_file():
            raise CompilerError(f"the environment variable BICEP names {named}, which is not there")
        return Installed(Path(named).absolute(), "BICEP")
    if on_path := shutil.which("bicep", path=environment.get("PATH", "")):
        return Installed(Path(on_path).absolute(), "PATH")
    azure = Path(environment.get("AZURE_CONFIG_DIR") or Path(environment.get("HOME", "~")).expanduser() / ".azure")
    by_azure_cli = azure / "bin" / "bicep"
    return Installed(by_azure_cli.absolute(), "az bicep") if os.access(by_azure_cli, os.X_OK) else None


class Compiler:
    """A compiler that runs; ends with the `with` block."""

    def __init__(self, installed: Installed, environment: Mapping[str, str] = os.environ) -> None:
        """Start it.

        Args:
            installed: where it is.
            environment: what parameter files read with `readEnvironmentVariable`.

        Raises:
            CompilerError: it does not start, or is too old.
        """
        self.installed = installed
        self._requests = 0
        self._compiled: dict[Path, Compiled] = {}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        try:
            self._process = subprocess.Popen(
                [str(installed.path), "jsonrpc", "--stdio"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env={**environment, **_FOR_A_SHORT_LIFE},
            )
            self._to_process, self._from_process = _pipes(self._process)
        except OSError as error:
            self._errors.close()
            raise CompilerError(f"{installed.path} does not start: {error}") from error
        try:
            self.version = self._checked_version()
        except CompilerError:
            self.close()
            raise

    def __enter__(self) -> Compiler:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.communicate()
        self._errors.close()

    def compile(self, path: Path) -> Compiled:
        """Build a `.bicep` file, or a `.bicepparam` file with its template, and lint it; each file once."""
        if path not in self._compiled:
            self._compiled[path] = self._compile(path)
        return self._compiled[path]

    def _compile(self, path: Path) -> Compiled:
        if path.suffix == ".bicepparam":
            answer = self._ask("compileParams", path=str(path), parameterOverrides={})
            text = answer.get("template")
        else:
            answer = self._ask("compile", path=str(path))
            text = answer.get("contents")
        template = json.loads(text) if isinstance(text, str) else {}
        return Compiled(template, sorted(map(_diagnostic, sequence_of(answer["diagnostics"]))))

    def parameters(self, path: Path) -> Mapping[str, object]:
        """The values that a `.bicepparam` file gives, by parameter.

        Raises:
            CompilerError: the file has errors.
        """
        answer = self._ask("compileParams", path=str(path), parameterOverrides={})
        if not isinstance(answer.get("parameters"), str):
            raise CompilerError("\n".join(str(_diagnostic(one)) for one in sequence_of(answer["diagnostics"])))
        given = mapping_of(json.loads(str(answer["parameters"])), "parameters")
        return {name: mapping_of(given, name).get("value") for name in given}

    def references(self, path: Path) -> set[Path]:
        """The file itself and every file that it loads, or that those load."""
        return {Path(str(one)) for one in sequence_of(self._ask("getFileReferences", path=str(path))["filePaths"])}

    def format(self, path: Path) -> str:
        """The text of a file as `bicep format` writes it."""
        return str(self._ask("format", path=str(path))["contents"])

    def snapshot(self, path: Path) -> Mapping[str, object]:
        """What a `.bicepparam` file deploys, evaluated by Azure's own deployment engine: `bicep snapshot`.

        Raises:
            CompilerError: the file has errors, or the deployment would stop with a sentence of the template.
        """
        metadata = {name: value if name in self._needed_for(path) else None for name, value in PLACE.items()}
        try:
            answer = self._ask("getSnapshot", path=str(path), metadata=metadata, externalInputs=None)
        except CompilerError as error:
            if str(error) == _HAS_ERRORS:  # which these are, the answer does not say
                raise CompilerError("\n".join(map(str, self.compile(path).diagnostics))) from error
            raise
        return mapping_of({"snapshot": json.loads(str(answer["snapshot"]))}, "snapshot")

    def _needed_for(self, path: Path) -> Sequence[str]:
        """What the template that a `.bicepparam` file uses takes of a place: it is compiled once for all such files."""
        used = _USING.search(path.read_text())
        template = self.compile((path.parent / used[1]).resolve()).template if used else {}
        return _NEEDED_AT.get(str(template.get("$schema")).rpartition("/")[2].removesuffix(".json#"), ())

    def _checked_version(self) -> str:
        version = str(self._ask("version")["version"])
        if _numbers(version) < OLDEST:
            raise CompilerError(f"{self.installed.path} is {version}; {'.'.join(map(str, OLDEST))} or later is needed")
        return version

    def _ask(self, method: str, **given: object) -> Mapping[str, object]:
        self._requests += 1
        request = {"jsonrpc": "2.0", "id": self._requests, "method": f"bicep/{method}", "params": [given]}
        body = json.dumps(request).encode()
        try:
            self._to_process.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            self._to_process.flush()
            answer = self._answer()
        except (BrokenPipeError, EOFError) as error:
            self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace").strip()
            raise CompilerError(f"{self.installed.path} ended: {said or 'it said nothing'}") from error
        if "error" in answer:
            raise CompilerError(str(mapping_of(answer, "error").get("message")))
        return mapping_of(answer, "result")

    def _answer(self) -> Mapping[str, object]:
        """The next message: headers, an empty line, JSON."""
        length = 0
        while line := self._from_process.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError
        return mapping_of({"answer": json.loads(self._from_process.read(length))}, "answer")


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """The two that a process was started with; `Popen` types them as if they might be missing."""
    if process.stdin is None or process.stdout is None:
        raise CompilerError("the compiler was started without pipes")
    return process.stdin, process.stdout


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _diagnostic(written: object) -> Diagnostic:
    found = mapping_of({"diagnostic": written}, "diagnostic")
    start = mapping_of(mapping_of(found, "range"), "start")
    return Diagnostic(
        path=Path(str(found["source"]).removeprefix("file://")),
        line=int(str(start["line"])) + 1,
        column=int(str(start["char"])) + 1,
        level=str(found["level"]),
        code=str(found["code"]),
        message=str(found["message"]),
    )
