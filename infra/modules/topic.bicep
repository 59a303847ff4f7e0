metadata description = 'The Event Grid topic of the app. It accepts no keys; the identity of the app alone may publish to it.'

import { tagMap } from '../types/app.bicep'

@description('Name of the topic.')
@minLength(3)
@maxLength(50)
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags tagMap

@description('Object id of the identity of the app.')
param appPrincipalId string

@description('Whether events are published through a private endpoint only.')
param isPrivate bool

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

// EventGrid Data Sender
var senderRole = 'd5a91429-5739-47e2-a06b-3470a27159e7'

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    inputSchema: 'EventGridSchema'
    disableLocalAuth: true
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }
}

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, appPrincipalId, senderRole)
  scope: topic
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', senderRole)
  }
}

// dead-lettered and dropped events are among the metrics: the alert rule events-dead-lettered reads them
#disable-next-line use-recent-api-versions
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'fleet-auto-upgrade'
  scope: topic
  properties: {
    workspaceId: workspaceId
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the topic.')
output id string = topic.id

@description('Name of the topic.')
output name string = topic.name

@description('URL that events are published to.')
output endpoint string = topic.properties.endpoint

@description('Object id of the identity by which the topic writes dead letters.')
output principalId string = topic.identity.principalId
