#!/bin/sh
# Prints the outputs of a deployment of infra/main.bicep as export commands, for those who deploy without azd:
# eval "$(infra/scripts/outputs.sh DEPLOYMENT)"
set -eu
HOOK=outputs
scripts=$(dirname "$0")
. "$scripts/common.sh"

[ $# = 1 ] || fail "Give the name of the deployment: infra/scripts/outputs.sh DEPLOYMENT"
require_variables AZURE_SUBSCRIPTION_ID
require_az

# Azure may return the names of outputs in another case than the template has, as in azurE_RESOURCE_GROUP.
names=$(az deployment sub show --subscription "$AZURE_SUBSCRIPTION_ID" --name "$1" \
    --query "keys(properties.outputs)" --output tsv --only-show-errors) || fail "There is no deployment $1."
values=$(az deployment sub show --subscription "$AZURE_SUBSCRIPTION_ID" --name "$1" \
    --query "values(properties.outputs)[].value" --output tsv --only-show-errors) || fail "There is no deployment $1."
printf '%s\n' "$names" | tr '[:lower:]' '[:upper:]' | while read -r name; do
    read -r value <&3 || value=
    printf "export %s='%s'\n" "$name" "$value"
done 3<<VALUES
$values
VALUES
