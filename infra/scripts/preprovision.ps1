# Checks, before anything is deployed, what a deployment cannot repair: the Azure CLI, resource providers, the region, and
# the rights of the person who deploys. Changes nothing.
$Hook = 'preprovision'
. "$PSScriptRoot/common.ps1"

Assert-Choice AUTO_UPGRADE_CHECK_RIGHTS @('true', 'false')
Assert-Choice AUTO_UPGRADE_PRIVATE_NETWORK @('true', 'false')
Assert-Choice AUTO_UPGRADE_ZONE_REDUNDANT @('true', 'false')
Assert-Choice AUTO_UPGRADE_ALERTS_ACT @('true', 'false')
if ($env:AUTO_UPGRADE_SUBSCRIPTION_IDS -and $env:AUTO_UPGRADE_MANAGEMENT_GROUP_IDS) {
    Stop-Hook 'Set AUTO_UPGRADE_SUBSCRIPTION_IDS or AUTO_UPGRADE_MANAGEMENT_GROUP_IDS, not both.'
}

# azd asks for the subscription and the location after this hook, if they are not set
if (-not $env:AZURE_SUBSCRIPTION_ID -or -not $env:AZURE_LOCATION) {
    if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
        Stop-Hook 'The Azure CLI is missing. Install it: https://aka.ms/azure-cli'
    }
    Write-Sentence 'AZURE_SUBSCRIPTION_ID or AZURE_LOCATION is not set yet: providers, region and rights are not checked.'
    exit 0
}
Assert-AzureCli

$script:Problems = 0
function Add-Problem([string] $Sentence) {
    [Console]::Error.WriteLine("${Hook}: $Sentence")
    $script:Problems++
}

function Test-Providers([string] $Subscription, [string[]] $Namespaces) {
    $registered = az provider list --subscription $Subscription --query "[?registrationState == 'Registered'].namespace" `
        --output tsv --only-show-errors
    Assert-Az "Cannot read subscription $Subscription. It needs the role Reader at least."
    foreach ($namespace in $Namespaces) {
        if (@($registered) -notcontains $namespace) {
            Add-Problem "Resource provider $namespace is not registered. Run: az provider register --wait --subscription $Subscription --namespace $namespace"
        }
    }
}

$needed = @('Microsoft.Web', 'Microsoft.Storage', 'Microsoft.EventGrid', 'Microsoft.ManagedIdentity', 'Microsoft.Insights',
    'Microsoft.OperationalInsights', 'Microsoft.AlertsManagement')
if ($env:AUTO_UPGRADE_PRIVATE_NETWORK -eq 'true') { $needed += @('Microsoft.App', 'Microsoft.Network') }
Test-Providers $env:AZURE_SUBSCRIPTION_ID $needed

$managed = Get-Value AUTO_UPGRADE_SUBSCRIPTION_IDS
if (-not $managed -and -not $env:AUTO_UPGRADE_MANAGEMENT_GROUP_IDS) { $managed = $env:AZURE_SUBSCRIPTION_ID }
# before the first deployment there is no output yet that names them
$env:MANAGED_SUBSCRIPTION_IDS = $managed
foreach ($id in Get-Words $managed) { Test-Providers $id @('Microsoft.ContainerService') }
foreach ($id in Get-GateSubscriptions) {
    Test-Providers $id @('Microsoft.EventGrid', 'Microsoft.ResourceNotifications', 'Microsoft.Insights')
}
foreach ($id in Get-Words (Get-ClusterSubscriptions)) { Test-Providers $id @('Microsoft.EventGrid', 'Microsoft.Insights') }

$zoneRedundant = Get-Value AUTO_UPGRADE_ZONE_REDUNDANT false
$regions = az functionapp list-flexconsumption-locations --subscription $env:AZURE_SUBSCRIPTION_ID `
    --zone-redundant $zoneRedundant --query "[].name" --output tsv --only-show-errors
Assert-Az "Cannot list the regions of the Flex Consumption plan in subscription $env:AZURE_SUBSCRIPTION_ID."
if (@($regions) -notcontains $env:AZURE_LOCATION) {
    $plan = 'the Flex Consumption plan'
    if ($zoneRedundant -eq 'true') { $plan = 'the Flex Consumption plan with zone redundancy' }
    Add-Problem "Region $env:AZURE_LOCATION does not have $plan. Choose another: azd env set AZURE_LOCATION REGION"
}

# the query selects the permissions that give the right
function Test-Right([string] $Subscription, [string] $What, [string] $Query) {
    $found = az rest --method get --url "/subscriptions/$Subscription/providers/Microsoft.Authorization/permissions?api-version=2022-04-01" `
        --query "length($Query)" --output tsv --only-show-errors
    Assert-Az "Cannot read your permissions in subscription $Subscription."
    if ("$found" -eq '0') {
        Add-Problem "You need the right to $What in subscription $Subscription. If a custom role gives it to you: azd env set AUTO_UPGRADE_CHECK_RIGHTS false"
    }
}

if ((Get-Value AUTO_UPGRADE_CHECK_RIGHTS true) -eq 'true') {
    Test-Right $env:AZURE_SUBSCRIPTION_ID 'create resources' "value[?contains(actions, '*')]"
    foreach ($id in Get-Words "$env:AZURE_SUBSCRIPTION_ID,$managed") {
        Test-Right $id 'create roles and assign them' "value[?contains(actions, 'Microsoft.Authorization/*') || contains(actions, '*') && !contains(notActions, 'Microsoft.Authorization/*/Write')]"
    }
}

if ($script:Problems -ne 0) { Stop-Hook 'Nothing was deployed. Correct what is listed above, then run the command again.' }
Write-Sentence 'The Azure CLI, resource providers, region and rights are as needed.'
