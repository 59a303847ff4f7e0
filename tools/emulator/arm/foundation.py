"""What ARM itself serves, regardless of the resource providers."""

from __future__ import annotations

from tools.emulator.arm.authorization import Authorization
from tools.emulator.arm.group_deletion import GroupDeletion
from tools.emulator.arm.providers import Providers
from tools.emulator.arm.resource_groups import ResourceGroups
from tools.emulator.arm.router import ArmRouter
from tools.emulator.arm.subscriptions import Subscriptions
from tools.emulator.arm.tag_names import TagNames
from tools.emulator.arm.tags import Tags
from tools.emulator.clock import SimulatedClock
from tools.emulator.state import Estate


def register_foundation(router: ArmRouter, estate: Estate, clock: SimulatedClock) -> None:
    """Add the routes for tenants, subscriptions, resource groups, resources, tags, locks, roles and providers."""
    Subscriptions(estate).register(router)
    ResourceGroups(estate).register(router)
    GroupDeletion(estate, clock).register(router)
    Tags(estate, clock.now).register(router)
    TagNames(estate).register(router)
    Authorization(estate).register(router)
    Providers(router, estate).register()
