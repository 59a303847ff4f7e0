#!/bin/sh
# Subscribes the functions to their events and alerts: azd runs this after each deployment of the code, and it may be run again at
# any time. It needs the Azure CLI, signed in. azd passes its environment, with the outputs of main.bicep, as variables.
set -eu

for name in AZURE_SUBSCRIPTION_ID AZURE_LOCATION AZURE_ENV_NAME AZURE_RESOURCE_GROUP FUNCTION_APP_ID \
    FUNCTION_APP_HOST_NAME LOG_ANALYTICS_WORKSPACE_ID TOPIC_NAME STORAGE_ACCOUNT_NAME DEAD_LETTER_CONTAINER; do
    eval "value=\${$name:-}"
    if [ -z "$value" ]; then
        echo "subscribe-events: $name is not set; run this with: azd hooks run postdeploy" >&2
        exit 1
    fi
done

if ! command -v az >/dev/null 2>&1; then
    echo "subscribe-events: the Azure CLI is needed: https://aka.ms/azure-cli; then: azd hooks run postdeploy" >&2
    exit 1
fi

gates=${AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS:-${WATCHED_SUBSCRIPTION_IDS:-}}
if [ "$gates" = none ]; then
    gates=
fi

act=${AUTO_UPGRADE_ALERTS_ACT:-true}
if [ "$act" != true ] && [ "$act" != false ]; then
    echo "subscribe-events: AUTO_UPGRADE_ALERTS_ACT is $act; it may be true or false" >&2
    exit 1
fi

exec az deployment sub create \
    --subscription "$AZURE_SUBSCRIPTION_ID" \
    --name "fleet-auto-upgrade-events-$AZURE_ENV_NAME" \
    --location "$AZURE_LOCATION" \
    --template-file "$(dirname "$0")/../event-subscriptions.bicep" \
    --parameters \
    "environmentName=$AZURE_ENV_NAME" \
    "location=$AZURE_LOCATION" \
    "resourceGroupName=$AZURE_RESOURCE_GROUP" \
    "functionAppId=$FUNCTION_APP_ID" \
    "functionAppHostName=$FUNCTION_APP_HOST_NAME" \
    "workspaceId=$LOG_ANALYTICS_WORKSPACE_ID" \
    "topicName=$TOPIC_NAME" \
    "storageAccountName=$STORAGE_ACCOUNT_NAME" \
    "deadLetterContainer=$DEAD_LETTER_CONTAINER" \
    "clusterIds=${AUTO_UPGRADE_CLUSTER_IDS:-}" \
    "gateSubscriptionIds=$gates" \
    "alertsAct=$act" \
    --output none
