"""The certificate authorities that a shell or the Azure CLI trusts beside a stack: the stack's, and those of before."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import certifi

from tools.paths import DEV

_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""Where a person, or a company's proxy, names other authorities than the public ones."""


def write_trust(file: Path, stack_authority: Path, environment: Mapping[str, str] = os.environ) -> None:
    """Write the stack's authority and, after it, the person's own; the public ones where the person names none."""
    file.write_text(f"{stack_authority.read_text().rstrip()}\n{_trusted_before(environment).read_text()}")


def _trusted_before(environment: Mapping[str, str]) -> Path:
    """A file of the person's own; a stack's does not count, since a shell may still name an earlier one's."""
    named = (Path(environment[name]) for name in _VARIABLES if environment.get(name))
    own = (file for file in named if file.is_file() and not file.resolve().is_relative_to(DEV.resolve()))
    return next(own, Path(certifi.where()))
