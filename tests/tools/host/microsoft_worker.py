"""Indexes and invokes an app through Microsoft's own worker library, ``azure-functions-runtime``.

The library keeps what it indexed in global state, so every question gets a separate process: this module, run beside
the app. There it plays the part of the worker's proxy: it calls the library's handlers in the order
in which the real host's messages arrive, with objects that have the fields of those messages.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.processes.forked_process import ForkedProcess

MINIMUM_PYTHON = (3, 13)
"""Below, the library is not to be had: older Pythons use an older worker."""

_PATIENCE_SECONDS = 60


class WorkerError(Exception):
    """The library refused to index the app; the text is what it says."""


@dataclass(frozen=True)
class IndexedFunction:
    """A function as the library reports it to the host."""

    name: str
    trigger: str
    bindings: list[dict[str, Any]]
    """As in a function.json; app settings are not resolved."""


@dataclass(frozen=True)
class HttpInput:
    """An HTTP request, as the input of an HTTP trigger."""

    method: str = "GET"
    url: str = "http://localhost/"
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    """The route's."""
    body: str = ""


@dataclass(frozen=True)
class InvocationResult:
    """What an invocation gave."""

    succeeded: bool
    error: str
    """The exception's text, empty on success."""
    status: int | None = None
    """Of an HTTP response."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of an HTTP response, names in lower case."""
    body: str = ""
    """Of an HTTP response, or a text that was returned."""


def index(app_dir: Path, environment: Mapping[str, str] | None = None) -> list[IndexedFunction]:
    """Find the functions of an app.

    Args:
        app_dir: the directory of its function_app.py
        environment: app settings that it reads when it is imported

    Raises:
        WorkerError: the library does not accept the app.
    """
    result = _ask({"app": str(app_dir.resolve())}, environment)
    return [IndexedFunction(**function) for function in result["functions"]]


def invoke(
    app_dir: Path,
    function: str,
    inputs: Mapping[str, str | HttpInput],
    environment: Mapping[str, str] | None = None,
) -> InvocationResult:
    """Run one function of an app.

    Args:
        app_dir: the directory of its function_app.py
        function: the function's name
        inputs: by the parameter's name, the JSON text of an event or timer, or a request
        environment: app settings

    Raises:
        WorkerError: the library does not accept the app, or there is no such function.
    """
    given = {name: value if isinstance(value, str) else vars(value) for name, value in inputs.items()}
    result = _ask({"app": str(app_dir.resolve()), "function": function, "inputs": given}, environment)
    return InvocationResult(**result["result"])


def _ask(question: dict[str, Any], environment: Mapping[str, str] | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        process = ForkedProcess(
            "Microsoft's worker",
            __name__,
            [json.dumps(question)],
            Path(folder) / "stderr.txt",
            {**os.environ, **(environment or {})},
            Path(question["app"]),
        )
        output = process.stdout.read()
        code = process.wait(_PATIENCE_SECONDS)
        process.stop()
        if code != 0:
            raise WorkerError(process.log.read_text())
    result: dict[str, Any] = json.loads(output)
    if "error" in result:
        raise WorkerError(result["error"])
    return result


class _Message(SimpleNamespace):
    """Any message that the library makes: it keeps what it is given."""


class _Enumerated(_Message):
    """``StatusResult`` and ``BindingInfo``, with the values of their enumerations in Microsoft's message format."""

    Failure, Success = 0, 1
    undefined = 0
    out, inout = 1, 2


class _Cookie(_Message):
    """``RpcHttpCookie``; the library reads the enumeration even for a cookie that says nothing about sites."""

    SameSite = SimpleNamespace(**{"None": 0, "Lax": 1, "Strict": 2, "ExplicitNone": 3})


class _OneOf(_Message):
    """A message with exactly one of its fields set, which it can name."""

    def WhichOneof(self, _: str) -> str | None:  # noqa: N802 - protobuf's name
        return next(iter(vars(self)), None)


class _Messages:
    """The message types that the library expects to be handed; what is not special is a plain message."""

    StatusResult = BindingInfo = _Enumerated
    TypedData = _OneOf
    RpcHttpCookie = _Cookie

    def __getattr__(self, name: str) -> type[_Message]:
        return _Message


def _request(**content: object) -> _Message:
    properties = {"host": "127.0.0.1", "protos": _Messages()}
    return _Message(request=_Message(**content), properties=properties)


async def _respond(question: dict[str, Any]) -> dict[str, Any]:
    import azure_functions_runtime as worker

    worker.start_threadpool_executor()
    start = _Message(capabilities={}, function_app_directory=question["app"])
    started = await worker.worker_init_request(_request(worker_init_request=start))
    if started.result.status != _Enumerated.Success:
        return {"error": started.result.exception.message}
    metadata = await worker.functions_metadata_request(_request(functions_metadata_request=_Message()))
    functions = {function.name: function for function in metadata.function_metadata_results}
    if "function" not in question:
        return {"functions": [_describe(function) for function in functions.values()]}
    if question["function"] not in functions:
        return {"error": f"there is no function {question['function']!r}"}
    function_id = functions[question["function"]].function_id
    await worker.function_load_request(_request(function_load_request=_Message(function_id=function_id)))
    invocation = _Message(
        invocation_id="00000000-0000-0000-0000-000000000001",
        function_id=function_id,
        input_data=[_input(name, value) for name, value in question["inputs"].items()],
        trigger_metadata={},
        trace_context=_Message(trace_parent="", trace_state="", attributes={}),
        retry_context=_Message(retry_count=0, max_retry_count=0, exception=None),
    )
    response = await worker.invocation_request(_request(invocation_request=invocation))
    worker.stop_threadpool_executor()
    return {"result": _result(response)}


def _describe(function: _Message) -> dict[str, Any]:
    bindings = [json.loads(text) for text in function.raw_bindings]
    trigger = next(binding["type"] for binding in bindings if binding["type"].endswith("Trigger"))
    return {"name": function.name, "trigger": trigger, "bindings": bindings}


def _input(name: str, value: str | dict[str, Any]) -> _Message:
    if isinstance(value, str):
        data = _OneOf(json=value)
    else:
        data = _OneOf(http=_Message(**{**value, "body": _OneOf(bytes=value["body"].encode())}))
    # The library asks a parameter which field it uses: here it is always the data itself.
    return _Parameter(name=name, data=data)


class _Parameter(_Message):
    """``ParameterBinding``."""

    def WhichOneof(self, _: str) -> str:  # noqa: N802 - protobuf's name
        return "data"


def _result(response: _Message) -> dict[str, Any]:
    if response.result.status != _Enumerated.Success:
        return {"succeeded": False, "error": response.result.exception.message}
    returned = response.return_value
    if returned is None:
        return {"succeeded": True, "error": ""}
    if returned.WhichOneof("data") != "http":
        return {"succeeded": True, "error": "", "body": next(iter(vars(returned).values()))}
    http = returned.http
    body = http.body.bytes.decode()
    return {
        "succeeded": True,
        "error": "",
        "status": int(http.status_code),
        "headers": {name.lower(): value for name, value in http.headers.items()},
        "body": body,
    }


def _main() -> None:
    """Do what the command line says; what the app prints goes to stderr."""
    results, sys.stdout = sys.stdout, sys.stderr
    question = json.loads(sys.argv[1])
    sys.path[0] = question["app"]
    print(json.dumps(asyncio.run(_respond(question))), file=results, flush=True)


if __name__ == "__main__":
    _main()
