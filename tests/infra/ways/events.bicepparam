// What the hook postdeploy deploys at first, with every choice at its default: gate events of the app's own subscription.
using '../../../infra/event-subscriptions.bicep'

param installation = 'abcdefghijklm'
param resourceGroupName = 'rg-prod'
param location = 'westeurope'
param environmentName = 'prod'
param functionAppName = 'func-abcdefghijklm'
param functionAppHostName = 'func-abcdefghijklm.azurewebsites.net'
param workspaceId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-prod/providers/Microsoft.OperationalInsights/workspaces/log-abcdefghijklm'
param topicName = 'evgt-abcdefghijklm'
param storageAccountName = 'stabcdefghijklm'
param deadLetterContainer = 'deadletters'
param gateSubscriptionIds = [
  '00000000-0000-0000-0000-000000000000'
]
