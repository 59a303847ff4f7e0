"""What the Fleet resource provider refuses, by what it is about; the codes of the real service are UNVERIFIED."""

from tools.emulator.fleet.rules.names import MAXIMUM_CHILD_NAME, check_name
from tools.emulator.fleet.rules.profiles import check_profile
from tools.emulator.fleet.rules.refusals import invalid
from tools.emulator.fleet.rules.runs import check_run
from tools.emulator.fleet.rules.strategies import check_strategy
from tools.emulator.fleet.rules.strategy_ids import strategy_of

__all__ = [
    "MAXIMUM_CHILD_NAME",
    "check_name",
    "check_profile",
    "check_run",
    "check_strategy",
    "invalid",
    "strategy_of",
]
