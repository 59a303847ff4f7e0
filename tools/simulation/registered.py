"""The functions that the app has registered."""

from __future__ import annotations

from functools import cache

from azure.functions.decorators.function_app import Function

import function_app


@cache
def registered_functions() -> tuple[Function, ...]:
    """All of them; the library lets a process read them once."""
    return tuple(function_app.app.get_functions())
