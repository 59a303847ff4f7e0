"""The app's functions, from its own index: what is registered is found, whether or not a test names it."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import azure.functions as func

import functions


@dataclass(frozen=True)
class IndexedFunction:
    """A function of the app: its name, the kind of its trigger, and how to call it as the worker does."""

    name: str
    kind: str
    handler: Callable[..., object]
    binding: dict[str, object]
    """The trigger's, as the host gets it."""


def app_functions() -> Iterator[IndexedFunction]:
    """All functions; an app lists its functions once, so this makes a new one."""
    app = func.FunctionApp()
    for module in pkgutil.iter_modules(functions.__path__):
        blueprint = getattr(importlib.import_module(f"functions.{module.name}"), "blueprint", None)
        if blueprint is not None:
            app.register_functions(blueprint)
    for function in app.get_functions():
        name, trigger = function.get_function_name(), function.get_trigger()
        assert name is not None
        assert trigger is not None
        bindings = [json.loads(binding) for binding in function.get_raw_bindings()]
        [binding] = [one for one in bindings if one["type"] == trigger.get_binding_name()]
        yield IndexedFunction(name, trigger.get_binding_name(), function.get_user_function(), binding)


def functions_of(kind: str) -> dict[str, Callable[..., object]]:
    """The functions with a kind of trigger, by name."""
    return {function.name: function.handler for function in app_functions() if function.kind == kind}
