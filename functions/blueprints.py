"""Makes blueprints: the library's constructor has no types, which is hushed in this one place."""

from __future__ import annotations

import azure.functions as func


def new_blueprint() -> func.Blueprint:
    """A blueprint without functions yet."""
    return func.Blueprint()  # type: ignore[no-untyped-call]  # azure-functions does not annotate it
