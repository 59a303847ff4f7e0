"""What the Fleet resource provider refuses, by what it is about; the codes of the real service are UNVERIFIED."""

from emulator.fleet.rules.names import MAXIMUM_CHILD_NAME, check_name
from emulator.fleet.rules.profiles import check_profile
from emulator.fleet.rules.refusals import invalid
from emulator.fleet.rules.runs import check_run
from emulator.fleet.rules.strategies import check_strategy
from emulator.fleet.rules.strategy_ids import strategy_of

__all__ = [
    "MAXIMUM_CHILD_NAME",
    "check_name",
    "check_profile",
    "check_run",
    "check_strategy",
    "invalid",
    "strategy_of",
]
