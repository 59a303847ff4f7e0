// Clusters and gates in other subscriptions, some of which have their one system topic already; alerts call the app.
using '../../../infra/event-subscriptions.bicep'

param installation = 'abcdefghijklm'
param resourceGroupName = 'rg-prod'
param location = 'westeurope'
param environmentName = 'prod'
param tags = {
  costCenter: '4711'
}
param functionAppName = 'func-abcdefghijklm'
param functionAppHostName = 'func-abcdefghijklm.azurewebsites.net'
param workspaceId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-prod/providers/Microsoft.OperationalInsights/workspaces/log-abcdefghijklm'
param topicName = 'evgt-abcdefghijklm'
param storageAccountName = 'stabcdefghijklm'
param deadLetterContainer = 'deadletters'
param clusterIds = [
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/clusters/providers/Microsoft.ContainerService/managedClusters/west'
  '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/clusters/providers/Microsoft.ContainerService/managedClusters/east'
]
param gateSubscriptionIds = [
  '00000000-0000-0000-0000-000000000000'
  '11111111-1111-1111-1111-111111111111'
  '22222222-2222-2222-2222-222222222222'
]
param existingSystemTopics = [
  {
    id: '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/east-events'
    source: '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/Clusters/providers/Microsoft.ContainerService/managedClusters/East'
    topicType: 'microsoft.containerservice.managedclusters'
    identityType: 'SystemAssigned'
    principalId: '88888888-8888-8888-8888-888888888888'
  }
  {
    id: '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/events/providers/Microsoft.EventGrid/systemTopics/gates'
    source: '/subscriptions/22222222-2222-2222-2222-222222222222'
    topicType: 'Microsoft.ResourceNotifications.AKSResources'
  }
]
param alertsAct = true
param detectionAnswered = true
param actionGroupIds = [
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-prod/providers/Microsoft.Insights/actionGroups/ag-abcdefghijklm'
]
param runbookUrl = 'https://example.com/runbook'
