"""Finds the functions of an app: what Microsoft's worker calls indexing."""

import importlib
import inspect
import json
import os
import sys
import typing
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import azure.functions as func
from azure.functions.decorators.function_app import Function

from tools.host import bindings
from tools.host.errors import StartUpError
from tools.host.settings import resolve_settings
from tools.json_value import Json

Binding = dict[str, Json]

_NOT_SERVED = ("runOnStartup", "useMonitor")
"""Properties of timer triggers that this host does not serve; no function of the app sets them."""


@dataclass(frozen=True)
class FunctionDefinition:
    """A function and how it is called."""

    name: str
    trigger: Binding
    """The trigger's binding, as in a function.json, settings resolved."""
    bindings: tuple[Binding, ...]
    """All of them, the trigger included, as the app declares them."""
    call: Callable[..., object]
    has_return: bool

    @property
    def trigger_type(self) -> str:
        """For instance ``timerTrigger``."""
        return str(self.trigger["type"])

    @property
    def parameter(self) -> str:
        """The name of the parameter that takes the trigger's value."""
        return str(self.trigger["name"])

    @property
    def is_async(self) -> bool:
        """Whether it runs on the event loop."""
        return inspect.iscoroutinefunction(self.call)


def load_functions(app_dir: Path) -> list[FunctionDefinition]:
    """Import the app of a directory and read its functions.

    Raises:
        StartUpError: it cannot be imported, has not exactly one app object, or a function that cannot be served.
    """
    app = _find_app(_import_app(app_dir))
    try:
        functions = app.get_functions()
    except ValueError as error:
        raise StartUpError(f"the functions cannot be read: {error}") from error
    return [_define(function) for function in functions]


def _import_app(app_dir: Path) -> object:
    file = app_dir / os.environ.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py")
    if not file.is_file():
        raise StartUpError(f"there is no {file}")
    sys.path.insert(0, str(app_dir))
    try:
        return importlib.import_module(file.stem)
    except Exception as error:
        raise StartUpError(f"{file} cannot be imported: {type(error).__name__}: {error}") from error


def _find_app(module: object) -> func.FunctionRegister:
    """The worker counts names, not objects: two names of one app are an error there, so here too."""
    apps = [value for value in vars(module).values() if isinstance(value, func.FunctionRegister)]
    if len(apps) != 1:
        name = getattr(module, "__name__", "the app")
        raise StartUpError(f"{name}: needs exactly one FunctionApp at its top level, has {len(apps)}")
    return apps[0]


def _define(function: Function) -> FunctionDefinition:
    name = str(function.get_function_name())
    call = function.get_user_function()
    raw: list[Binding] = [json.loads(text) for text in function.get_raw_bindings()]
    resolved = tuple(typing.cast(Binding, resolve_settings(binding, name)) for binding in raw)
    trigger = _trigger(name, resolved)
    hints = _type_hints(name, call)
    parameter = str(trigger["name"])
    _check_parameters(name, call, parameter)
    _check_annotation(name, str(trigger["type"]), hints.get(parameter))
    _check_served(name, trigger, function)
    return FunctionDefinition(
        name=name,
        trigger=trigger,
        bindings=tuple(raw),
        call=call,
        has_return=len(raw) > 1,
    )


def _trigger(name: str, all_bindings: tuple[Binding, ...]) -> Binding:
    """Pick out the trigger; the only other binding served is the response of an HTTP function."""
    triggers = [binding for binding in all_bindings if str(binding["type"]).lower().endswith("trigger")]
    if len(triggers) != 1 or triggers[0]["type"] not in bindings.TRIGGERS:
        kinds = ", ".join(str(binding["type"]) for binding in triggers)
        raise StartUpError(
            f"function {name!r}: this host cannot serve {kinds}; it knows {', '.join(bindings.TRIGGERS)}"
        )
    for binding in all_bindings:
        is_response = binding["type"] == bindings.HTTP_OUTPUT and binding["name"] == "$return"
        if binding is triggers[0] or (is_response and triggers[0]["type"] == bindings.HTTP_TRIGGER):
            continue
        raise StartUpError(
            f"function {name!r}: this host cannot serve its {binding['type']} binding {binding['name']!r};"
            " the only one besides the trigger can be the response of an HTTP function"
        )
    return triggers[0]


def _type_hints(name: str, call: Callable[..., object]) -> dict[str, object]:
    try:
        return typing.get_type_hints(call)
    except Exception as error:
        raise StartUpError(f"function {name!r}: its annotations cannot be evaluated: {error}") from error


def _check_parameters(name: str, call: Callable[..., object], parameter: str) -> None:
    """Compare declared parameters with bindings."""
    declared = set(inspect.signature(call).parameters)
    if parameter not in declared:
        raise StartUpError(f"function {name!r}: its trigger is bound to {parameter!r}, which is no parameter of it")
    unbound = declared - {parameter}
    if unbound:
        raise StartUpError(f"function {name!r}: parameters without a binding: {', '.join(sorted(unbound))}")


def _check_annotation(name: str, trigger: str, annotation: object) -> None:
    if annotation is None:
        return
    is_type = isinstance(annotation, type)
    if not is_type or not bindings.input_converter(trigger).check_input_type_annotation(annotation):
        raise StartUpError(f"function {name!r}: a {trigger} cannot be passed as {annotation!r}")


def _check_served(name: str, trigger: Binding, function: Function) -> None:
    if function.get_settings_dict("retry_policy") is not None:
        raise StartUpError(f"function {name!r}: this host serves no retry policy")
    for key in _NOT_SERVED:
        if trigger.get(key) is not None:
            raise StartUpError(f"function {name!r}: this host does not serve {key}")
