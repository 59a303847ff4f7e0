"""What the Flex Consumption plan refuses, in some regions with an error that stops the deployment.

The list is that of "Azure Functions app settings reference", section "Flex Consumption plan deprecations", and of what
Azure answered with error 51021 in microsoft/azure-pipelines-tasks#21032 and
Azure/terraform-azurerm-avm-res-web-site#345.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.checks.infra.laws.settings import app_settings
from tools.checks.infra.prediction import Prediction, Resource, values_at

REFUSED_PROPERTIES = {
    "alwaysOn",
    "containerSize",
    "ftpsState",
    "functionAppScaleLimit",
    "functionsRuntimeScaleMonitoringEnabled",
    "isReserved",
    "isXenon",
    "javaVersion",
    "linuxFxVersion",
    "minimumElasticInstanceCount",
    "netFrameworkVersion",
    "powerShellVersion",
    "preWarmedInstanceCount",
    "use32BitWorkerProcess",
    "windowsFxVersion",
}
"""Of a site or its `siteConfig`; the documentation names some at one place and Azure refuses them at the other."""

REFUSED_SETTINGS = {
    "ENABLE_ORYX_BUILD",
    "FUNCTIONS_EXTENSION_VERSION",
    "FUNCTIONS_MAX_HTTP_CONCURRENCY",
    "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
    "FUNCTIONS_WORKER_PROCESS_COUNT",
    "FUNCTIONS_WORKER_RUNTIME",
    "FUNCTIONS_WORKER_RUNTIME_VERSION",
    "SCM_DO_BUILD_DURING_DEPLOYMENT",
    "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
    "WEBSITE_CONTENTOVERVNET",
    "WEBSITE_CONTENTSHARE",
    "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
    "WEBSITE_NODE_DEFAULT_VERSION",
    "WEBSITE_RUN_FROM_PACKAGE",
}


def find_flex_consumption_problems(prediction: Prediction) -> Iterator[str]:
    """Properties and settings of the app that its plan does not take."""
    refused = {name.lower() for name in REFUSED_PROPERTIES}
    for site in prediction.of_type("Microsoft.Web/sites"):
        for where, name in _properties_of(site):
            if name.lower() in refused:
                yield f"{site}: Flex Consumption takes no {where}{name}"
        for name in app_settings(site):
            if name in REFUSED_SETTINGS:
                yield f"{site}: Flex Consumption takes no setting {name}"
    for config in prediction.of_type("Microsoft.Web/sites/config"):
        for name in config.properties if str(config.name).endswith("/web") else ():
            if name.lower() in refused:
                yield f"{config}: Flex Consumption takes no {name}"


def _properties_of(site: Resource) -> Iterator[tuple[str, str]]:
    yield from (("", name) for name in site.properties)
    for config in values_at(site.body.get("properties"), "siteConfig"):
        yield from (("siteConfig.", name) for name in config) if isinstance(config, dict) else ()
