"""Where the Azure CLI is installed: apart, as it pins some of the same packages to other versions than the project."""

from __future__ import annotations

from tools.paths import ROOT
from tools.tool_environment import ToolEnvironment

AZURE_CLI = ToolEnvironment("azure-cli", ROOT / "tools" / "azure_cli" / "requirements.txt", "700 MB, a minute or two")
"""The CLI and, beside it, its extensions. `requirements.in` says which version, `./dev lock` makes the lock anew."""
