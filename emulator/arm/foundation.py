"""What ARM itself answers, whatever providers there are."""

from __future__ import annotations

from emulator.arm.providers import Providers
from emulator.arm.resource_groups import ResourceGroups
from emulator.arm.router import ArmRouter
from emulator.arm.subscriptions import Subscriptions
from emulator.state import Estate


def register_foundation(router: ArmRouter, estate: Estate) -> None:
    """Add the routes for tenants, subscriptions, resource groups, resources and providers."""
    Subscriptions(estate).register(router)
    ResourceGroups(estate).register(router)
    Providers(router, estate).register()
