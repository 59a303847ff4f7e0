"""Errors, in the form of ARM."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict


class ErrorDocument(TypedDict):
    """What is wrong."""

    code: str
    message: str
    target: NotRequired[str]
    """The field or setting that is wrong."""


class ErrorResponse(TypedDict):
    """The body of every response that is no success."""

    error: ErrorDocument
