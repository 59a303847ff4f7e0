# Functions that the hooks share, as in common.sh. PowerShell 7 or Windows PowerShell 5.1, which runs the Azure CLI alone.
# Each hook sets $Hook to its name and includes this file.

# What az writes to standard error is no exception: each call is judged by its exit code.
$ErrorActionPreference = 'Continue'

function Write-Sentence([string] $Sentence) {
    Write-Host "${Hook}: $Sentence"
}

# Ends the hook with a sentence; azd stops then.
function Stop-Hook([string] $Sentence) {
    [Console]::Error.WriteLine("${Hook}: $Sentence")
    exit 1
}

# Ends the hook with a sentence if the last call of az failed.
function Assert-Az([string] $Sentence) {
    if ($LASTEXITCODE -ne 0) { Stop-Hook $Sentence }
}

# Returns the parts of a list, each once. Commas, blanks and ends of lines separate them.
function Get-Words([object] $Text) {
    return @(("$Text" -split '[\s,]+') | Where-Object { $_ } | Select-Object -Unique)
}

# Returns the value of the environment variable with this name; the default if it is empty or not set.
function Get-Value([string] $Name, [string] $Default = '') {
    $value = [Environment]::GetEnvironmentVariable($Name)
    if ($value) { return $value }
    return $Default
}

# Ends the hook unless every variable has a value.
function Assert-Variables([string[]] $Names) {
    $missing = @($Names | Where-Object { -not (Get-Value $_) })
    if ($missing) { Stop-Hook "Not set: $missing. Run azd provision first, then: azd hooks run $Hook" }
}

# Ends the hook unless the variable is empty or one of the values.
function Assert-Choice([string] $Name, [string[]] $Choices) {
    $value = Get-Value $Name
    if ($value -and ($Choices -cnotcontains $value)) { Stop-Hook "$Name is $value. It must be one of: $Choices" }
}

# Ends the hook unless the Azure CLI is present and can see the subscription.
function Assert-AzureCli {
    if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
        Stop-Hook "The Azure CLI is missing. Install it: https://aka.ms/azure-cli. Then: azd hooks run $Hook"
    }
    az account show --subscription $env:AZURE_SUBSCRIPTION_ID --output none --only-show-errors 2>$null
    Assert-Az "The Azure CLI is not signed in, or cannot see subscription $env:AZURE_SUBSCRIPTION_ID. Run: az login"
}

# Returns the subscriptions with fleets whose gates send events.
function Get-GateSubscriptions {
    $chosen = Get-Value AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS (Get-Value MANAGED_SUBSCRIPTION_IDS)
    if ($chosen -eq 'none') { return @() }
    return Get-Words $chosen
}

# Returns the subscriptions of the clusters whose events the app receives.
function Get-ClusterSubscriptions {
    foreach ($id in Get-Words (Get-Value AUTO_UPGRADE_CLUSTER_IDS)) {
        if ($id -notmatch '^/subscriptions/[^/]+/resourceGroups/') {
            Stop-Hook "AUTO_UPGRADE_CLUSTER_IDS: $id is not the resource id of an AKS cluster."
        }
        $id.Split('/')[2]
    }
}

# Returns the subscriptions that can have system topics for this app.
function Get-TopicSubscriptions {
    return Get-Words (@(Get-ClusterSubscriptions) + @(Get-GateSubscriptions))
}
