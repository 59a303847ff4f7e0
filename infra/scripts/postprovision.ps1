# Lets the app manage the fleets below management groups: a template at subscription scope cannot create roles there.
# Does nothing without AUTO_UPGRADE_MANAGEMENT_GROUP_IDS. To run it again: azd hooks run postprovision
$Hook = 'postprovision'
. "$PSScriptRoot/common.ps1"

if (-not $env:MANAGED_MANAGEMENT_GROUP_IDS) {
    Write-Sentence 'No management groups: nothing to do.'
    exit 0
}
Assert-Variables @('AZURE_SUBSCRIPTION_ID', 'AZURE_LOCATION', 'INSTALLATION', 'APP_PRINCIPAL_ID',
    'ALERT_PRINCIPAL_ID')
Assert-Choice AUTO_UPGRADE_BROAD_FLEET_ACTIONS @('true', 'false')
Assert-AzureCli

Write-Sentence 'In each management group you need Microsoft.Resources/deployments/* and the right to create roles and assign them: Owner, or Contributor with User Access Administrator.'
foreach ($id in Get-Words $env:MANAGED_MANAGEMENT_GROUP_IDS) {
    Write-Sentence "Creating the roles of the app in management group $id."
    az deployment mg create `
        --management-group-id $id `
        --name "fleet-auto-upgrade-$env:INSTALLATION" `
        --location $env:AZURE_LOCATION `
        --template-file "$PSScriptRoot/../management-groups.bicep" `
        --parameters `
        "installation=$env:INSTALLATION" `
        "appPrincipalId=$env:APP_PRINCIPAL_ID" `
        "alertPrincipalId=$env:ALERT_PRINCIPAL_ID" `
        "broadFleetActions=$(Get-Value AUTO_UPGRADE_BROAD_FLEET_ACTIONS false)" `
        "profilesWrite=$(Get-Value AUTO_UPGRADE_PROFILES_WRITE false)" `
        --output none
    Assert-Az "The roles in management group $id were not created. Without them the app reads no fleet below it. Then: azd hooks run postprovision"
}
