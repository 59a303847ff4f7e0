"""By what the rate limit distinguishes callers. The function key itself is in no key, and so in no memory for long."""

from __future__ import annotations

import hashlib
import secrets

import azure.functions as func

from shared.core.model.run_record import Caller

_SALT = secrets.token_bytes(16)
"""Of this process: the hashes of keys are of no use elsewhere."""


def caller_key(req: func.HttpRequest, caller: Caller | None) -> str:
    """The caller's Entra object id; else a hash of the function key; else the client's address.

    The host takes a key from the header before one from the query, as here: an invalid one beside it changes nothing.
    The address is the last one of `X-Forwarded-For`, which App Service adds with the port of the connection; the caller
    may have sent those before it.
    """
    if caller is not None:
        return f"entra {caller.id}"
    function_key = req.headers.get("x-functions-key") or req.params.get("code")
    if function_key:
        return f"key {_hash(function_key)}"
    return f"address {_hash(_address(req.headers.get('X-Forwarded-For', '').rpartition(',')[2].strip()))}"


def _address(text: str) -> str:
    """Without the port: `192.0.2.1:50000` or `[2001:db8::1]:50000`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _hash(text: str) -> str:
    """Short, so that no caller fills the memory with long texts."""
    return hashlib.blake2b(text.encode(errors="replace"), key=_SALT, digest_size=16).hexdigest()
