"""Azure Resource Manager: the gateway in front of the providers, and what they share."""

from tools.emulator.arm.errors import (
    ArmError,
    invalid_content,
    resource_group_not_found,
    resource_not_found,
    unauthorized,
)
from tools.emulator.arm.message import ArmRequest, ArmResponse, Handler
from tools.emulator.arm.router import AUDIENCE, AUDIENCES, ArmRouter
from tools.emulator.arm.values import json_time, list_page, parse_time, system_data

__all__ = [
    "AUDIENCE",
    "AUDIENCES",
    "ArmError",
    "ArmRequest",
    "ArmResponse",
    "ArmRouter",
    "Handler",
    "invalid_content",
    "json_time",
    "list_page",
    "parse_time",
    "resource_group_not_found",
    "resource_not_found",
    "system_data",
    "unauthorized",
]
