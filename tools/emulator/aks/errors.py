"""Errors of AKS itself."""

from __future__ import annotations

from tools.emulator.arm import ArmError
from tools.json_value import Json


class AksError(ArmError):
    """An error in the flat form in which AKS refuses writes (github.com/Azure/terraform-provider-azapi reports)."""

    def body(self) -> dict[str, Json]:
        """Without the `error` around it that ARM has."""
        return {"code": self.code, "details": None, "message": self.message, "subcode": ""}
