# Prepares the app registration AUTO_UPGRADE_AUTH_CLIENT_ID, which is in Microsoft Entra ID, and lets the app manage the
# fleets below AUTO_UPGRADE_MANAGEMENT_GROUP_IDS: a template at subscription scope cannot create roles there.
# To run it again: azd hooks run postprovision
$Hook = 'postprovision'
. "$PSScriptRoot/common.ps1"

# Gives the registration the two app roles, and the address to which the page's sign-in returns. What is there is kept.
function Initialize-Registration {
    $registration = $env:AUTO_UPGRADE_AUTH_CLIENT_ID
    $callback = "https://$env:FUNCTION_APP_HOST_NAME/.auth/login/aad/callback"
    $roles = az ad app show --id $registration --query "appRoles[].value" --output tsv --only-show-errors
    $isRead = $LASTEXITCODE -eq 0
    $addresses = az ad app show --id $registration --query "web.redirectUris[]" --output tsv --only-show-errors
    if (-not $isRead -or $LASTEXITCODE -ne 0) {
        Write-Sentence 'The app registration cannot be read. docs/security.md says what it needs.'
        return
    }
    $roles = Get-Words $roles
    if (-not $roles) {
        Write-Sentence 'Adding the app roles FleetAutoUpgrade.Read and FleetAutoUpgrade.Act to the app registration.'
        az ad app update --id $registration --app-roles "@$PSScriptRoot/app-roles.json" --output none
        if ($LASTEXITCODE -ne 0) {
            Write-Sentence 'The app roles were not added. The owner of the app registration can: docs/security.md'
        }
    }
    elseif (($roles -cnotcontains 'FleetAutoUpgrade.Read') -or ($roles -cnotcontains 'FleetAutoUpgrade.Act')) {
        Write-Sentence 'The app registration has other app roles, which stay. Add FleetAutoUpgrade.Read and FleetAutoUpgrade.Act: docs/security.md'
    }
    $addresses = Get-Words $addresses
    if ($addresses -ccontains $callback) { return }
    Write-Sentence "Adding the address to which the page's sign-in returns to the app registration."
    az ad app update --id $registration --enable-id-token-issuance true `
        --web-redirect-uris @addresses $callback --output none
    if ($LASTEXITCODE -ne 0) {
        Write-Sentence 'The address was not added. The owner of the app registration can: docs/security.md'
    }
}

if ($env:AUTO_UPGRADE_AUTH_CLIENT_ID) {
    Assert-Variables @('AZURE_SUBSCRIPTION_ID', 'FUNCTION_APP_HOST_NAME')
    Assert-AzureCli
    Initialize-Registration
}

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
